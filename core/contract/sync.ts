import { z } from 'zod';
import { idSchema, instantSchema, warningSchema } from './common.ts';
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
  /** In Vietnamese, as stored. */
  label: z.string(),
  /** The label with its facts, for the window's language. */
  said: warningSchema,
  documentId: idSchema.nullable(),
  state: z.enum(['pending', 'sending', 'acked', 'blocked']),
  attempts: z.number().int(),
  createdAt: instantSchema,
  nextAttemptAt: instantSchema.nullable(),
  ackedAt: instantSchema.nullable(),
  error: errorValueSchema.nullable(),
  receipt: receiptViewSchema.nullable(),
  /** The newest package on removable media that carries it; it stays in the queue until its receipt is here. */
  exported: z.object({ sequence: z.number().int(), at: instantSchema }).nullable(),
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

/** One answer package as it was taken. Receipts, refusals and e-documents that were known already are not counted again. */
const takenAnswerSchema = z.object({
  path: z.string(),
  /** `repeated`: the whole of it was taken before. */
  outcome: z.enum(['taken', 'partly', 'repeated']),
  /** The package of ours that it answers. */
  answers: z.number().int().nullable(),
  receipts: z.number().int(),
  refused: z.number().int(),
  /** New e-documents and status messages. */
  fetched: z.number().int(),
  /** What could not be taken; the rest was. */
  problems: z.array(errorValueSchema),
});
export type TakenAnswer = z.infer<typeof takenAnswerSchema>;

const folderInput = { path: z.string().min(1).max(4000) };

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
  /**
   * Writes everything without a receipt as a package into a folder (docs/removable-media.md). Null when there is nothing to send.
   * `retryBlocked` puts parked operations back first.
   */
  'sync.export': defineProcedure({
    input: z.object({ ...folderInput, retryBlocked: z.boolean().default(false) }),
    output: z.object({
      package: z
        .object({
          path: z.string(),
          sequence: z.number().int(),
          manifestSha256: z.string(),
          operations: z.number().int(),
          objects: z.number().int(),
          acknowledgements: z.number().int(),
          bytes: z.number().int(),
        })
        .nullable(),
      /** Waiting operations that did not go with it: parked ones, those behind them, those beyond the size of a package. */
      left: z.number().int(),
    }),
  }),
  /** Takes the province's answers that lie in a folder, or in folders directly below it. */
  'sync.import': defineProcedure({
    input: z.object(folderInput),
    output: z.object({
      answers: z.array(takenAnswerSchema),
      /** Answers for other offices on the same drive, untouched. */
      foreign: z.array(z.object({ path: z.string(), officeId: z.string() })),
    }),
  }),
  'sync.retry': defineProcedure({ input: z.object({ id: idSchema }), output: outboxEntrySchema }),
};
