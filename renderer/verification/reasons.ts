import type { FileReport } from '../../core/contract/verification.ts';

/** The sentences that explain a verdict: where one signature spoils it, only those of the signatures that do. */
export function reasonsOf({ verdict, messages, signatures }: FileReport): string[] {
  const speaking =
    verdict === 'valid' ? signatures : signatures.filter(({ indication }) => indication !== 'TOTAL_PASSED');
  return [
    ...new Set([...messages, ...speaking.flatMap((signature) => signature.messages)].map(({ text }) => text)),
  ];
}
