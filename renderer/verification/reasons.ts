import type { Say } from '../i18n/use-said.ts';
import type { FileReport } from '../../core/contract/verification.ts';

/** The sentences that explain a verdict, in the window's language: where one signature spoils it, only those of the signatures that do. */
export function reasonsOf({ verdict, messages, signatures }: FileReport, say: Say): string[] {
  const speaking =
    verdict === 'valid' ? signatures : signatures.filter(({ indication }) => indication !== 'TOTAL_PASSED');
  const found = [...messages, ...speaking.flatMap((signature) => signature.messages)];
  return [...new Set(found.map(({ code, text }) => say({ code, message: text })))];
}
