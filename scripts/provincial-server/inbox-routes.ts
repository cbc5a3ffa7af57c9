import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { inboxAckSchema } from '../../core/sync/protocol.ts';
import { answer, authorise, type ServerContext } from './context.ts';
import { packageFolder } from './operation-routes.ts';
import { ServerError } from './server-error.ts';

const querySchema = z.object({ since: z.coerce.number().int().nonnegative().default(0) });
const paramsSchema = z.object({ id: z.string().max(64) });

/** What waits for an office: listed until acknowledged, fetched as often as wished. */
export function inboxRoutes(app: FastifyInstance, context: ServerContext): void {
  app.get('/v1/inbox', async (request, reply) => {
    const office = authorise(context, request);
    const { since } = querySchema.parse(request.query);
    await answer(context, request, reply, 200, context.ledger.inboxPage(office.officeId, since));
  });

  app.get('/v1/inbox/:id', async (request, reply) => {
    const office = authorise(context, request);
    const { id } = paramsSchema.parse(request.params);
    const item = context.ledger.inboxItem(office.officeId, id);
    const bytes = readFileSync(join(packageFolder(context), `${item.sha256}.edxml`));
    const fault = context.faults.of(request)?.kind;
    if (fault === 'drop-after' || fault === 'half-reply') {
      reply.hijack();
      reply.raw.writeHead(200, { 'content-type': 'application/xml', 'content-length': bytes.length });
      reply.raw.write(bytes.subarray(0, bytes.length >> 1), () => request.raw.socket.destroy());
      return;
    }
    if (fault === 'corrupt-package' || fault === 'wrong-hash')
      bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
    if (fault === 'nonsense') return answer(context, request, reply, 200, {});
    await reply.type('application/xml').send(bytes);
  });

  app.post('/v1/inbox/:id/ack', async (request, reply) => {
    const office = authorise(context, request);
    const { id } = paramsSchema.parse(request.params);
    if (!Buffer.isBuffer(request.body)) throw new ServerError('invalid-body', 'Cần nội dung JSON.');
    const { sha256 } = inboxAckSchema.parse(JSON.parse(request.body.toString('utf8')));
    const item = context.ledger.inboxItem(office.officeId, id);
    if (item.sha256 !== sha256)
      throw new ServerError('hash-mismatch', 'Gói tin được xác nhận có mã băm khác.');
    const acknowledgedAt = context.ledger.acknowledge(office.officeId, id);
    await answer(context, request, reply, 200, { id, sha256, acknowledgedAt });
  });
}
