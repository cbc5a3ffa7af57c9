import { z } from 'zod';
import {
  givenNumberSchema,
  idSchema,
  instantSchema,
  arrivalDateSchema,
  calendarDateSchema,
  sha256Schema,
  warningSchema,
} from './common.ts';
import { errorValueSchema } from './errors/value.ts';
import { defineProcedure } from './procedure.ts';
import { proposalSchema, urgencySchema } from './reading.ts';
import { fileReportSchema, signatureCheckSchema } from './verification.ts';

/**
 * Where a received file stands (hộp thư quét):
 * received → (held) → checked → reading → proposed → accepted; or quarantined, failed, dismissed.
 * `held` waits for the virus scanner; `failed` keeps the file safe and says why.
 */
export const intakeStateSchema = z.enum([
  'received',
  'held',
  'checked',
  'reading',
  'proposed',
  'accepted',
  'quarantined',
  'failed',
  'dismissed',
]);
export type IntakeState = z.infer<typeof intakeStateSchema>;

export const virusCheckSchema = z.object({
  verdict: z.enum(['clean', 'infected', 'too-large', 'unavailable', 'error', 'left-out']),
  reply: z.string(),
  engine: z.string().nullable(),
  database: z.string().nullable(),
  databaseDate: z.string().nullable(),
  at: instantSchema,
});
export type VirusCheck = z.infer<typeof virusCheckSchema>;

/** What is known of the picture: shown beside the scan and checked against the decree. */
export const scanFactsSchema = z.object({
  pages: z.number().int().nonnegative(),
  dpi: z.number().nullable(),
  colour: z.enum(['colour', 'grey', 'bilevel', 'unknown']),
  mediaType: z.string(),
  signed: z.boolean(),
});

export const duplicateSchema = z.object({
  kind: z.enum(['same-file', 'same-document']),
  intakeId: idSchema.nullable(),
  arrivalId: idSchema.nullable(),
  /** In Vietnamese: its arrival number, else the name of its file. */
  label: z.string(),
  /** Arrival number and year, `12/2026`; null for what is not in the register. */
  number: z.string().nullable(),
});

export type Duplicate = z.infer<typeof duplicateSchema>;

/** One received file in the scan inbox. */
export const intakeItemSchema = z.object({
  id: idSchema,
  origin: z.enum(['paper', 'electronic']),
  source: z.enum(['folder', 'command', 'inbox']),
  originalName: z.string(),
  receivedAt: instantSchema,
  bytes: z.number().int().nonnegative(),
  /** Object as received. */
  sha256: sha256Schema,
  /** The one PDF made of it (equal to `sha256` when it came as a PDF); null until converted. */
  pdfSha256: sha256Schema.nullable(),
  state: intakeStateSchema,
  error: errorValueSchema.nullable(),
  virusCheck: virusCheckSchema.nullable(),
  facts: scanFactsSchema.nullable(),
  proposal: proposalSchema.nullable(),
  verification: fileReportSchema.nullable(),
  /** Of the package's own XML signature; null for what came alone. */
  packageVerification: fileReportSchema.nullable(),
  duplicates: z.array(duplicateSchema),
  warnings: z.array(warningSchema),
  arrivalId: idSchema.nullable(),
});
export type IntakeItem = z.infer<typeof intakeItemSchema>;

/** A file seen in a watched folder but not taken yet; also a watched folder that cannot be opened. */
export const candidateSchema = z.object({
  path: z.string(),
  name: z.string(),
  bytes: z.number(),
  /** `held-elsewhere`: another computer took it long ago and has not finished. */
  state: z.enum(['settling', 'incomplete', 'empty', 'unreadable', 'held-elsewhere']),
  since: instantSchema,
  /** Why it does not go on. */
  error: errorValueSchema.optional(),
});

const describedFields = {
  issuer: z.string().trim().min(1).max(500),
  docNumber: z.string().trim().max(30),
  docNotation: z.string().trim().max(60),
  docDate: calendarDateSchema.nullable(),
  typeName: z.string().trim().min(1).max(100),
  subject: z.string().trim().min(1).max(2000),
  receiver: z.string().trim().max(1000),
  note: z.string().trim().max(500),
  urgency: urgencySchema,
  dueDate: calendarDateSchema.nullable(),
  signerName: z.string().trim().max(100),
};

/** The register fields as the clerk confirms them (columns of Sổ đăng ký văn bản đến, domain/vietnam.md §1.5). */
export const arrivalFieldsSchema = z.object({
  ...describedFields,
  receiver: describedFields.receiver.default(''),
  note: describedFields.note.default(''),
  urgency: describedFields.urgency.default('thuong'),
  dueDate: describedFields.dueDate.default(null),
  signerName: describedFields.signerName.default(''),
});
export type ArrivalFields = z.infer<typeof arrivalFieldsSchema>;

/** What a correction changes: without defaults, for what is left out stays as it is. */
export const arrivalPatchSchema = z.object(describedFields).partial();

export const intakeProcedures = {
  'intake.list': defineProcedure({
    input: z.object({
      states: z.array(intakeStateSchema).optional(),
      limit: z.number().int().max(500).default(200),
    }),
    output: z.object({ items: z.array(intakeItemSchema), candidates: z.array(candidateSchema) }),
  }),
  /** Who else takes files out of the scan folders, with the files that are on their way there; looked up anew. */
  'intake.elsewhere': defineProcedure({
    input: z.object({}),
    output: z.object({
      folders: z.array(
        z.object({
          /** The scan folder. */
          path: z.string(),
          /** Null: claimed by an earlier version, nobody can tell for whom. */
          owner: z.string().nullable(),
          computer: z.string().nullable(),
          dataFolder: z.string().nullable(),
          files: z.array(z.object({ name: z.string(), bytes: z.number(), path: z.string() })),
        }),
      ),
    }),
  }),
  'intake.get': defineProcedure({ input: z.object({ id: idSchema }), output: intakeItemSchema }),
  'intake.add': defineProcedure({
    input: z.object({ paths: z.array(z.string()).min(1) }),
    /** `failed`: files that could not be taken in while others were; when none could, the call itself fails. */
    output: z.object({
      items: z.array(intakeItemSchema),
      failed: z.array(z.object({ path: z.string(), error: errorValueSchema })),
    }),
  }),
  /**
   * Enters the document in the register: gives the số đến and queues signing (paper) or status 03 (electronic).
   * Refused with `register.duplicate` unless `duplicateAccepted`, with `register.decision-needed` where the signatures
   * leave it to the clerk (advice `ask`, `decide`, `as-paper`) and no `decision` is given.
   */
  'intake.accept': defineProcedure({
    input: z.object({
      id: idSchema,
      registerId: idSchema.optional(),
      fields: arrivalFieldsSchema,
      arrivalDate: arrivalDateSchema.optional(),
      /** The number it bore in a register that was lost (`register.gaps`); of the arrival date's year. */
      lostNumber: givenNumberSchema.optional(),
      duplicateAccepted: z.boolean().default(false),
      /** Why it is entered although the signatures leave it to the clerk; kept in the log. */
      decision: z.string().trim().max(500).default(''),
    }),
    output: z.object({
      arrivalId: idSchema,
      documentId: idSchema,
      year: z.number().int(),
      number: z.number().int(),
    }),
  }),
  'intake.dismiss': defineProcedure({
    input: z.object({ id: idSchema, reason: z.string().trim().min(1).max(500) }),
    output: intakeItemSchema,
  }),
  /** Judges the signatures of a file that waits for registration now, asking responders; the result is a further row. */
  'intake.verify': defineProcedure({ input: z.object({ id: idSchema }), output: intakeItemSchema }),
  /** Every judgement of a received file and of its package, the first first. */
  'intake.judgements': defineProcedure({
    input: z.object({ id: idSchema }),
    output: z.object({
      judgements: z.array(signatureCheckSchema.extend({ part: z.enum(['document', 'package']) })),
    }),
  }),
  /** Tries a held or failed file again. */
  'intake.retry': defineProcedure({ input: z.object({ id: idSchema }), output: intakeItemSchema }),
};
