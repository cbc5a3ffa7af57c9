import { basename, dirname, join, resolve } from 'node:path';
import type { Warning } from '../../contract/common.ts';
import { type ErrorCode, errorDefinitions, type ErrorValue } from '../../contract/errors/index.ts';
import type { FileReport } from '../../contract/verification.ts';
import type { ByteSource } from '../../pdf/byte-source.ts';
import type { DigestAlgorithm, SigningKey } from '../../ports/signing-key.ts';
import { systemClock, vietnamIso } from '../../shared/clock.ts';
import { AnThuError, toErrorValue } from '../../shared/errors.ts';
import { findFinishedOutput } from '../../signing/batch/finished-output.ts';
import type { CrewSetup } from '../../signing/batch/crew-messages.ts';
import { assertOwnSignature } from '../../signing/batch/own-signature.ts';
import { type BatchResult, signBatch } from '../../signing/batch/sign-batch.ts';
import type { SigningCrew } from '../../signing/batch/signing-crew.ts';
import type { ConcernPolicy } from '../../signing/concerns.ts';
import type { VerifyPart } from '../../signing/finished-part.ts';
import { reaches, type LevelServices, type PadesLevel, type PendingPart } from '../../signing/levels.ts';
import { ClockCheck } from '../../signing/clock-check.ts';
import { RevocationCheck } from '../../signing/revocation-check.ts';
import { assertRightOwner } from '../../signing/choice/right-owner.ts';
import { assertMaySign } from '../../signing/signer-certificate.ts';
import { removeDeadParts } from '../../signing/part-name.ts';
import { signPdf, type SignPdfOptions } from '../../signing/sign-pdf.ts';
import { hashFile } from '../../shared/durable-fs.ts';
import { verifyPdf } from '../../verification/verify-pdf.ts';
import { type CommandArguments, flag, text, usage } from './arguments.ts';
import { levelOf, loadServices, passwordOf, pendingWarnings } from './level-options.ts';
import { CREW_FROM } from './long-work.ts';
import { LookPlacer, lookOf, purposeOf } from './looks.ts';
import { note, printLine, type Outcome } from './output.ts';
import { softTokenWarnings } from './tokens.ts';

/** Drawing and placing a look takes pages as pictures; fewer of them at once. */
const PARALLEL_WITH_LOOK = 2;

/** One entry of `files` (design/cli.md, "sign"). */
interface FileEntry {
  readonly input: string;
  readonly inputSha256: string | null;
  readonly output: string | null;
  readonly sha256: string | null;
  readonly ok: boolean;
  readonly requestedLevel: PadesLevel;
  readonly level: PadesLevel | 'none';
  readonly pending: readonly string[];
  readonly field: string | null;
  readonly bytes: number;
  readonly pages: number;
  readonly ms: number;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** `resumed`: an earlier run had finished it; `not-tried`: the token was not asked for it. */
  readonly state: 'signed' | 'resumed' | 'failed' | 'not-tried';
  readonly error?: ErrorValue & { readonly code: ErrorCode };
}

/** What an entry says of a finished file. */
type FinishedFile = Pick<
  FileEntry,
  'inputSha256' | 'output' | 'sha256' | 'level' | 'pending' | 'field' | 'bytes' | 'pages' | 'warnings'
>;

export interface SignFilesOptions {
  readonly args: CommandArguments;
  readonly common: CommonOptions;
  /** Being unlocked; the first files are prepared meanwhile. */
  readonly key: Promise<SigningKey>;
  readonly signal: AbortSignal;
  readonly toFolder: boolean;
}

interface PlannedFile {
  readonly input: string;
  readonly inputPath: string;
  readonly outputPath: string;
  /** Another file of the batch gets this name already. */
  readonly taken: boolean;
}

/**
 * Signs the files of one command as one batch under one login. With `--json-lines` each file is told as it finishes.
 * Throws what kept the key from being unlocked.
 */
export async function signFiles({ args, common, key, signal, toFolder }: SignFilesOptions): Promise<Outcome> {
  const started = performance.now();
  const { anchors, extraCertificates, services } = await loadServices(args);
  const { password } = common;
  const opened = password === undefined ? {} : { password };
  const verify = (path: string, readBack?: ByteSource): Promise<FileReport> =>
    verifyPdf(
      path,
      { anchors, tsaAnchors: anchors, extraCertificates, now: new Date(), ...opened },
      readBack,
    );
  const verifyOwn: VerifyPart = async (path, readBack) => {
    const report = await verify(path, readBack);
    assertOwnSignature(report);
    return report;
  };
  const purpose = purposeOf(args);
  const notOfficial = softTokenWarnings(text(args, 'key') ?? '');
  const concerns: ConcernPolicy = flag(args, 'refuse-risks') ? 'risks-refused' : 'told';
  const placer = new LookPlacer();
  const clockCheck = new ClockCheck(systemClock);
  const revocationCheck = new RevocationCheck(systemClock);
  const crew =
    common.level === 'B-B' && args.positionals.length >= CREW_FROM
      ? await startCrew({ anchors, tsaAnchors: anchors, extraCertificates, ...opened })
      : undefined;
  const entries: FileEntry[] = [];
  const files = planFiles(args.positionals, text(args, 'out') ?? '', toFolder);
  // What interrupted runs left beside the outputs; nobody waits for it.
  const swept = removeDeadParts(dirname(files[0]?.outputPath ?? ''));
  let unlocking: 'under way' | 'failed' = 'under way';
  key.catch(() => (unlocking = 'failed'));
  try {
    const report = await signBatch<PlannedFile, FinishedFile>({
      files,
      key,
      signal,
      ...(crew && { parallel: crew.parallel }),
      ...(common.appearance?.kind !== 'none' && { parallel: PARALLEL_WITH_LOOK }),
      ...(flag(args, 'resume') && {
        findFinished: (file) => findFinished(file, { common, key, verify, services }),
      }),
      signOne: async ({ inputPath, outputPath, taken }, gated) => {
        if (taken) throw new AnThuError('general.output-exists', { path: outputPath });
        const untold: Warning[] = [];
        const checked = gated.then(async (unlocked) => {
          assertMaySign(unlocked.certificate, new Date(common.signingTime));
          if (purpose) assertRightOwner(unlocked.certificate, purpose);
          const ownTime = text(args, 'time') === undefined && common.level !== 'B-B';
          const [revocation] = await Promise.all([
            // At B-B this command asks nobody for anything; from B-LT on the state is asked for to be embedded.
            common.level === 'B-T' &&
              revocationCheck.assertNotRevoked(unlocked.certificate, unlocked.chain, async () => [
                ...extraCertificates,
                ...anchors.map(({ certificate }) => certificate),
              ]),
            clockCheck.assertFits(ownTime ? (services.tsa?.url ?? null) : null),
          ]);
          if (revocation) untold.push(revocation);
          return unlocked;
        });
        checked.catch(() => undefined); // signPdf waits for it, unless the file fails before
        const options = { ...common, ...services, inputPath, outputPath, key: checked };
        const placed = await placer.place(options, text(args, 'signer-name'));
        const { appearance } = placed;
        const signed = crew
          ? await crew.sign({ ...common, inputPath, outputPath, appearance, concerns }, checked)
          : await signPdf({ ...options, appearance, concerns, verify: verifyOwn });
        const warnings = [
          ...notOfficial,
          ...placed.warnings,
          ...signed.warnings,
          ...untold,
          ...pendingWarnings(signed),
        ];
        return { ...signed, output: signed.outputPath, field: signed.fieldName, warnings };
      },
      onProgress: ({ done, total, result }) => {
        const entry = entryOf(result, common.level);
        entries[result.index] = entry;
        if (unlocking === 'failed') return;
        if (args.mode === 'json-lines') printLine({ event: 'file', done, total, ...entry });
        else if (entry.error) note(`${entry.input}: ${entry.error.message} [${entry.error.code}]`);
        else if (args.mode === 'text' && total > 1) note(`${done}/${total} ${entry.input}`);
      },
    });
    await key;
    const ms = Math.round(performance.now() - started);
    const entered = await Promise.all(entries.map(withInputHash));
    if (args.mode === 'json-lines') printLine({ event: 'summary', ...countStates(entered), ms, ...(report.stopped && { stopped: toErrorValue(report.stopped) }) }); // prettier-ignore
    return {
      json: { files: entered, ms },
      text: entered.map(describe),
      status: statusOf(entered),
      lines: 'told',
    };
  } finally {
    placer.close();
    await swept;
    await crew?.close();
  }
}

/** Loaded for batches only. */
async function startCrew(setup: CrewSetup): Promise<SigningCrew> {
  const { SigningCrew } = await import('../../signing/batch/signing-crew.ts');
  return new SigningCrew(setup);
}

/** Where each output goes. Two inputs of one name must not end in one file. */
function planFiles(inputs: readonly string[], out: string, toFolder: boolean): PlannedFile[] {
  const taken = new Set<string>();
  return inputs.map((input) => {
    const outputPath = resolve(toFolder ? join(out, basename(input)) : out);
    const name = process.platform === 'linux' ? outputPath : outputPath.normalize('NFC').toLowerCase();
    const planned = { input, inputPath: resolve(input), outputPath, taken: taken.has(name) };
    taken.add(name);
    return planned;
  });
}

interface FinishedChecks {
  readonly common: CommonOptions;
  readonly key: Promise<SigningKey>;
  readonly verify: (path: string) => Promise<FileReport>;
  readonly services: LevelServices;
}

async function findFinished(
  { inputPath, outputPath, taken }: PlannedFile,
  { common, key, verify, services }: FinishedChecks,
): Promise<FinishedFile | undefined> {
  if (taken) return undefined;
  const { certificate } = await key;
  try {
    const found = await findFinishedOutput({
      inputPath,
      outputPath,
      certificate,
      verify,
      password: common.password,
    });
    if (!found) return undefined;
    const { signature, inputSha256, sha256, bytes, pages } = found;
    const level = signature.level === 'none' ? 'B-B' : signature.level;
    const pending = missingParts(common.level, level);
    if (pending.length > 0 && common.level !== 'B-B') {
      const { raiseFinished } = await import('./raise-finished.ts');
      const raised = await raiseFinished(
        { outputPath, sha256, bytes, level, pending },
        {
          ...services,
          level: common.level,
          password: common.password,
          verify: async (path) => assertOwnSignature(await verify(path)),
        },
      );
      const warnings = pendingWarnings(raised);
      return { inputSha256, sha256: raised.sha256, bytes: raised.bytes, pages, output: outputPath, level: raised.level, pending: raised.pending, field: signature.field, warnings }; // prettier-ignore
    }
    return { inputSha256, sha256, bytes, pages, output: outputPath, level, pending, field: signature.field, warnings: [] }; // prettier-ignore
  } catch (thrown) {
    const replace = thrown instanceof AnThuError && thrown.code === 'general.output-exists';
    if (replace && common.existing === 'replace') return undefined;
    throw thrown;
  }
}

/** What a file of this level lacks of the level that is asked for now. */
function missingParts(requested: PadesLevel, level: PadesLevel): PendingPart[] {
  if (reaches(level, requested)) return [];
  const timestamp: PendingPart[] = level === 'B-B' || requested === 'B-LTA' ? ['timestamp'] : [];
  const lacksEvidence = reaches(requested, 'B-LT') && !reaches(level, 'B-LT');
  return lacksEvidence ? [...timestamp, 'revocation'] : timestamp;
}

export type CommonOptions = Omit<SignPdfOptions, 'inputPath' | 'outputPath' | 'key' | 'verify'>;

/** What the options say of every signature of the command. Throws `general.usage`. */
export function signatureOptions(args: CommandArguments, time?: Date): CommonOptions {
  const level = levelOf(args);
  const digestAlgorithm = digestOf(args);
  const scheme = text(args, 'scheme');
  if (scheme !== 'auto' && scheme !== 'rsa-pkcs1' && scheme !== 'rsa-pss' && scheme !== 'ecdsa') {
    throw usage('--scheme phải là auto, rsa-pkcs1, rsa-pss hoặc ecdsa');
  }
  purposeOf(args); // refused before anything is sent to the token
  if (level !== 'B-B' && text(args, 'tsa') === undefined) throw usage(`mức ${level} cần --tsa URL`);
  return {
    level,
    digestAlgorithm,
    scheme: scheme === 'auto' ? undefined : scheme,
    certify: certificationOf(args),
    password: passwordOf(args),
    signingTime: vietnamIso(time ?? new Date()),
    appearance: lookOf(args),
    fieldName: text(args, 'field'),
    reason: text(args, 'reason'),
    location: text(args, 'location'),
    existing: flag(args, 'force') ? 'replace' : 'refuse',
  };
}

/** Left open, an empty field's wish decides, else it is SHA-256. */
function digestOf(args: CommandArguments): DigestAlgorithm | undefined {
  const digest = text(args, 'digest');
  if (digest === undefined || digest === 'sha256' || digest === 'sha384' || digest === 'sha512')
    return digest;
  throw usage('--digest phải là sha256, sha384 hoặc sha512');
}

function certificationOf(args: CommandArguments): 1 | 2 | 3 | undefined {
  const permission = text(args, 'certify');
  if (permission === undefined) return undefined;
  if (permission === '1') return 1;
  if (permission === '2') return 2;
  if (permission === '3') return 3;
  throw usage('--certify phải là 1, 2 hoặc 3');
}

function entryOf(
  { file, state, value, error, ms }: BatchResult<PlannedFile, FinishedFile>,
  requestedLevel: PadesLevel,
): FileEntry {
  const { input } = file;
  if (value) return { input, ok: true, requestedLevel, ms, state, ...finishedPart(value) };
  return {
    input,
    ok: false,
    requestedLevel,
    ms,
    state,
    inputSha256: null,
    output: null,
    sha256: null,
    level: 'none',
    pending: [],
    field: null,
    bytes: 0,
    pages: 0,
    warnings: [],
    ...(error && { error: { ...toErrorValue(error), code: error.code } }),
  };
}

function finishedPart(value: FinishedFile): FinishedFile {
  const { inputSha256, output, sha256, level, pending, field, bytes, pages, warnings } = value;
  const shown = warnings.map(({ code, message }) => ({ code, message }));
  return { inputSha256, output, sha256, level, pending, field, bytes, pages, warnings: shown };
}

/** A file that failed is named by its digest too, when it can be read. */
async function withInputHash(entry: FileEntry): Promise<FileEntry> {
  if (entry.state !== 'failed') return entry;
  const inputSha256 = await hashFile(resolve(entry.input)).then(
    ({ sha256 }) => sha256,
    () => null,
  );
  return { ...entry, inputSha256 };
}

function countStates(files: readonly FileEntry[]): Record<string, number> {
  const count = (state: FileEntry['state']): number => files.filter((file) => file.state === state).length;
  return {
    files: files.length,
    signed: count('signed'),
    resumed: count('resumed'),
    failed: count('failed'),
    notTried: count('not-tried'),
  };
}

function statusOf(files: readonly FileEntry[]): number {
  const failed = files.filter((file) => !file.ok).length;
  if (failed === files.length) return commonExit(files);
  const pending = files.some((file) => file.pending.length > 0);
  return failed > 0 || pending ? 1 : 0;
}

/** The exit status that all failed files share; 1 when they failed of different things. */
function commonExit(files: readonly FileEntry[]): number {
  const statuses = new Set(files.map(({ error }) => (error ? errorDefinitions[error.code].exit : 1)));
  const [first] = statuses;
  return first !== undefined && statuses.size === 1 ? first : 1;
}

function describe(file: FileEntry): string {
  return file.ok ? `${file.input} → ${file.output ?? ''} (${file.level})` : `${file.input}: không ký được`;
}
