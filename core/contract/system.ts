import { z } from 'zod';
import { idSchema, instantSchema, warningSchema } from './common.ts';
import { auditRowSchema } from './audit.ts';
import { auditEntrySchema } from './document.ts';
import { padesLevels } from './pades-levels.ts';
import { defineProcedure } from './procedure.ts';

export const agencySchema = z.object({
  id: idSchema,
  name: z.string(),
  parentName: z.string(),
  organId: z.string(),
  place: z.string(),
  demo: z.boolean(),
});
export type Agency = z.infer<typeof agencySchema>;

export const serviceStateSchema = z.object({
  name: z.enum(['scanner', 'server', 'tsa', 'ocr', 'token', 'folders', 'backup']),
  state: z.enum(['ok', 'unavailable', 'off']),
  /** How it is, in one sentence or two. */
  said: z.array(warningSchema).min(1),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const settingsSchema = z.object({
  watchedFolders: z.array(z.object({ path: z.string(), polling: z.boolean().default(false) })),
  scanner: z.object({
    mode: z.enum(['clamd', 'left-out']),
    socketPath: z.string().nullable(),
    host: z.string().nullable(),
    port: z.number().int().nullable(),
    maxMegabytes: z.number().int().positive(),
  }),
  signing: z.object({
    keyUri: z.string().nullable(),
    /** The PAdES level that every sealed document is to have; what services cannot give at once follows later. */
    level: z.enum(padesLevels),
    /** A document below its level is sent at once and corrected later, or waits (urgent ones never do). */
    sending: z.enum(['at-once', 'wait-for-level']),
    /** Whether the ĐẾN stamp is drawn on a scan before the agency signs it (domain/vietnam.md §1.4). */
    arrivalStamp: z.enum(['none', 'draw']),
    tsaUrl: z.string().nullable(),
    modules: z.array(z.string()),
    softTokens: z.array(z.string()),
  }),
  sync: z.object({
    serverUrl: z.string().nullable(),
    officeId: z.string().nullable(),
    everySeconds: z.number().int().min(5),
  }),
  settle: z.object({ quietMs: z.number().int().min(50), incompleteAfterMs: z.number().int().min(1000) }),
  language: z.enum(['vi', 'en']),
  /** The clerk's name for the log and the province; the operating system's user when null. */
  clerkName: z.string().trim().min(1).max(100).nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** What the page may change; server, scanner and modules are set by the administrator with `an-thu agency init`. */
export const settingsPatchSchema = z.object({
  watchedFolders: settingsSchema.shape.watchedFolders.optional(),
  signing: settingsSchema.shape.signing
    .pick({ keyUri: true, level: true, sending: true, arrivalStamp: true, tsaUrl: true })
    .partial()
    .optional(),
  sync: settingsSchema.shape.sync.pick({ everySeconds: true }).partial().optional(),
  language: settingsSchema.shape.language.optional(),
});

export const engineStatusSchema = z.object({
  version: z.string(),
  dataDir: z.string(),
  startedAt: instantSchema,
  readyMs: z.number(),
  agencies: z.array(agencySchema),
  demo: z.boolean(),
  counts: z.object({
    proposed: z.number().int(),
    attention: z.number().int(),
    waitingForToken: z.number().int(),
    /** Sealed documents that wait for a timestamp or revocation data. */
    waitingForLevel: z.number().int(),
    outboxPending: z.number().int(),
  }),
});
export type EngineStatus = z.infer<typeof engineStatusSchema>;

export const systemProcedures = {
  'engine.status': defineProcedure({ input: z.object({}), output: engineStatusSchema }),
  /** Asks scanner, server, TSA, tokens and scan folders how they are, and says how the last backup is. */
  'services.status': defineProcedure({
    input: z.object({}),
    output: z.object({ services: z.array(serviceStateSchema) }),
  }),
  'settings.get': defineProcedure({ input: z.object({}), output: settingsSchema }),
  'settings.set': defineProcedure({ input: settingsPatchSchema, output: settingsSchema }),
  /** For the shell only: checks a signed bundle and lays its installer ready. */
  'update.stage': defineProcedure({
    input: z.object({ path: z.string().min(1) }),
    output: z.object({ version: z.string(), notes: z.string(), installerPath: z.string() }),
  }),
  'audit.list': defineProcedure({
    input: z.object({
      beforeSequence: z.number().int().optional(),
      limit: z.number().int().max(500).default(100),
    }),
    output: z.object({ entries: z.array(auditEntrySchema) }),
  }),
  /** Entries as they are stored and hashed, oldest first: what an export holds. */
  'audit.rows': defineProcedure({
    input: z.object({ afterSequence: z.number().int(), limit: z.number().int().positive().max(500) }),
    output: z.object({ rows: z.array(auditRowSchema) }),
  }),
  'audit.verify': defineProcedure({
    /** `noted`: a head written down elsewhere, which the chain must go through. */
    input: z.object({ noted: z.string().optional() }),
    output: z.object({
      ok: z.boolean(),
      entries: z.number().int(),
      head: z.string().nullable(),
      brokenAt: z.number().int().nullable(),
      knownHead: z.boolean(),
    }),
  }),
  /** Waits until no job is ready or running (for the command line and tests). `ok` is false at the deadline. */
  'engine.settled': defineProcedure({
    input: z.object({ timeoutMs: z.number().int().positive().max(600_000) }),
    output: z.object({ ok: z.boolean() }),
  }),
};
