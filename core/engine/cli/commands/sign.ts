import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { SigningKey } from '../../../ports/signing-key.ts';
import type { TokenService } from '../../../ports/token-service.ts';
import { type ErrorCode, errorDefinitions, type ErrorValue } from '../../../contract/errors/index.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../../../shared/errors.ts';
import { vietnamIso } from '../../../shared/clock.ts';
import { hashFile } from '../../../store/durable-fs.ts';
import type { ResolvedPlacement } from '../../../signing/placement/resolve-placement.ts';
import { signPdf, type SignPdfOptions } from '../../../signing/sign-pdf.ts';
import { verifyPdf } from '../../../verification/verify-pdf.ts';
import { loadAnchors } from '../../../trust/anchors.ts';
import { type CommandArguments, flag, parseCommand, text, texts, usage } from '../arguments.ts';
import { LookPlacer, lookOf, lookOptions } from '../looks.ts';
import { note, type Outcome } from '../output.ts';
import { pinOptions, readPin, sealedPin } from '../pin.ts';
import { tokensNamedByUri } from '../tokens.ts';

const signOptions = {
  out: { type: 'string' },
  key: { type: 'string' },
  level: { type: 'string', default: 'B-B' },
  tsa: { type: 'string' },
  trust: { type: 'string', multiple: true },
  field: { type: 'string' },
  reason: { type: 'string' },
  location: { type: 'string' },
  digest: { type: 'string', default: 'sha256' },
  scheme: { type: 'string', default: 'auto' },
  force: { type: 'boolean' },
  ...lookOptions,
  ...pinOptions,
} as const;

interface FileResult {
  readonly input: string;
  readonly ok: boolean;
  readonly error?: ErrorValue & { readonly code: ErrorCode };
  readonly [key: string]: unknown;
}

/** `an-thu sign` (design/cli.md): levels B-B and B-T, invisible or with a look of the decree. */
export async function signCommand(argv: readonly string[]): Promise<Outcome> {
  const started = performance.now();
  const args = parseCommand(argv, signOptions);
  if (args.positionals.length === 0) throw usage('cần ít nhất một tệp');
  const out = text(args, 'out');
  const keyUri = text(args, 'key');
  if (out === undefined) throw usage('thiếu --out');
  if (keyUri === undefined) throw usage('thiếu --key');
  const common = signatureOptions(args);
  const tokens = tokensNamedByUri();
  const placer = new LookPlacer();
  try {
    const key = await unlockedKey(tokens, keyUri, args);
    const toFolder = await isFolder(out);
    if (!toFolder && args.positionals.length > 1) throw usage('nhiều tệp thì --out phải là thư mục');
    const anchors = await loadAnchors(texts(args, 'trust'), 'signature');
    const files: FileResult[] = [];
    for (const file of args.positionals) {
      const outputPath = resolve(toFolder ? join(out, basename(file)) : out);
      files.push(
        await signOne(
          file,
          {
            ...common,
            inputPath: resolve(file),
            outputPath,
            key,
            verify: (path) => selfCheck(path, anchors),
          },
          (options) => placer.place(options, text(args, 'signer-name')),
        ),
      );
    }
    return {
      json: { files, ms: Math.round(performance.now() - started) },
      text: files.map(describe),
      status: statusOf(files),
    };
  } finally {
    placer.close();
    tokens.close();
  }
}

type CommonOptions = Omit<SignPdfOptions, 'inputPath' | 'outputPath' | 'key' | 'verify'>;

function signatureOptions(args: CommandArguments): CommonOptions {
  const level = text(args, 'level');
  if (level !== 'B-B' && level !== 'B-T')
    throw usage(`--level ${level ?? ''}: phiên bản này ký được B-B và B-T`);
  const digestAlgorithm = text(args, 'digest');
  if (digestAlgorithm !== 'sha256' && digestAlgorithm !== 'sha384' && digestAlgorithm !== 'sha512') {
    throw usage('--digest phải là sha256, sha384 hoặc sha512');
  }
  const scheme = text(args, 'scheme');
  if (scheme !== 'auto' && scheme !== 'rsa-pkcs1' && scheme !== 'rsa-pss' && scheme !== 'ecdsa') {
    throw usage('--scheme phải là auto, rsa-pkcs1, rsa-pss hoặc ecdsa');
  }
  const tsa = text(args, 'tsa');
  if (level === 'B-T' && tsa === undefined) throw usage('mức B-T cần --tsa URL');
  return {
    level,
    digestAlgorithm,
    scheme: scheme === 'auto' ? undefined : scheme,
    tsa: tsa === undefined ? undefined : { url: tsa },
    signingTime: vietnamIso(new Date()),
    appearance: lookOf(args),
    fieldName: text(args, 'field'),
    reason: text(args, 'reason'),
    location: text(args, 'location'),
    existing: flag(args, 'force') ? 'replace' : 'refuse',
  };
}

async function unlockedKey(
  tokens: TokenService,
  keyUri: string,
  args: CommandArguments,
): Promise<SigningKey> {
  const pin = await readPin(args);
  await tokens.unlock(keyUri, await sealedPin(pin, () => tokens.pinKey(keyUri)));
  return tokens.key(keyUri);
}

/** The finished file must pass our own verifier before it gets its name; without anchors the chain is left open. */
async function selfCheck(path: string, anchors: Awaited<ReturnType<typeof loadAnchors>>): Promise<void> {
  const report = await verifyPdf(path, {
    anchors,
    tsaAnchors: anchors,
    extraCertificates: [],
    now: new Date(),
  });
  const last = report.signatures.at(-1);
  if (last?.integrity !== true || last.coverage !== 'whole-file') {
    throw new AnThuError('archive.self-check-failed', { reason: last?.subIndication ?? report.verdict });
  }
}

async function signOne(
  input: string,
  options: SignPdfOptions,
  place: (options: SignPdfOptions) => Promise<ResolvedPlacement>,
): Promise<FileResult> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  try {
    const placed = await place(options);
    const signed = await signPdf({ ...options, appearance: placed.appearance });
    return {
      input,
      inputSha256: signed.inputSha256,
      output: signed.outputPath,
      sha256: signed.sha256,
      ok: true,
      requestedLevel: signed.requestedLevel,
      level: signed.level,
      pending: signed.pending,
      field: signed.fieldName,
      bytes: signed.bytes,
      pages: signed.pages,
      ms: ms(),
      warnings: [...placed.warnings, ...signed.warnings],
    };
  } catch (thrown) {
    const error = asAnThuError(thrown);
    note(`${input}: ${toErrorValue(error).message} [${error.code}]`);
    const inputSha256 = await hashFile(options.inputPath).then(
      ({ sha256 }) => sha256,
      () => null,
    );
    return {
      input,
      inputSha256,
      output: null,
      sha256: null,
      ok: false,
      requestedLevel: options.level,
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

function statusOf(files: readonly FileResult[]): number {
  const failed = files.filter((file) => !file.ok).length;
  if (failed === files.length) return commonExit(files);
  const pending = files.some((file) => Array.isArray(file['pending']) && file['pending'].length > 0);
  return failed > 0 || pending ? 1 : 0;
}

/** The exit status that all failed files share; 1 when they failed of different things. */
function commonExit(files: readonly FileResult[]): number {
  const statuses = new Set(files.map(({ error }) => (error ? errorDefinitions[error.code].exit : 1)));
  const [first] = statuses;
  return first !== undefined && statuses.size === 1 ? first : 1;
}

function describe(file: FileResult): string {
  return file.ok
    ? `${file.input} → ${String(file['output'])} (${String(file['level'])})`
    : `${file.input}: không ký được`;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
