import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { AnThuError, asAnThuError } from '../shared/errors.ts';
import type { ObjectToSend, ProvincialConnector } from './connector.ts';
import { fillFileDurably } from '../shared/durable-fs.ts';
import { buildStatus } from './edxml/build.ts';
import { exchange, type ExchangeReply, type ExchangeRequest } from './province-exchange.ts';
import { InboxListingReader } from './inbox-listing.ts';
import { openObject, sendFrom } from './object-source.ts';
import {
  encodeArrivalRecord,
  healthSchema,
  inboxAckedSchema,
  inboxPageSchema,
  objectStateSchema,
  receiptSchema,
  serverErrorSchema,
  sha256Hex,
  type ObjectState,
  type Receipt,
} from './protocol.ts';
import { checkReceipt } from './receipt.ts';
import { refusalError } from './refusal.ts';
import { retryAfterSeconds } from './retry-after.ts';

export interface HttpConnectorOptions {
  /** `https://…`; `http://` is taken for loopback only. */
  readonly baseUrl: string;
  readonly officeId: string;
  /** The office's bearer secret. Never logged, never in an error. */
  readonly secret: string;
  /** Milliseconds without progress before the server counts as away. */
  readonly deadlineMs?: number;
  /** PEM of the province's own CA, when it is no public one. */
  readonly ca?: string;
}

const SMALL_REPLY_BYTES = 1024 * 1024;
/** 500 rows of the longest document ids, every letter written as an escape. */
const LIST_PAGE_BYTES = 4 * 1024 * 1024;
const MAX_UPLOAD_ROUNDS = 4;
const MAX_INBOX_PAGES = 200;

function nonsense(reason: string): AnThuError {
  return new AnThuError('sync.server-nonsense', { reason });
}

function isLoopback(url: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

function parseJson<T>(schema: z.ZodType<T>, reply: ExchangeReply, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(reply.body.toString('utf8'));
  } catch {
    throw nonsense(`${what}: not JSON (HTTP ${reply.status})`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw nonsense(`${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'wrong'}`);
  }
  return parsed.data;
}

/** The error an answer stands for, or undefined for 200 and 201. */
function refusalOf(reply: ExchangeReply, operationId: string): AnThuError | undefined {
  const { status } = reply;
  if (status === 200 || status === 201) return undefined;
  if (status === 401 || status === 403) return new AnThuError('sync.not-authorised', { status });
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return new AnThuError('sync.server-busy', {
      status,
      retryAfterSeconds: retryAfterSeconds(reply.headers),
    });
  }
  if (status < 400) return nonsense(`HTTP ${status}`);
  const { code, message } = parseJson(serverErrorSchema, reply, `HTTP ${status}`).error;
  return refusalError({ operationId, status, code, message });
}

/** A connector to the reference provincial server's protocol (docs/provincial-protocol.md) over node:http(s). */
export function createHttpConnector(options: HttpConnectorOptions): ProvincialConnector {
  const base = new URL(options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`);
  if (base.protocol !== 'https:' && !(base.protocol === 'http:' && isLoopback(base))) {
    throw new AnThuError('general.invalid-input', {
      reason: `${base.protocol}//${base.host}: https is needed`,
    });
  }

  const call = (
    method: ExchangeRequest['method'],
    path: string,
    rest: Partial<Pick<ExchangeRequest, 'body' | 'sink' | 'maxReplyBytes' | 'headers'>> = {},
  ): Promise<ExchangeReply> =>
    exchange({
      method,
      url: new URL(path, base),
      body: rest.body,
      sink: rest.sink,
      maxReplyBytes: rest.maxReplyBytes ?? SMALL_REPLY_BYTES,
      deadlineMs: options.deadlineMs ?? 30_000,
      ca: options.ca,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${options.secret}`,
        'x-an-thu-office': options.officeId,
        ...rest.headers,
      },
    });

  const ask = async <T>(
    schema: z.ZodType<T>,
    what: string,
    ...request: Parameters<typeof call>
  ): Promise<T> => {
    const reply = await call(...request);
    const refusal = refusalOf(reply, what);
    if (refusal) throw refusal;
    return parseJson(schema, reply, what);
  };

  const objectState = async (object: ObjectToSend): Promise<ObjectState> => {
    const state = await ask(objectStateSchema, object.sha256, 'GET', `v1/objects/${object.sha256}`);
    return checkState(state, object);
  };

  const checkState = (state: ObjectState, object: ObjectToSend): ObjectState => {
    if (state.sha256 !== object.sha256) throw nonsense('speaks of another object');
    if (state.have > object.bytes) throw nonsense(`has ${state.have} of ${object.bytes} bytes`);
    if (state.complete && state.have !== object.bytes) throw nonsense('complete with too few bytes');
    return state;
  };

  const sendBytes = async (
    kind: Receipt['kind'],
    path: string,
    operationId: string,
    bytes: Buffer,
    contentType: string,
    objectSha256: string | null,
  ): Promise<Receipt> => {
    const sha256 = sha256Hex(bytes);
    const receipt = await ask(receiptSchema, operationId, 'PUT', `v1/${path}/${operationId}`, {
      body: { bytes: bytes.length, chunks: [bytes] },
      headers: { 'content-type': contentType, 'x-content-sha256': sha256 },
    });
    return checkReceipt(receipt, { kind, operationId, sha256, objectSha256 });
  };

  return {
    health: () => ask(healthSchema, 'health', 'GET', 'v1/health'),

    async uploadObject(object) {
      const file = await openObject(object);
      try {
        let state = await objectState(object);
        for (let round = 0; !state.complete; round++) {
          if (round === MAX_UPLOAD_ROUNDS) throw nonsense('never has the whole object');
          const { have } = state;
          const reply = await call(
            'POST',
            `v1/objects/${object.sha256}?offset=${have}&total=${object.bytes}`,
            {
              body: { bytes: object.bytes - have, chunks: sendFrom(file, object, have) },
              headers: { 'content-type': 'application/octet-stream' },
            },
          );
          const refusal = refusalOf(reply, object.sha256);
          if (!refusal) {
            state = checkState(parseJson(objectStateSchema, reply, object.sha256), object);
            continue;
          }
          // It has another length than it said, or what it had was wrong and is thrown away: ask anew.
          const { serverCode } = refusal.detail;
          if (serverCode !== 'wrong-offset' && serverCode !== 'hash-mismatch') throw refusal;
          state = await objectState(object);
        }
        return state;
      } finally {
        await file.close();
      }
    },

    sendArrivalRecord: (operationId, record) =>
      sendBytes(
        'arrival-record',
        'arrival-records',
        operationId,
        encodeArrivalRecord(record),
        'application/json',
        record.object.sha256,
      ),

    async sendEdxml(operationId, edxml) {
      const file = await openObject(edxml);
      try {
        const receipt = await ask(receiptSchema, operationId, 'PUT', `v1/edxml/${operationId}`, {
          body: { bytes: edxml.bytes, chunks: sendFrom(file, edxml, 0) },
          headers: { 'content-type': 'application/xml', 'x-content-sha256': edxml.sha256 },
        });
        return checkReceipt(receipt, {
          kind: 'edxml',
          operationId,
          sha256: edxml.sha256,
          objectSha256: null,
        });
      } finally {
        await file.close();
      }
    },

    sendStatus: (operationId, status) =>
      sendBytes('status', 'statuses', operationId, buildStatus(status), 'application/xml', null),

    async listInbox(listOptions = {}) {
      const reader = new InboxListingReader();
      let since = listOptions.since ?? 0;
      try {
        for (let page = 0; page < MAX_INBOX_PAGES; page++) {
          const list = await call('GET', `v1/inbox?since=${since}`, { maxReplyBytes: LIST_PAGE_BYTES });
          const refusal = refusalOf(list, 'inbox');
          if (refusal) throw refusal;
          const answer = parseJson(inboxPageSchema, list, 'inbox');
          for (const row of answer.items) reader.add(row);
          if (!answer.more) break;
          if (answer.next <= since) throw nonsense('the inbox does not advance');
          since = answer.next;
        }
      } catch (thrown) {
        const error = asAnThuError(thrown);
        // What was read is taken all the same, and once it is acknowledged the list is another one; but who is overloaded is left alone.
        if (reader.isEmpty || error.code === 'sync.server-busy') throw error;
        return reader.listing(error);
      }
      return reader.listing();
    },

    async fetchPackage(item, toPath) {
      await fillFileDurably(toPath, async (file) => {
        const hash = createHash('sha256');
        const reply = await call('GET', `v1/inbox/${encodeURIComponent(item.id)}`, {
          maxReplyBytes: item.bytes,
          headers: { accept: 'application/xml' },
          sink: async (chunk) => {
            hash.update(chunk);
            await file.writeFile(chunk);
          },
        });
        const refusal = refusalOf(reply, item.id);
        if (refusal) throw refusal;
        const actual = hash.digest('hex');
        if (actual !== item.sha256)
          throw new AnThuError('sync.hash-mismatch', { expected: item.sha256, actual });
      });
    },

    async acknowledgePackage(item) {
      const body = Buffer.from(JSON.stringify({ sha256: item.sha256 }));
      const acked = await ask(
        inboxAckedSchema,
        item.id,
        'POST',
        `v1/inbox/${encodeURIComponent(item.id)}/ack`,
        { body: { bytes: body.length, chunks: [body] }, headers: { 'content-type': 'application/json' } },
      );
      if (acked.id !== item.id || acked.sha256 !== item.sha256) throw nonsense('acknowledges another item');
    },
  };
}
