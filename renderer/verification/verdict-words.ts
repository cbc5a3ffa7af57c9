import type {
  ClerkAdvice,
  FileReport,
  FileVerdict,
  Indication,
  SignaturePurpose,
  SignatureReport,
} from '../../core/contract/verification.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import type { Tone } from '../ui/tone.ts';

/** Verdict over a file in the clerk's words (domain/vietnam.md §3.4). */
const verdictWords: Record<FileVerdict, readonly [Tone, MessageKey]> = {
  valid: ['ok', 'verdict.valid'],
  indeterminate: ['warn', 'verdict.indeterminate'],
  invalid: ['bad', 'verdict.invalid'],
  unsigned: ['idle', 'verdict.unsigned'],
  unreadable: ['bad', 'verdict.unreadable'],
};

/** The same, with the word for a file whose revocation state could not be told yet. */
export function verdictWordsOf({
  verdict,
  advice,
}: Pick<FileReport, 'verdict' | 'advice'>): readonly [Tone, MessageKey] {
  return verdict === 'indeterminate' && advice === 'provisional'
    ? ['warn', 'verdict.unchecked']
    : verdictWords[verdict];
}

/** The same for one signature. */
const indicationWords: Record<Indication, readonly [Tone, MessageKey]> = {
  TOTAL_PASSED: ['ok', 'verdict.valid'],
  INDETERMINATE: ['warn', 'verdict.indeterminate'],
  TOTAL_FAILED: ['bad', 'verdict.invalid'],
};

export function indicationWordsOf({
  indication,
  subIndication,
}: SignatureReport): readonly [Tone, MessageKey] {
  return subIndication === 'TRY_LATER' ? ['warn', 'verdict.unchecked'] : indicationWords[indication];
}

/** What the clerk may do, the last column of domain/vietnam.md §3.4. */
export const adviceWords: Record<ClerkAdvice, MessageKey> = {
  register: 'advice.register',
  provisional: 'advice.provisional',
  decide: 'advice.decide',
  ask: 'advice.ask',
  return: 'advice.return',
  'as-paper': 'advice.as-paper',
};

export const purposeWords: Record<SignaturePurpose, MessageKey> = {
  agency: 'purpose.agency',
  person: 'purpose.person',
  timestamp: 'purpose.timestamp',
  unknown: 'purpose.unknown',
};
