import { durationInWords } from './duration.ts';
import { errorDefinitions, type ErrorCode } from './errors/index.ts';
import { factWords, type FactWords } from './fact-words.ts';
import { outboxLabels, type OutboxLabelCode } from './outbox-labels.ts';
import { reasonWords, type ReasonCode } from './reasons.ts';
import { serviceSentences, type ServiceSentenceCode } from './service-sentences.ts';
import { concernSentence, isSigningConcern } from './verification-concerns.ts';
import { verificationMessages, type VerificationMessageCode } from './verification-messages.ts';

/** Languages the product speaks; Vietnamese first. */
export type Language = 'vi' | 'en';

/** Facts beside a code: short strings, numbers and booleans, never secrets. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A sentence as it travels and is stored: its code, the Vietnamese words it had when it was made, its facts. */
export interface Said {
  readonly code: string;
  readonly message: string;
  readonly detail?: Facts | undefined;
}

type TableCode = ErrorCode | OutboxLabelCode | ServiceSentenceCode | VerificationMessageCode;

const table: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  ...errorDefinitions,
  ...outboxLabels,
  ...serviceSentences,
  ...verificationMessages,
} satisfies Record<TableCode, { readonly vi: string; readonly en: string }>;

/** Facts that may be codes with words of their own; what others hold (a name, a path) is never taken for one. */
const worded: ReadonlySet<string> = new Set([
  'advice',
  'basis',
  'colour',
  'level',
  'reason',
  'state',
  'verdict',
  'what',
]);

/** The sentence of a code, with `{name}` filled from its facts, coded ones in words; a fact that is missing is `?`. */
export function sentenceFor(code: TableCode, detail: Facts = {}, language: Language = 'vi'): string {
  return fill(code, table[code]?.[language] ?? code, detail, language);
}

/**
 * What was said, in a language. The Vietnamese is what was made and kept; other languages are made from code and facts, and
 * where those do not suffice (kept by an older version, said by a newer one) the Vietnamese stands.
 */
export function sentenceOf({ code, message, detail = {} }: Said, language: Language): string {
  if (language === 'vi') return message;
  if (isSigningConcern(code)) return concernSentence(code, String(detail['pages'] ?? ''), language);
  const template = Object.hasOwn(table, code) ? table[code]?.[language] : undefined;
  if (template === undefined) return message;
  const known = [...template.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => isKnown(detail[name]));
  return known ? fill(code, template, detail, language) : message;
}

const isKnown = (fact: Facts[string]): boolean => fact !== undefined && fact !== null;

function fill(code: string, template: string, detail: Facts, language: Language): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const fact = detail[name] ?? '?';
    return worded.has(name) && typeof fact === 'string' ? factInWords(code, fact, language) : String(fact);
  });
}

/** A fact is a clause: the sentence around it ends it. */
function factInWords(code: string, fact: string, language: Language): string {
  const ofCode = Object.hasOwn(factWords, code) ? (factWords as FactWords)[code] : undefined;
  const own = ofCode && Object.hasOwn(ofCode, fact) ? ofCode[fact] : undefined;
  return (own?.[language] ?? reasonsInWords(fact, language)).replace(/\.$/, '');
}

/** What stands between two reasons in one fact. */
export const betweenReasons = '; ';

/** The words for coded reasons in a language; what is none stays as it is. */
export function reasonsInWords(text: string, language: Language): string {
  return text
    .split(betweenReasons)
    .map((part) => reasonInWords(part, language))
    .join(betweenReasons);
}

function reasonInWords(part: string, language: Language): string {
  const [, code = '', , value = ''] = /^([a-z]+\.[a-z-]+)(=(.*))?$/s.exec(part) ?? [];
  if (isSigningConcern(code)) return concernSentence(code, value, language).replace(/\.$/, '');
  if (Object.hasOwn(verificationMessages, code))
    return verificationMessages[code as VerificationMessageCode][language].replace(/\.$/, '');
  if (!isReason(code)) return part;
  return reasonWords[code][language]
    .replace('{value}', () => value)
    .replace('{duration}', () => durationInWords(value, language));
}

/** Whether a text is a code of a reason. */
export function isReason(text: string): text is ReasonCode {
  return Object.hasOwn(reasonWords, text);
}
