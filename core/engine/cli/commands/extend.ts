import { basename, join, resolve } from 'node:path';
import { type ErrorCode, errorDefinitions, type ErrorValue } from '../../../contract/errors/index.ts';
import type { FileReport } from '../../../contract/verification.ts';
import { asAnThuError, toErrorValue } from '../../../shared/errors.ts';
import { extendPdf, type ExtendPdfOptions } from '../../../signing/extend-pdf.ts';
import type { PadesLevel } from '../../../signing/levels.ts';
import { hashFile } from '../../../shared/durable-fs.ts';
import { selfCheckFailed } from '../../../verification/report-words.ts';
import { verifyPdf } from '../../../verification/verify-pdf.ts';
import { refuseInsideData } from '../../services/apart-from-data.ts';
import { type CommandArguments, flag, parseCommand, text, usage } from '../arguments.ts';
import { levelOf, levelOptions, loadServices, passwordOf, pendingWarnings } from '../level-options.ts';
import { isOutputFolder } from '../output-folder.ts';
import { note, printLine, type Outcome } from '../output.ts';

export const extendOptions = {
  out: { type: 'string' },
  level: { type: 'string' },
  force: { type: 'boolean' },
  ...levelOptions,
} as const;

type ExtendedLevel = ExtendPdfOptions['level'];

/** One entry of `files`: the shape of `sign`'s (design/cli.md, "sign, extend"). */
interface FileEntry {
  readonly input: string;
  readonly inputSha256: string | null;
  readonly output: string | null;
  readonly sha256: string | null;
  readonly ok: boolean;
  readonly requestedLevel: ExtendedLevel;
  readonly level: PadesLevel | 'none';
  readonly pending: readonly string[];
  readonly field: null;
  readonly bytes: number;
  readonly pages: number;
  readonly ms: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly error?: ErrorValue & { readonly code: ErrorCode };
}

/** `an-thu extend FILE…` (design/cli.md): raises signed files to a level, or renews their last timestamp. */
export async function extendCommand(argv: readonly string[]): Promise<Outcome> {
  const started = performance.now();
  const args = parseCommand(argv, extendOptions);
  if (args.positionals.length === 0) throw usage('cần ít nhất một tệp');
  const out = text(args, 'out');
  if (out === undefined) throw usage('thiếu --out');
  const level = extendedLevel(args);
  await refuseInsideData(args.dataDir, out);
  const toFolder = await isOutputFolder(out);
  if (!toFolder && args.positionals.length > 1) throw usage('nhiều tệp thì --out phải là thư mục');
  const { anchors, extraCertificates, services } = await loadServices(args);
  const password = passwordOf(args);
  const common = {
    ...services,
    level,
    password,
    existing: flag(args, 'force') ? ('replace' as const) : ('refuse' as const),
    verify: async (path: string): Promise<void> =>
      assertIntact(
        await verifyPdf(path, {
          anchors,
          tsaAnchors: anchors,
          extraCertificates,
          now: new Date(),
          ...(password !== undefined && { password }),
        }),
      ),
  };
  const files: FileEntry[] = [];
  for (const input of args.positionals) {
    const outputPath = resolve(toFolder ? join(out, basename(input)) : out);
    const entry = await extendOne(input, { ...common, inputPath: resolve(input), outputPath });
    files.push(entry);
    if (args.mode === 'json-lines') printLine({ event: 'file', done: files.length, ...entry });
    else if (entry.error) note(`${input}: ${entry.error.message} [${entry.error.code}]`);
  }
  return {
    json: { files, ms: Math.round(performance.now() - started) },
    text: files.map(describe),
    status: statusOf(files),
    lines: 'told',
  };
}

function extendedLevel(args: CommandArguments): ExtendedLevel {
  const level = levelOf(args);
  if (level === 'B-B') throw usage('--level phải là B-T, B-LT hoặc B-LTA');
  if (level !== 'B-LT' && text(args, 'tsa') === undefined) throw usage(`mức ${level} cần --tsa URL`);
  return level;
}

/** What was signed must be intact and must stay so under what was added. */
function assertIntact(report: FileReport): void {
  const broken = report.signatures.some(
    ({ integrity, coverage, later }) =>
      integrity !== true || (coverage !== 'whole-file' && later !== 'permitted'),
  );
  if (broken || report.signatures.length === 0) throw selfCheckFailed(report, 'update');
}

async function extendOne(input: string, options: ExtendPdfOptions): Promise<FileEntry> {
  const started = performance.now();
  const { level: requestedLevel, inputPath } = options;
  const ms = (): number => Math.round(performance.now() - started);
  try {
    const extended = await extendPdf(options);
    const { inputSha256, outputPath, sha256, level, pending, bytes, pages } = extended;
    const warnings = pendingWarnings(extended);
    return { input, inputSha256, output: outputPath, sha256, ok: true, requestedLevel, level, pending, field: null, bytes, pages, ms: ms(), warnings }; // prettier-ignore
  } catch (thrown) {
    const error = asAnThuError(thrown);
    const inputSha256 = await hashFile(inputPath).then(
      ({ sha256 }) => sha256,
      () => null,
    );
    return {
      input,
      inputSha256,
      output: null,
      sha256: null,
      ok: false,
      requestedLevel,
      level: 'none',
      pending: [],
      field: null,
      bytes: 0,
      pages: 0,
      ms: ms(),
      warnings: [],
      error: { ...toErrorValue(error), code: error.code },
    };
  }
}

function statusOf(files: readonly FileEntry[]): number {
  const failed = files.filter(({ ok }) => !ok);
  const statuses = new Set(failed.map(({ error }) => (error ? errorDefinitions[error.code].exit : 1)));
  const [first] = statuses;
  if (failed.length === files.length) return first !== undefined && statuses.size === 1 ? first : 1;
  return failed.length > 0 || files.some(({ pending }) => pending.length > 0) ? 1 : 0;
}

function describe({ ok, input, output, level }: FileEntry): string {
  return ok ? `${input} → ${output ?? ''} (${level})` : `${input}: không nâng mức được`;
}
