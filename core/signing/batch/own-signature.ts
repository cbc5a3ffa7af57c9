import type { FileReport } from '../../contract/verification.ts';
import { selfCheckFailed } from '../../verification/report-words.ts';

/**
 * Asserts that a file just signed passes our own verifier: its last signature and what may stand behind it to raise
 * its level. Without anchors the chain is left open. Throws `archive.self-check-failed`.
 */
export function assertOwnSignature(report: FileReport): void {
  const { signatures } = report;
  const last = signatures.at(-1);
  const own = signatures.findLast(({ kind }) => kind === 'signature');
  const sound = [own, last].every(
    (signature) =>
      signature?.integrity === true &&
      (signature.coverage === 'whole-file' || signature.later === 'permitted'),
  );
  if (!sound) throw selfCheckFailed(report);
}
