import type { FileReport } from '../../contract/verification.ts';
import { AnThuError } from '../../shared/errors.ts';
import { reason } from '../../shared/reasons.ts';
import type { RaisedFile } from '../../signing/extended-pdf.ts';
import { type PadesLevel, reaches } from '../../signing/levels.ts';
import { holds, selfCheckFailed } from '../../verification/report-words.ts';
import type { EngineContext } from '../context.ts';
import { trustPaths } from './trust-paths.ts';

/** A TSA slower than this is away. */
export const TSA_DEADLINE_MS = 30_000;

/** The level that sealed documents are to have; without a time-stamping authority that is B-B. */
export function wantedLevel(context: EngineContext): PadesLevel {
  const { level, tsaUrl } = context.settings().signing;
  return tsaUrl === null ? 'B-B' : level;
}

/** A scratch file that holds the document at a higher level, judged by our own verifier. */
export interface RaisedCopy {
  readonly file: RaisedFile;
  readonly report: FileReport;
  readonly level: PadesLevel;
}

/** The level of the agency's signature in a judged file. */
export function sealLevel(report: FileReport): PadesLevel {
  const level = report.signatures.findLast(({ kind }) => kind === 'signature')?.level ?? 'none';
  return level === 'none' ? 'B-B' : level;
}

/**
 * Raises a signed file towards a level into a scratch file: nothing of the input changes, which the worker proves byte by
 * byte. `unchanged` when no service gave anything, with the reason; `throws` what the worker and the verifier say.
 */
export async function raiseCopy(
  context: EngineContext,
  from: { readonly inputPath: string; readonly sha256: string; readonly outputPath: string },
  level: Exclude<PadesLevel, 'B-B'>,
): Promise<RaisedCopy | { readonly unchanged: RaisedFile }> {
  const { tsaUrl } = context.settings().signing;
  const file = await context.worker.extend({
    inputPath: from.inputPath,
    outputPath: from.outputPath,
    level,
    tsa: tsaUrl === null ? null : { url: tsaUrl, deadlineMs: TSA_DEADLINE_MS },
    trust: trustPaths(context),
  });
  // Without an error it was asked only where the level ends with a timestamp.
  if (file.timestampError || (tsaUrl !== null && level !== 'B-LT'))
    context.tsaPatience.learn(file.timestampError);
  if (file.sha256 === file.inputSha256) return { unchanged: file };
  if (file.prefixSha256 !== from.sha256)
    throw new AnThuError('archive.update-check-failed', { reason: reason('file.not-extending') });
  // In the background, and services answer: the revocation state is asked for too.
  const report = await context.worker.verify(from.outputPath, trustPaths(context), context.clock.now(), {
    revocation: 'ask',
  });
  const last = report.signatures.at(-1);
  const sound = report.signatures.every(
    ({ integrity, later }) => integrity === true && later !== 'forbidden',
  );
  if (!holds(report) || !sound || last?.coverage === 'partial' || report.sha256 !== file.sha256) {
    throw selfCheckFailed(report, 'update');
  }
  return { file, report, level: sealLevel(report) };
}

/** Whether raising from one level to another asks the time-stamping authority. */
export function needsTimestamp(level: PadesLevel, wanted: PadesLevel): boolean {
  return !reaches(level, 'B-T') || wanted === 'B-LTA';
}
