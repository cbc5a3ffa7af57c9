import { z } from 'zod';
import { givenNumberSchema, idSchema, instantSchema, isoDateSchema, arrivalDateSchema } from './common.ts';
import { defineProcedure } from './procedure.ts';
import { arrivalFieldsSchema, arrivalPatchSchema } from './intake.ts';
import { urgencySchema } from './reading.ts';

/** Where the document of an entry stands on its way to the archive. */
export const documentStateSchema = z.enum(['registered', 'signing', 'sealed']);
/** Where its upload (or status message) stands. */
export const deliveryStateSchema = z.enum(['none', 'pending', 'sending', 'acked', 'blocked']);

/** One row of Sổ đăng ký văn bản đến (ten legal columns, domain/vietnam.md §1.5) and what we keep beside. */
export const arrivalSchema = z.object({
  id: idSchema,
  registerId: idSchema,
  year: z.number().int(),
  number: z.number().int().positive(),
  /** Số phụ: '' or a, b, c … for a late entry. */
  suffix: z.string(),
  arrivalDate: isoDateSchema,
  issuer: z.string(),
  docNumber: z.string(),
  docNotation: z.string(),
  docDate: isoDateSchema.nullable(),
  typeName: z.string(),
  subject: z.string(),
  receiver: z.string(),
  transferDate: isoDateSchema.nullable(),
  receivedBy: z.string(),
  note: z.string(),
  urgency: urgencySchema,
  dueDate: isoDateSchema.nullable(),
  signerName: z.string(),
  origin: z.enum(['paper', 'electronic']),
  registeredAt: instantSchema,
  voidedAt: instantSchema.nullable(),
  voidReason: z.string().nullable(),
  documentId: idSchema,
  documentState: documentStateSchema,
  /** Sealed below the level the agency wants: a timestamp or revocation data is still to come. */
  levelPending: z.boolean(),
  delivery: deliveryStateSchema,
});
export type Arrival = z.infer<typeof arrivalSchema>;

export const registerSchema = z.object({
  id: idSchema,
  agencyId: idSchema,
  kind: z.literal('arrival'),
  name: z.string(),
  years: z.array(z.number().int()),
});

export const registerProcedures = {
  'register.registers': defineProcedure({
    input: z.object({}),
    output: z.object({ registers: z.array(registerSchema) }),
  }),
  /** Newest first. `query` searches every text field without marks (`duong` finds `đường`). */
  'register.list': defineProcedure({
    input: z.object({
      registerId: idSchema.optional(),
      year: z.number().int().optional(),
      query: z.string().max(200).default(''),
      from: isoDateSchema.optional(),
      to: isoDateSchema.optional(),
      offset: z.number().int().nonnegative().default(0),
      limit: z.number().int().positive().max(1000).default(100),
    }),
    output: z.object({ rows: z.array(arrivalSchema), total: z.number().int() }),
  }),
  'register.get': defineProcedure({ input: z.object({ id: idSchema }), output: arrivalSchema }),
  'register.void': defineProcedure({
    input: z.object({ id: idSchema, reason: z.string().trim().min(1).max(500) }),
    output: arrivalSchema,
  }),
  /** Corrects fields of an entry; the earlier values stay in the audit log. Number and date of arrival never change. */
  'register.correct': defineProcedure({
    input: z.object({
      id: idSchema,
      fields: arrivalPatchSchema,
      reason: z.string().trim().min(1).max(500),
    }),
    output: arrivalSchema,
  }),
  /** Ngày chuyển and ký nhận, columns 8 and 9. */
  'register.transfer': defineProcedure({
    input: z.object({
      id: idSchema,
      receiver: z.string().trim().min(1).max(1000),
      transferDate: arrivalDateSchema,
      receivedBy: z.string().trim().max(200),
    }),
    output: arrivalSchema,
  }),
  /** A paper-only or late entry without a file: `lateAfter` gives the number it follows (số phụ a, b, …). */
  'register.enter': defineProcedure({
    input: z.object({
      registerId: idSchema.optional(),
      fields: arrivalFieldsSchema,
      arrivalDate: arrivalDateSchema,
      lateAfter: givenNumberSchema.optional(),
      /** The number it bore in a register that was lost (`register.gaps`). */
      lostNumber: givenNumberSchema.optional(),
      duplicateAccepted: z.boolean().default(false),
    }),
    output: arrivalSchema,
  }),
  /** Numbers that were given by a register that a restored backup took the place of, and were not entered again. */
  'register.gaps': defineProcedure({
    input: z.object({}),
    output: z.object({
      gaps: z.array(
        z.object({
          registerId: idSchema,
          year: z.number().int(),
          first: z.number().int(),
          last: z.number().int(),
          /** Of these, the ones without an entry, in order. */
          ranges: z.array(z.object({ from: z.number().int(), to: z.number().int() })),
          /** The same one by one; at most a thousand. */
          missing: z.array(z.number().int()),
          reason: z.string(),
          recordedAt: instantSchema,
        }),
      ),
    }),
  }),
  /** Known entries with the same number, notation and issuer (domain/vietnam.md §0.6). */
  'register.duplicates': defineProcedure({
    input: z.object({
      docNumber: z.string(),
      docNotation: z.string(),
      issuer: z.string(),
      docDate: isoDateSchema.nullable(),
    }),
    output: z.object({ rows: z.array(arrivalSchema) }),
  }),
};
