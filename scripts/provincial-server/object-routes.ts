import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sha256Schema } from '../../core/contract/common.ts';
import { answer, authorise, type ServerContext } from './context.ts';
import { appendAt, cutTo, discard, hashFile, publish, sizeOf } from './files.ts';
import { ServerError } from './server-error.ts';

const MAX_OBJECT_BYTES = 512 * 1024 * 1024;
const paramsSchema = z.object({ sha256: sha256Schema });
const querySchema = z.object({
  offset: z.coerce.number().int().nonnegative(),
  total: z.coerce.number().int().positive().max(MAX_OBJECT_BYTES),
});

/** One upload of an object at a time: the next waits until the one before has let go of the file. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}

/** The body, cut after some bytes when the request's fault says so. */
async function* bodyOf(context: ServerContext, request: FastifyRequest): AsyncGenerator<Buffer> {
  const fault = context.faults.of(request);
  let left = fault?.kind === 'cut-upload' ? fault.bytes : Infinity;
  for await (const chunk of request.raw as AsyncIterable<Buffer>) {
    if (chunk.length >= left) {
      yield chunk.subarray(0, left);
      request.raw.socket.destroy();
      throw new Error('cut by the plan of faults');
    }
    left -= chunk.length;
    yield chunk;
  }
}

/** `GET` tells how much is there, `POST` appends at an offset; the whole hash is checked after the fsync. */
export function objectRoutes(app: FastifyInstance, context: ServerContext): void {
  const turn = createTurns();
  const partial = join(context.dir, 'partial');
  mkdirSync(partial, { recursive: true });

  app.get('/v1/objects/:sha256', async (request, reply) => {
    const office = authorise(context, request);
    const { sha256 } = paramsSchema.parse(request.params);
    const path = join(partial, `${office.officeId}.${sha256}`);
    const state = await turn(path, async () => {
      const complete = context.ledger.hasObject(office.officeId, sha256);
      const have = await sizeOf(complete ? objectPath(context, office.officeId, sha256) : path);
      return { sha256, have, complete };
    });
    await answer(context, request, reply, 200, state);
  });

  app.post('/v1/objects/:sha256', async (request, reply) => {
    const office = authorise(context, request);
    const { sha256 } = paramsSchema.parse(request.params);
    const { offset, total } = querySchema.parse(request.query);
    const path = join(partial, `${office.officeId}.${sha256}`);
    const state = await turn(path, async () => {
      if (context.ledger.hasObject(office.officeId, sha256)) return { sha256, have: total, complete: true };
      const there = await sizeOf(path);
      if (there !== offset) {
        throw new ServerError('wrong-offset', `Máy chủ đã có ${there} byte.`, { have: there });
      }
      const { have, broken } = await appendAt(path, offset, total, bodyOf(context, request));
      if (broken) {
        await cutTo(path, Math.min(have, total));
        throw new ServerError('invalid-body', 'Dữ liệu bị ngắt giữa chừng.');
      }
      if (have < total) return { sha256, have, complete: false };
      if ((await hashFile(path)) !== sha256) {
        await discard(path);
        throw new ServerError('hash-mismatch', 'Mã băm của tệp nhận được không khớp; phần đã nhận bị bỏ.');
      }
      publish(path, join(context.dir, 'objects', office.officeId), sha256);
      context.ledger.addObject(office.officeId, sha256, total);
      return { sha256, have, complete: true };
    });
    await answer(context, request, reply, state.complete ? 201 : 200, state);
  });
}

/** Where a complete object of an office lies. */
export function objectPath(context: ServerContext, officeId: string, sha256: string): string {
  return join(context.dir, 'objects', officeId, sha256);
}
