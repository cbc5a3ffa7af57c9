import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import NodeClam from 'clamscan';
import type { ScanVerdict, ScannerVersion, VirusScanner } from '../../core/ports/virus-scanner.ts';
import { type ClamdAddress, ClamdConnection, connectToClamd } from './connection.ts';
import { judgeReply, parseVersion, scanResultSchema } from './verdict.ts';

export type ClamdScannerOptions = ClamdAddress & {
  /** One deadline for a whole exchange, in milliseconds: connect, send, wait for the answer. */
  readonly deadlineMs: number;
  /** Larger files are not sent; keep it at or below clamd's StreamMaxLength and MaxFileSize. */
  readonly maxBytes: number;
};

const CHUNK_BYTES = 64 * 1024;

/**
 * The virus check by a running clamd, through npm `clamscan` (findings/shell.md §5). Never throws and never
 * falls back to a local program. Bytes are streamed, so clamd needs no right to read the file.
 *
 * - `clean` only for the explicit answer within the deadline;
 * - no connection, no answer, connection lost: `unavailable` (hold the file and try again);
 * - over our limit or clamd's: `too-large`; `limitBytes` is ours, or the file's own size when clamd
 *   stopped at a limit it does not tell;
 * - an answer that is none of these, an unreadable or empty file: `error`.
 */
export function createClamdScanner(options: ClamdScannerOptions): VirusScanner {
  return {
    scan: (path) => withDeadline(options, (exchange) => scanFile(path, options, exchange)),
    version: async () => {
      const answer = await withDeadline(options, (exchange) => askVersion(options, exchange));
      return 'kind' in answer ? { unavailable: describe(answer) } : answer;
    },
  };
}

type Failure = Extract<ScanVerdict, { kind: 'unavailable' | 'error' | 'too-large' }>;

function describe(failure: Failure): string {
  return failure.kind === 'too-large' ? failure.reply : failure.reason;
}

/** What must be undone when the deadline passes: the connections that were opened. */
interface Exchange {
  readonly connections: ClamdConnection[];
  expired: boolean;
}

async function withDeadline<T>(
  options: ClamdScannerOptions,
  run: (exchange: Exchange) => Promise<T | Failure>,
): Promise<T | Failure> {
  const exchange: Exchange = { connections: [], expired: false };
  const timer = new AbortController();
  const late = sleep(options.deadlineMs, undefined, { signal: timer.signal }).then(
    (): Failure => ({ kind: 'unavailable', reason: `no answer within ${options.deadlineMs} ms` }),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([run(exchange), late]);
  } catch (thrown) {
    return { kind: 'unavailable', reason: reasonOf(thrown) };
  } finally {
    exchange.expired = true;
    timer.abort();
    for (const connection of exchange.connections) connection.destroy();
  }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return (thrown as NodeJS.ErrnoException).code ?? thrown.message;
}

/** `clamscan` bound to one exchange: its socket is ours, so that a lost connection is seen. */
class StrictClam extends NodeClam {
  readonly #address: ClamdAddress;
  readonly #exchange: Exchange;
  readonly lost: Promise<string>;
  readonly #tellLost: (reason: string) => void;
  connection: ClamdConnection | undefined;

  constructor(address: ClamdAddress, exchange: Exchange) {
    super();
    this.#address = address;
    this.#exchange = exchange;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.lost = promise;
    this.#tellLost = resolve;
  }

  override async _initSocket(): Promise<ClamdConnection> {
    const socket = await connectToClamd(this.#address);
    const connection = new ClamdConnection(socket, this.#tellLost);
    this.connection = connection;
    this.#exchange.connections.push(connection);
    if (this.#exchange.expired) connection.destroy();
    return connection;
  }
}

async function openClam(options: ClamdScannerOptions, exchange: Exchange): Promise<StrictClam> {
  const clam = new StrictClam(options, exchange);
  return clam.init({
    removeInfected: false,
    quarantineInfected: false,
    preference: 'clamdscan',
    clamscan: { active: false, path: false },
    clamdscan: {
      active: true,
      path: false,
      socket: 'socketPath' in options ? options.socketPath : false,
      host: 'host' in options ? options.host : false,
      port: 'port' in options ? options.port : false,
      timeout: options.deadlineMs,
      localFallback: false,
      bypassTest: true,
    },
  });
}

async function askVersion(
  options: ClamdScannerOptions,
  exchange: Exchange,
): Promise<ScannerVersion | Failure> {
  const clam = await openClam(options, exchange);
  const lost = clam.lost.then((reason): Failure => ({ kind: 'unavailable', reason }));
  const answer = await Promise.race([clam.getVersion(), lost]);
  if (typeof answer === 'object' && answer !== null && 'kind' in answer) return answer as Failure;
  const version = parseVersion(String(answer));
  return version ?? { kind: 'error', reason: `not a ClamAV answer: ${String(answer).slice(0, 100)}` };
}

async function scanFile(
  path: string,
  options: ClamdScannerOptions,
  exchange: Exchange,
): Promise<ScanVerdict> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (thrown) {
    return { kind: 'error', reason: `cannot read the file: ${reasonOf(thrown)}` };
  }
  try {
    const { size } = await file.stat();
    if (size === 0) return { kind: 'error', reason: 'the file is empty' };
    if (size > options.maxBytes) {
      return { kind: 'too-large', limitBytes: options.maxBytes, reply: `not sent: ${size} bytes` };
    }
    const version = await askVersion(options, exchange);
    if ('kind' in version) return version;
    return await streamFile({ file, size, version, options, exchange });
  } finally {
    await file.close();
  }
}

async function streamFile(job: {
  readonly file: FileHandle;
  readonly size: number;
  readonly version: ScannerVersion;
  readonly options: ClamdScannerOptions;
  readonly exchange: Exchange;
}): Promise<ScanVerdict> {
  const { file, size, version, options, exchange } = job;
  const clam = await openClam(options, exchange);
  const progress: Progress = { bytesRead: 0, done: false };
  const source = Readable.from(chunksOf(file, clam, exchange, progress), { objectMode: false });
  source.on('error', () => {});
  const lost = clam.lost.then((reason) => ({ lost: reason }));
  const answer = await Promise.race([clam.scanStream(source).catch(toRefusal), lost]);
  source.destroy();
  if (isLost(answer)) return judgeLoss(answer.lost, { size, options, exchange, progress });
  if (isRefusal(answer)) {
    const aborted = /Reply from server: (.*)$/su.exec(answer.refusal)?.[1] ?? answer.refusal;
    return judgeReply({
      result: { isInfected: null, resultString: aborted.trim() },
      fileBytes: size,
      version,
    });
  }
  const result = scanResultSchema.safeParse(answer);
  if (!result.success) return { kind: 'error', reason: 'clamscan gave a result of an unknown shape' };
  if (progress.bytesRead !== size) return { kind: 'error', reason: 'the file changed while it was scanned' };
  return judgeReply({ result: result.data, fileBytes: size, version });
}

interface Progress {
  bytesRead: number;
  done: boolean;
}

/** The file in chunks, each handed over only when the one before has left (the package itself never waits). */
async function* chunksOf(
  file: FileHandle,
  clam: StrictClam,
  exchange: Exchange,
  progress: Progress,
): AsyncGenerator<Buffer> {
  while (!exchange.expired) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, progress.bytesRead);
    if (bytesRead === 0) {
      progress.done = true;
      return;
    }
    progress.bytesRead += bytesRead;
    yield chunk.subarray(0, bytesRead);
    while (!exchange.expired && (clam.connection?.writableLength ?? 0) > 4 * CHUNK_BYTES) await sleep(1);
  }
  throw new Error('deadline passed');
}

const toRefusal = (thrown: unknown): { refusal: string } => ({
  refusal:
    thrown instanceof Error ? ((thrown as NodeJS.ErrnoException).code ?? thrown.message) : String(thrown),
});

function isLost(answer: unknown): answer is { lost: string } {
  return typeof answer === 'object' && answer !== null && 'lost' in answer;
}

function isRefusal(answer: unknown): answer is { refusal: string } {
  return typeof answer === 'object' && answer !== null && 'refusal' in answer;
}

/**
 * The connection broke. Over a local socket clamd's "size limit exceeded" is lost with it, so a daemon that
 * still answers after cutting us off in mid-stream has refused the length.
 */
async function judgeLoss(
  reason: string,
  job: { size: number; options: ClamdScannerOptions; exchange: Exchange; progress: Progress },
): Promise<ScanVerdict> {
  const cutOff = reason === 'ECONNRESET' || reason === 'EPIPE';
  if (cutOff && job.progress.bytesRead > CHUNK_BYTES) {
    const alive = await askVersion(job.options, job.exchange);
    if (!('kind' in alive)) {
      return { kind: 'too-large', limitBytes: job.size, reply: `stream cut off by clamd: ${reason}` };
    }
  }
  return { kind: 'unavailable', reason: `connection to clamd lost: ${reason}` };
}
