import { once } from 'node:events';
import * as http from 'node:http';
import * as https from 'node:https';
import { AnThuError } from '../shared/errors.ts';
import { agentFor } from '../shared/proxy.ts';

/** Slowest link on which a transfer is still let finish; slower ones are cut and resumed at the next try. */
const MINIMUM_BYTES_PER_SECOND = 16 * 1024;
/** Between two looks at an exchange with a long deadline; Node's timers have a longest time. */
const LOOK_MS = 60_000;
/** Of a reply that is held in memory although a sink waits for the body of a 200. */
const MOST_BESIDE_SINK = 1024 * 1024;

export interface ExchangeRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Absolute. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly bytes: number; readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer> };
  /** Milliseconds without any progress, and for the whole exchange; each byte that moves gives it a little more. */
  readonly deadlineMs: number;
  readonly maxReplyBytes: number;
  /** Extra trust anchors (PEM) for a province with a CA of its own. */
  readonly ca?: string;
  /** Where the body of a 200 goes instead of memory. */
  readonly sink?: (chunk: Buffer) => Promise<void>;
}

export interface ExchangeReply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Empty when a sink took it. */
  readonly body: Buffer;
}

/** Codes of Node's TLS for a server that is not who it should be. */
const UNTRUSTED =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/;

/** Wraps what our own side threw (disk full, a changed file), so that it is not taken for the network's doing. */
class LocalFailure extends Error {}

function away(reason: string, cause?: unknown): AnThuError {
  return new AnThuError('sync.server-away', { reason }, { cause });
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return (thrown as NodeJS.ErrnoException).code ?? thrown.message;
}

/** How long an exchange may take by now: who moves bytes slower than the slowest link, a few at a time, comes to an end as well. */
class Deadline {
  readonly #started = performance.now();
  #allowedMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(deadlineMs: number) {
    this.#allowedMs = deadlineMs;
  }

  /** Calls `passed` once, unless it is stopped before. */
  watch(passed: () => void): void {
    const leftMs = this.#started + this.#allowedMs - performance.now();
    if (leftMs <= 0) return passed();
    this.#timer = setTimeout(() => this.watch(passed), Math.min(leftMs, LOOK_MS));
  }

  moved(bytes: number): void {
    this.#allowedMs += (bytes / MINIMUM_BYTES_PER_SECOND) * 1000;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

async function sendBody(
  request: http.ClientRequest,
  body: ExchangeRequest['body'],
  deadline: Deadline,
): Promise<void> {
  for await (const chunk of body?.chunks ?? []) {
    if (request.destroyed) return;
    deadline.moved(chunk.length);
    if (!request.write(chunk)) {
      // Also woken by close: a server that answers early and hangs up never drains.
      const stop = new AbortController();
      await Promise.race([
        once(request, 'drain', { signal: stop.signal }),
        once(request, 'close', { signal: stop.signal }),
      ]).finally(() => stop.abort());
    }
  }
  request.end();
}

async function readReply(
  response: http.IncomingMessage,
  request: ExchangeRequest,
  deadline: Deadline,
): Promise<ExchangeReply> {
  const status = response.statusCode ?? 0;
  const sink = status === 200 ? request.sink : undefined;
  const most = request.sink && !sink ? MOST_BESIDE_SINK : request.maxReplyBytes;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most)
      throw new AnThuError('sync.server-nonsense', { reason: `reply of more than ${most} bytes` });
    if (!sink) parts.push(chunk);
    else {
      deadline.moved(chunk.length);
      await sink(chunk).catch((thrown: unknown) => {
        throw new LocalFailure('sink', { cause: thrown });
      });
    }
  }
  if (!response.complete) throw away('reply cut off');
  return { status, headers: response.headers, body: Buffer.concat(parts) };
}

/**
 * One HTTP exchange on a connection of its own (node:http, never fetch: no shared pool, no redirects).
 * Errors: `sync.server-untrusted` for a certificate that does not verify; `sync.server-away` for everything else the network does; what the body's source or the sink throws passes
 * through unchanged; `sync.server-nonsense` for a reply over the cap or one that is not HTTP.
 */
export async function exchange(request: ExchangeRequest): Promise<ExchangeReply> {
  const send = request.url.protocol === 'https:' ? https.request : http.request;
  const agent = await agentFor(request.url);
  const client = send(request.url, {
    method: request.method,
    headers: { ...request.headers, 'content-length': String(request.body?.bytes ?? 0), connection: 'close' },
    agent,
    ca: request.ca,
    timeout: request.deadlineMs,
    maxHeaderSize: 16 * 1024,
  });
  let sourceFailure: unknown;
  const deadline = new Deadline(request.deadlineMs);
  deadline.watch(() => client.destroy(new Error('deadline passed')));
  client.on('timeout', () => client.destroy(new Error('no progress until the deadline')));
  try {
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      client.once('response', resolve);
      client.on('error', reject);
      client.once('close', () => reject(new Error('connection closed')));
    });
    const sent = sendBody(client, request.body, deadline).catch((thrown: unknown) => {
      sourceFailure ??= thrown;
      client.destroy();
    });
    const response = await answered;
    const reply = await readReply(response, request, deadline);
    // An early answer (a refusal) ends the sending.
    if (!client.writableEnded) client.destroy();
    await sent;
    return reply;
  } catch (thrown) {
    if (sourceFailure) throw sourceFailure;
    if (thrown instanceof LocalFailure) throw thrown.cause;
    if (thrown instanceof AnThuError) throw thrown;
    const reason = reasonOf(thrown);
    if (reason.startsWith('HPE_'))
      throw new AnThuError('sync.server-nonsense', { reason }, { cause: thrown });
    if (UNTRUSTED.test(reason)) throw new AnThuError('sync.server-untrusted', { reason }, { cause: thrown });
    throw away(reason, thrown);
  } finally {
    deadline.stop();
    client.destroy();
  }
}
