import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { officeIdSchema, organIdSchema } from '../../core/sync/protocol.ts';
import type { Ledger } from './ledger.ts';
import { createFaultChooser, type Fault, type MisbehaviourPlan } from './misbehaviour.ts';
import { ServerError } from './server-error.ts';

export const officeSchema = z.strictObject({
  officeId: officeIdSchema,
  secret: z.string().min(16),
  organId: organIdSchema,
  organName: z.string(),
});
/** One account at the province. */
export type Office = z.infer<typeof officeSchema>;

/** What all routes share. */
export interface ServerContext {
  readonly dir: string;
  readonly xsd: string;
  readonly serverName: string;
  readonly offices: readonly Office[];
  readonly ledger: Ledger;
  readonly now: () => Date;
  readonly faults: Faults;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The office that a request speaks for. Error: `not-authorised`. */
export function authorise(context: ServerContext, request: FastifyRequest): Office {
  const office = context.offices.find((o) => o.officeId === request.headers['x-an-thu-office']);
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  // Compared also when the office is unknown, so that the time tells nothing.
  const same = timingSafeEqual(digest(given), digest(office?.secret ?? 'no such office'));
  if (!office || !same) throw new ServerError('not-authorised', 'Sai mã đơn vị hoặc khóa kết nối.');
  return office;
}

export interface Faults {
  plan(plan: MisbehaviourPlan): void;
  /** Faults that strike before the request is looked at. True when the request is over. */
  before(request: FastifyRequest, reply: FastifyReply): Promise<boolean>;
  /** The fault chosen for this request. */
  of(request: FastifyRequest): Fault | undefined;
}

export function createFaults(): Faults {
  let choose = createFaultChooser({});
  const chosen = new WeakMap<object, Fault>();
  return {
    plan(plan) {
      choose = createFaultChooser(plan);
    },
    of: (request) => chosen.get(request.raw),
    async before(request, reply) {
      const path = request.url.split('?')[0] ?? '';
      if (path.startsWith('/test/')) return false;
      const fault = choose(request.method, path);
      if (!fault) return false;
      chosen.set(request.raw, fault);
      switch (fault.kind) {
        case 'delay':
          await sleep(fault.delayMs);
          return false;
        case 'drop-before':
          reply.hijack();
          request.raw.socket.destroy();
          return true;
        case 'status-500':
          await reply.code(500).send({ error: { code: 'server-failed', message: 'Lỗi giả lập.' } });
          return true;
        case 'status-429':
          await reply
            .code(429)
            .header('retry-after', '1')
            .send({ error: { code: 'busy', message: 'Bận giả lập.' } });
          return true;
        default:
          return false;
      }
    },
  };
}

/** Sends an answer, or what the fault of this request makes of it. Everything is stored by now. */
export async function answer(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  value: Readonly<Record<string, unknown>>,
): Promise<void> {
  const fault = context.faults.of(request);
  let body = { ...value };
  switch (fault?.kind) {
    case 'drop-after':
      reply.hijack();
      request.raw.socket.destroy();
      return;
    case 'half-reply': {
      const whole = Buffer.from(JSON.stringify(body));
      reply.hijack();
      reply.raw.writeHead(status, { 'content-type': 'application/json', 'content-length': whole.length });
      reply.raw.write(whole.subarray(0, whole.length >> 1), () => request.raw.socket.destroy());
      return;
    }
    case 'nonsense':
      await reply.code(status).type('text/html').send('<html>502 Bad Gateway</html>');
      return;
    case 'huge-reply':
      await reply
        .code(status)
        .type('application/json')
        .send(Buffer.alloc(4 * 1024 * 1024, 0x20));
      return;
    case 'wrong-hash':
      if ('sha256' in body) body = { ...body, sha256: 'f'.repeat(64) };
      break;
    case 'wrong-operation':
      if ('operationId' in body) body = { ...body, operationId: 'another-operation' };
      break;
    case 'wrong-offset':
      if ('have' in body) body = { ...body, have: Number(body['have']) + 1, complete: false };
      break;
    case 'false-complete':
      if ('have' in body) body = { ...body, complete: true };
      break;
    case 'duplicate-inbox':
      if (Array.isArray(body['items'])) {
        const items: unknown[] = body['items'];
        body = { ...body, items: [...items, ...items] };
      }
      break;
    default:
  }
  await reply.code(status).send(body);
}
