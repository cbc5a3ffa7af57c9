import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { z } from 'zod';
import { vietnamIso } from '../../core/shared/clock.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import {
  ANSWER_PREFIX,
  type AnswerManifest,
  type ExportManifest,
  exportManifestSchema,
  inboxFile,
  MEDIA_FORMAT,
  type MediaOperation,
  nameTime,
  objectFile,
  operationFile,
} from '../../core/sync/media/format.ts';
import {
  readPackage,
  readPackageFile,
  requireSeal,
  writePackage,
} from '../../core/sync/media/package-folder.ts';
import {
  inboxAckedSchema,
  inboxItemSchema,
  inboxPageSchema,
  objectStateSchema,
  receiptSchema,
  serverErrorSchema,
  sha256Hex,
} from '../../core/sync/protocol.ts';
import type { Office, ServerContext } from './context.ts';
import { packageFolder } from './operation-routes.ts';

export interface DeskJob {
  /** The folder that an office brought; null to hand out only what waits for it. */
  readonly from: string | null;
  /** Needed when nothing was brought. */
  readonly officeId?: string;
  /** Folder in which the answer's folder is made. */
  readonly into: string;
}

export interface DeskAnswer {
  readonly path: string;
  readonly manifest: AnswerManifest;
}

/**
 * The province's desk for offices without a line: takes a package folder and makes the folder of the answer. Every part of it goes
 * through the very routes that the line has, without a network, so an operation has the same effect, receipt and refusal.
 * Errors: `sync.media-damaged`, `sync.media-unproven`, `sync.media-foreign` for an office without account here.
 */
export async function answerAtDesk(
  app: FastifyInstance,
  context: ServerContext,
  job: DeskJob,
): Promise<DeskAnswer> {
  const found = job.from === null ? undefined : await readPackage(job.from, exportManifestSchema);
  const officeId = found?.manifest.office.officeId ?? job.officeId ?? '';
  const office = context.offices.find((one) => one.officeId === officeId);
  if (!office) throw new AnThuError('sync.media-foreign', { path: job.from ?? '', officeId });
  if (found) requireSeal(found, office.secret);
  const desk = new Desk(app, office);
  const handled = found ? await desk.handle(found.path, found.manifest) : nothingBrought;
  const inbox = await desk.inbox();
  const createdAt = vietnamIso(context.now());
  const manifest: AnswerManifest = {
    format: MEDIA_FORMAT,
    kind: 'answer',
    packageId: randomUUID(),
    createdAt,
    serverName: context.serverName,
    office: { officeId, organId: office.organId, organName: office.organName },
    answers: found
      ? {
          packageId: found.manifest.packageId,
          sequence: found.manifest.sequence,
          manifestSha256: sha256Hex(found.bytes),
        }
      : null,
    ...handled,
    inbox,
  };
  const letters = new Map(inbox.map(({ sha256, bytes }) => [sha256, bytes]));
  const number = found ? String(found.manifest.sequence).padStart(5, '0') : 'hop-thu';
  const { path } = await writePackage({
    parent: job.into,
    name: `${ANSWER_PREFIX}${officeId}-${number}-${nameTime(createdAt)}-${manifest.packageId.slice(0, 4)}`,
    manifest,
    files: [...letters].map(([sha256, bytes]) => ({
      name: inboxFile(sha256),
      from: join(packageFolder(context), `${sha256}.edxml`),
      sha256,
      bytes,
    })),
    secret: office.secret,
    writer: `tra-${manifest.office.officeId}`,
  });
  return { path, manifest };
}

type Handled = Pick<AnswerManifest, 'receipts' | 'refusals' | 'acknowledged'>;
const nothingBrought: Handled = { receipts: [], refusals: [], acknowledged: [] };

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Speaks to the server's own routes as the office would over the line. */
class Desk {
  readonly #app: FastifyInstance;
  readonly #office: Office;

  constructor(app: FastifyInstance, office: Office) {
    this.#app = app;
    this.#office = office;
  }

  async handle(folder: string, manifest: ExportManifest): Promise<Handled> {
    const handled = { receipts: [], refusals: [], acknowledged: [] } satisfies Handled as {
      [K in keyof Handled]: Handled[K][number][];
    };
    const bytesOf = new Map(manifest.objects.map(({ sha256, bytes }) => [sha256, bytes]));
    const untaken = new Set<string>();
    for (const operation of manifest.operations) {
      // As on the line: a record waits until the one before it is taken.
      if (operation.after !== null && untaken.has(operation.after)) {
        untaken.add(operation.operationId);
        continue;
      }
      const reply = await this.#operation(folder, operation, bytesOf);
      const receipt = receiptSchema.safeParse(reply.body);
      if (receipt.success) {
        handled.receipts.push(receipt.data);
        continue;
      }
      untaken.add(operation.operationId);
      const { code, message } = serverErrorSchema.parse(reply.body).error;
      // What would be tried again on the line is brought again with the next package.
      if (reply.status < 500 && reply.status !== 429)
        handled.refusals.push({ operationId: operation.operationId, status: reply.status, code, message });
    }
    for (const { id, sha256 } of manifest.acknowledgements) {
      const reply = await this.#ask('POST', `/v1/inbox/${id}/ack`, Buffer.from(JSON.stringify({ sha256 })), {
        'content-type': 'application/json',
      });
      const acked = inboxAckedSchema.safeParse(reply.body);
      if (acked.success) handled.acknowledged.push(acked.data);
    }
    return handled;
  }

  async inbox(): Promise<AnswerManifest['inbox']> {
    const items = [];
    for (let since = 0; ;) {
      const page = await this.#read(inboxPageSchema, `/v1/inbox?since=${since}`);
      items.push(...z.array(inboxItemSchema).parse(page.items));
      if (!page.more) return items;
      since = page.next;
    }
  }

  /** The PDF first, then the body; a part of the package that is not what the manifest says is as if it had been spoilt on the line. */
  async #operation(
    folder: string,
    operation: MediaOperation,
    bytesOf: ReadonlyMap<string, number>,
  ): Promise<Reply> {
    try {
      const { objectSha256: sha256 } = operation;
      if (sha256 !== null) await this.#upload(folder, { sha256, bytes: bytesOf.get(sha256) ?? 0 });
      const body = await readPackageFile(folder, operationFile(operation), operation);
      const isStatus = operation.kind === 'status';
      return await this.#ask(
        'PUT',
        `/v1/${isStatus ? 'statuses' : 'arrival-records'}/${operation.operationId}`,
        body,
        {
          'content-type': isStatus ? 'application/xml' : 'application/json',
          'x-content-sha256': operation.sha256,
        },
      );
    } catch (thrown) {
      if (!(thrown instanceof AnThuError) || thrown.code !== 'sync.media-damaged') throw thrown;
      const message = `Tệp trong gói không dùng được: ${String(thrown.detail['reason'])}.`;
      return { status: 422, body: { error: { code: 'hash-mismatch', message } } };
    }
  }

  async #upload(folder: string, object: { sha256: string; bytes: number }): Promise<void> {
    const { sha256, bytes } = object;
    const state = await this.#read(objectStateSchema, `/v1/objects/${sha256}`);
    if (state.complete) return;
    const content = await readPackageFile(folder, objectFile(sha256), object);
    const path = `/v1/objects/${sha256}?offset=${state.have}&total=${bytes}`;
    await this.#ask('POST', path, content.subarray(state.have), {
      'content-type': 'application/octet-stream',
    });
  }

  async #read<T>(schema: z.ZodType<T>, path: string): Promise<T> {
    const { status, body } = await this.#ask('GET', path);
    if (status !== 200) throw new Error(`${path}: HTTP ${status}`);
    return schema.parse(body);
  }

  async #ask(
    method: 'GET' | 'PUT' | 'POST',
    url: string,
    payload?: Buffer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const request: InjectOptions = {
      method,
      url,
      payload,
      headers: {
        authorization: `Bearer ${this.#office.secret}`,
        'x-an-thu-office': this.#office.officeId,
        ...headers,
      },
    };
    const reply = await this.#app.inject(request);
    return { status: reply.statusCode, body: JSON.parse(reply.body) };
  }
}
