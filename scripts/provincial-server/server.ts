import { mkdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import fastify from 'fastify';
import { z } from 'zod';
import { PROTOCOL_NAME, sha256Hex } from '../../core/sync/protocol.ts';
import { answer, createFaults, officeSchema, type Office, type ServerContext } from './context.ts';
import { openServerDatabase } from './database.ts';
import { publish } from './files.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { createLedger, type StoredPackage, type StoredRecord, type StoredStatus } from './ledger.ts';
import { misbehaviourPlanSchema, type MisbehaviourPlan } from './misbehaviour.ts';
import { objectPath, objectRoutes } from './object-routes.ts';
import { answerAtDesk, type DeskAnswer, type DeskJob } from './offline-desk.ts';
import { inspectEdxml, operationRoutes, packageFolder } from './operation-routes.ts';
import { ServerError } from './server-error.ts';

/** Said in every health answer and every receipt. */
export const SERVER_NAME = 'MÁY CHỦ THỬ NGHIỆM Ấn Thư (không phải hệ thống của tỉnh)';

export interface ProvincialServerOptions {
  /** Its own folder; kept between starts. */
  readonly dir: string;
  /** 0 for any free port. Loopback only. `none`: only the desk is open. */
  readonly port?: number | 'none';
  readonly offices: readonly Office[];
  readonly now?: () => Date;
}

export interface ProvincialServer {
  readonly url: string;
  close(): Promise<void>;
  /** Replaces the plan of faults; `{}` makes it behave. */
  misbehave(plan: MisbehaviourPlan): void;
  /** Puts a file into an office's inbox as it is, also one that no honest server would pass on. */
  inboxPut(officeId: string, edxml: Uint8Array | string): Promise<{ sha256: string }>;
  /** Answers a package that an office brought on removable media. */
  atDesk(job: DeskJob): Promise<DeskAnswer>;
  records(): StoredRecord[];
  statuses(): StoredStatus[];
  packages(): StoredPackage[];
  /** Path of a stored object, for comparing bytes. */
  objectPath(officeId: string, sha256: string): string;
}

function isLoopback(address: string): boolean {
  return address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
}

function toServerError(thrown: unknown): ServerError {
  if (thrown instanceof ServerError) return thrown;
  if (thrown instanceof z.ZodError) {
    const issue = thrown.issues[0];
    return new ServerError('invalid-body', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'sai'}`);
  }
  if (thrown instanceof SyntaxError) return new ServerError('invalid-body', 'Nội dung không phải JSON.');
  if (thrown instanceof Error && 'statusCode' in thrown && thrown.statusCode === 413) {
    return new ServerError('too-large', 'Nội dung quá lớn.');
  }
  return new ServerError('server-failed', thrown instanceof Error ? thrown.message : 'Lỗi máy chủ.');
}

async function drain(body: IncomingMessage): Promise<void> {
  if (body.destroyed || body.readableEnded) return;
  body.resume();
  await finished(body).catch(() => undefined);
}

/** Starts the reference provincial server on loopback. It is a partner for tests and says so. */
export async function startProvincialServer(options: ProvincialServerOptions): Promise<ProvincialServer> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  const database = openServerDatabase(join(options.dir, 'province.sqlite'));
  const now = options.now ?? (() => new Date());
  const context: ServerContext = {
    dir: options.dir,
    xsd: readFileSync(new URL('../../resources/schemas/edxml.xsd', import.meta.url), 'utf8'),
    serverName: SERVER_NAME,
    offices: z.array(officeSchema).parse(options.offices),
    ledger: createLedger(database, SERVER_NAME, now),
    now,
    faults: createFaults(),
  };

  const inboxPut = async (officeId: string, edxml: Uint8Array | string): Promise<{ sha256: string }> => {
    const bytes = typeof edxml === 'string' ? readFileSync(edxml) : Buffer.from(edxml);
    const sha256 = sha256Hex(bytes);
    const scratch = join(options.dir, 'scratch');
    mkdirSync(scratch, { recursive: true });
    const temporary = join(scratch, `${randomUUID()}.tmp`);
    await writeFile(temporary, bytes, { flush: true });
    const path = publish(temporary, packageFolder(context), `${sha256}.edxml`);
    let kind: 'package' | 'status' = 'package';
    let documentId = '';
    try {
      const parsed = inspectEdxml(context, path);
      kind = parsed.kind;
      documentId = parsed.kind === 'package' ? parsed.documentId : parsed.responseFor.documentId;
    } catch (thrown) {
      // A hostile file is put there on purpose.
      if (!(thrown instanceof ServerError)) throw thrown;
    }
    context.ledger.deliver({ officeId, kind, documentId, sha256, bytes: bytes.length });
    return { sha256 };
  };

  const app = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 1024 * 1024 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  // Large bodies are read from the socket by the routes themselves.
  app.addContentTypeParser(['application/octet-stream', 'application/xml'], (_request, _payload, done) => {
    done(null, undefined);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-test-partner', 'an-thu reference server');
    if (await context.faults.before(request, reply)) return reply;
  });
  app.setErrorHandler(async (thrown, request, reply) => {
    if (request.raw.socket.destroyed) {
      reply.hijack();
      return;
    }
    const error = toServerError(thrown);
    // The rest of the body is read first: a client still writing would see a reset instead of the answer.
    await drain(request.raw);
    await answer(context, request, reply, error.status, {
      error: { code: error.code, message: error.message, have: error.have },
    });
  });
  app.setNotFoundHandler(async (request, reply) => {
    await answer(context, request, reply, 404, {
      error: { code: 'not-found', message: 'Không có địa chỉ này.' },
    });
  });

  app.get('/v1/health', async (request, reply) => {
    await answer(context, request, reply, 200, {
      protocol: PROTOCOL_NAME,
      serverName: SERVER_NAME,
      testPartner: true,
      time: now().toISOString(),
    });
  });
  objectRoutes(app, context);
  operationRoutes(app, context);
  inboxRoutes(app, context);

  app.addHook('preHandler', async (request) => {
    if (request.url.startsWith('/test/') && !isLoopback(request.ip)) {
      throw new ServerError('not-authorised', 'Chỉ dùng tại máy này.');
    }
  });
  app.route({
    method: 'POST',
    url: '/test/misbehave',
    handler: (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '{}';
      context.faults.plan(misbehaviourPlanSchema.parse(JSON.parse(body)));
      return reply.send({ ok: true });
    },
  });
  app.route({
    method: 'GET',
    url: '/test/stored',
    handler: (_request, reply) =>
      reply.send({
        records: context.ledger.records(),
        statuses: context.ledger.statuses(),
        packages: context.ledger.packages(),
      }),
  });
  app.route({
    method: 'POST',
    url: '/test/inbox/:officeId',
    handler: async (request, reply) => {
      const { officeId } = z.object({ officeId: z.string() }).parse(request.params);
      if (!context.offices.some((o) => o.officeId === officeId)) {
        throw new ServerError('not-found', 'Không có đơn vị.');
      }
      const parts: Buffer[] = [];
      for await (const chunk of request.raw as AsyncIterable<Buffer>) parts.push(chunk);
      return reply.send(await inboxPut(officeId, Buffer.concat(parts)));
    },
  });

  const { port = 0 } = options;
  const url = port === 'none' ? '' : await app.listen({ host: '127.0.0.1', port });
  return {
    url,
    async close() {
      await app.close();
      database.close();
    },
    misbehave: (plan) => context.faults.plan(plan),
    inboxPut,
    atDesk: (job) => answerAtDesk(app, context, job),
    records: () => context.ledger.records(),
    statuses: () => context.ledger.statuses(),
    packages: () => context.ledger.packages(),
    objectPath: (officeId, sha256) => objectPath(context, officeId, sha256),
  };
}
