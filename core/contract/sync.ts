import { z } from 'zod';
import { idSchema, instantSchema } from './common.ts';
import { errorValueSchema } from './errors/value.ts';
import { defineProcedure } from './procedure.ts';

/** What the province answered: names the operation and the hash it stored. */
export const receiptViewSchema = z.object({
  operationId: z.string(),
  sha256: z.string(),
  serverSequence: z.number().int(),
  receivedAt: z.string(),
  serverName: z.string(),
});

/** One operation of the outbox (hàng đợi đồng bộ). Never deleted; a failed one is parked as `blocked`. */
export const outboxEntrySchema = z.object({
  id: idSchema,
  kind: z.enum(['arrival-record', 'edxml-status']),
  label: z.string(),
  documentId: idSchema.nullable(),
  state: z.enum(['pending', 'sending', 'acked', 'blocked']),
  attempts: z.number().int(),
  createdAt: instantSchema,
  nextAttemptAt: instantSchema.nullable(),
  ackedAt: instantSchema.nullable(),
  error: errorValueSchema.nullable(),
  receipt: receiptViewSchema.nullable(),
});
export type OutboxEntry = z.infer<typeof outboxEntrySchema>;

export const syncStatusSchema = z.object({
  serverUrl: z.string().nullable(),
  online: z.boolean(),
  lastContactAt: instantSchema.nullable(),
  lastError: errorValueSchema.nullable(),
  pending: z.number().int(),
  blocked: z.number().int(),
  acked: z.number().int(),
  /** Rows of the province's list at the last look that could not be read; they are asked for again. */
  setAside: z.number().int(),
  running: z.boolean(),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

export const syncProcedures = {
  'sync.status': defineProcedure({ input: z.object({}), output: syncStatusSchema }),
  'sync.list': defineProcedure({
    input: z.object({
      states: z.array(z.enum(['pending', 'sending', 'acked', 'blocked'])).optional(),
      limit: z.number().int().max(500).default(200),
    }),
    output: z.object({ entries: z.array(outboxEntrySchema) }),
  }),
  /** One round: sends what is due, fetches the inbox. `retryBlocked` puts parked operations back first. */
  'sync.run': defineProcedure({
    input: z.object({ retryBlocked: z.boolean().default(false) }),
    output: z.object({
      sent: z.number().int(),
      failed: z.number().int(),
      fetched: z.number().int(),
      status: syncStatusSchema,
    }),
  }),
  'sync.retry': defineProcedure({ input: z.object({ id: idSchema }), output: outboxEntrySchema }),
};
