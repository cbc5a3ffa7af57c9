import { z } from 'zod';
import { calendarDateSchema, idSchema, instantSchema, sha256Schema } from './common.ts';
import { errorValueSchema } from './errors/value.ts';
import { defineProcedure } from './procedure.ts';
import { arrivalSchema } from './register.ts';
import { outboxEntrySchema } from './sync.ts';
import { signatureCheckSchema, signatureLevelSchema } from './verification.ts';

/** A stored file of a document. `role` says what it is; nothing is ever replaced. */
export const documentObjectSchema = z.object({
  sha256: sha256Schema,
  role: z.enum(['received', 'working-pdf', 'sealed', 'attachment', 'package']),
  mediaType: z.string(),
  name: z.string(),
  bytes: z.number().int(),
  storedAt: instantSchema,
});

export const auditEntrySchema = z.object({
  sequence: z.number().int(),
  at: instantSchema,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const jobSchema = z.object({
  id: idSchema,
  kind: z.string(),
  subject: z.string(),
  state: z.enum(['ready', 'running', 'waiting', 'parked', 'done']),
  attempts: z.number().int(),
  nextAt: instantSchema.nullable(),
  error: errorValueSchema.nullable(),
});
export type JobView = z.infer<typeof jobSchema>;

export const documentSchema = z.object({
  id: idSchema,
  arrival: arrivalSchema.nullable(),
  intakeId: idSchema.nullable(),
  /** The object to show: the newest sealed one, else the working PDF. */
  view: sha256Schema.nullable(),
  objects: z.array(documentObjectSchema),
  /** In the order in which they were made, whatever the clock said. */
  checks: z.array(signatureCheckSchema),
  /** The level of the agency's own signature and the one it is to have; null for what the office did not sign. */
  level: z
    .object({ reached: signatureLevelSchema, wanted: signatureLevelSchema, pending: z.boolean() })
    .nullable(),
  history: z.array(auditEntrySchema),
  outbox: z.array(outboxEntrySchema),
  jobs: z.array(jobSchema),
});
export type DocumentDetail = z.infer<typeof documentSchema>;

/** One archived file whose evidence nears its end. */
const retentionItemSchema = z.object({
  documentId: idSchema,
  label: z.string(),
  sha256: sha256Schema,
  /** What its provability rests on last. */
  evidence: z.enum(['document-timestamp', 'signature']),
  /** What ends first, and when. */
  reason: z.enum(['certificate', 'algorithm']),
  end: instantSchema,
  outcome: z.enum(['due', 'renewed', 'pending']),
  renewedSha256: sha256Schema.nullable(),
  renewedUntil: instantSchema.nullable(),
  /** Why it is pending; nothing of it is lost. */
  error: errorValueSchema.nullable(),
});
export type RetentionItem = z.infer<typeof retentionItemSchema>;

export const documentProcedures = {
  'document.get': defineProcedure({ input: z.object({ id: idSchema }), output: documentSchema }),
  /** For the shell, which streams the file to the page; the path lies inside the data folder. */
  'document.object-path': defineProcedure({
    input: z.object({ sha256: sha256Schema }),
    output: z.object({ path: z.string(), mediaType: z.string(), bytes: z.number().int() }),
  }),
  /** Signs again what was parked (token away, wrong key …). */
  'document.retry': defineProcedure({
    input: z.object({ id: idSchema }),
    output: z.object({ jobs: z.array(jobSchema) }),
  }),
  /**
   * Tells the sender 03 (accepted) for a letter that was entered provisionally and then not confirmed: a person decided, for a
   * reason that is kept. Errors: `verification.nothing-to-answer`.
   */
  'document.acknowledge': defineProcedure({
    input: z.object({ id: idSchema, reason: z.string().trim().min(1).max(500) }),
    output: z.object({ jobs: z.array(jobSchema) }),
  }),
  /** Checks the signatures of the newest object now and keeps the result as a row. */
  'document.verify': defineProcedure({ input: z.object({ id: idSchema }), output: signatureCheckSchema }),
  /** The printable "Phiếu kiểm tra chữ ký số": the newest judgement of each file of a document, or of a received file. */
  'verification.sheet': defineProcedure({
    input: z.union([z.object({ documentId: idSchema }), z.object({ intakeId: idSchema })]),
    output: z.object({
      /** PDF in base64. */
      pdf: z.string(),
    }),
  }),
  /** Writes a hand-over package of a register, or a stretch of it, into a folder (docs/archive.md). */
  'archive.export': defineProcedure({
    input: z.object({
      path: z.string().min(1).max(4000),
      registerId: idSchema.optional(),
      year: z.number().int().optional(),
      from: calendarDateSchema.optional(),
      to: calendarDateSchema.optional(),
    }),
    output: z.object({
      path: z.string(),
      packageId: z.string(),
      /** Of the list of hashes, which names every other file. */
      sumsSha256: sha256Schema,
      entries: z.number().int(),
      files: z.number().int(),
      bytes: z.number().int(),
      /** Entries whose document is not sealed yet. */
      left: z.number().int(),
    }),
  }),
  /** Renews the timestamps of archived files whose newest one nears its end, or lists them (docs/archive.md). */
  'archive.retain': defineProcedure({
    input: z.object({
      within: z.number().int().min(0).max(36_600).default(180),
      /** Last days of algorithms, by their names in reports. */
      ends: z
        .array(z.object({ algorithm: z.string().min(1).max(40), last: calendarDateSchema }))
        .max(50)
        .default([]),
      mode: z.enum(['list', 'renew']).default('list'),
      limit: z.number().int().positive().max(100_000).default(100_000),
    }),
    output: z.object({
      /** Archived files with intact signatures. */
      signed: z.number().int(),
      items: z.array(retentionItemSchema),
      /** Due files beyond the limit. */
      left: z.number().int(),
      /** Documents whose last judgement is damaged in the database, by their labels: another judgement mends that. */
      unreadable: z.array(z.string()),
    }),
  }),
  'archive.check': defineProcedure({
    input: z.object({ limit: z.number().int().positive().optional() }),
    output: z.object({
      checked: z.number().int(),
      bytes: z.number().int(),
      damaged: z.array(
        z.object({ sha256: sha256Schema, problem: z.enum(['missing', 'changed', 'unreadable']) }),
      ),
      orphans: z.number().int(),
    }),
  }),
};
