import { z } from 'zod';
import { idSchema, instantSchema, isoDateSchema, sha256Schema } from './common.ts';
import { defineProcedure } from './procedure.ts';
import { urgencySchema } from './reading.ts';

/** Which entries of a register; both ends of a range count. */
export const bookRangeSchema = z.object({
  /** The first register when left out. */
  registerId: idSchema.optional(),
  /** Year of the số đến. */
  year: z.number().int().min(1).max(9999).optional(),
  /** Days of arrival. */
  from: isoDateSchema.optional(),
  to: isoDateSchema.optional(),
  fromNumber: z.number().int().positive().optional(),
  toNumber: z.number().int().positive().optional(),
});
export type BookRange = z.infer<typeof bookRangeSchema>;

/** Where an output goes; `replace` only where a person said so (`--force`, the system's own dialog). */
const targetShape = {
  path: z.string().min(1).max(4000),
  existing: z.enum(['refuse', 'replace']).default('refuse'),
};

/** What was written, and which entries it holds. */
const writtenBookShape = {
  path: z.string(),
  sha256: sha256Schema,
  bytes: z.number().int(),
  entries: z.number().int(),
  voided: z.number().int(),
  /** Số đến with its suffix of the first and the last entry. */
  first: z.string(),
  last: z.string(),
};

/** How a period's documents stand by one mark; null for what the register does not record. */
const countSchema = z.number().int().nullable();

/** Báo cáo tình hình văn bản đến of a quarter or a year: counted from the register; null says "not recorded", never 0. */
export const arrivalReportSchema = z.object({
  agency: z.string(),
  register: z.string(),
  year: z.number().int(),
  quarter: z.number().int().nullable(),
  /** Days of arrival, both included. */
  from: isoDateSchema,
  to: isoDateSchema,
  madeAt: instantSchema,
  /** False while the period goes on. */
  complete: z.boolean(),
  numbers: z.object({
    given: z.number().int(),
    voided: z.number().int(),
    lateEntries: z.number().int(),
    /** Of the year: given, but their entries are lost; they have no day, so that a quarter cannot count them. */
    lost: countSchema,
  }),
  /** Entries that are not voided; everything below counts these. */
  documents: z.number().int(),
  byOrigin: z.object({ paper: z.number().int(), electronic: z.number().int() }),
  byType: z.array(z.object({ typeName: z.string(), count: z.number().int() })),
  byUrgency: z.record(urgencySchema, z.number().int()),
  /** Day of arrival against the day of registering (Đ4.2c); working days without public holidays. */
  registered: z.object({
    sameDay: z.number().int(),
    nextWorkingDay: z.number().int(),
    later: z.number().int(),
  }),
  transfer: z.object({
    transferred: z.number().int(),
    receiptSigned: z.number().int(),
    notTransferred: z.number().int(),
  }),
  handling: z.object({
    withDueDate: z.number().int(),
    /** Due by the end of the period, or by today while it goes on. */
    dueByNow: z.number().int(),
    inTime: countSchema,
    late: countSchema,
    unfinished: countSchema,
  }),
  /** Paper that was scanned: the agency's signature on it. */
  digitized: z.object({
    signed: z.number().int(),
    waiting: z.number().int(),
    /** Signed, but a timestamp or revocation data is still to come. */
    belowLevel: z.number().int(),
    withoutScan: z.number().int(),
  }),
  /** Signatures of electronic documents by their last check. */
  signatures: z.object({
    valid: z.number().int(),
    invalid: z.number().int(),
    indeterminate: z.number().int(),
    unsigned: z.number().int(),
    unchecked: z.number().int(),
  }),
  /** To the provincial system. */
  delivery: z.object({
    acknowledged: z.number().int(),
    waiting: z.number().int(),
    blocked: z.number().int(),
    nothingToSend: z.number().int(),
  }),
  /** What such a report asks for and the register does not hold, in Vietnamese. */
  notRecorded: z.array(z.string()),
});
export type ArrivalReport = z.infer<typeof arrivalReportSchema>;

export const registerBookProcedures = {
  /**
   * Sổ đăng ký văn bản đến as a PDF (A4 landscape, cover, ten columns). For the command line and the shell: it names a file.
   * Errors: `register.nothing-to-print`, `general.output-exists`, `store.cannot-write`.
   */
  'register.print': defineProcedure({
    input: bookRangeSchema.extend({
      ...targetShape,
      /** Quyển số; left for the pen when not given. */
      volume: z.string().trim().max(20).default(''),
    }),
    output: z.object({ ...writtenBookShape, pages: z.number().int() }),
  }),
  /** All fields of the entries as CSV or JSON. Errors as for printing. */
  'register.export': defineProcedure({
    input: bookRangeSchema.extend({
      ...targetShape,
      format: z.enum(['csv', 'json']),
      separator: z.enum(['comma', 'semicolon']).default('comma'),
    }),
    output: z.object(writtenBookShape),
  }),
  /** Errors: `register.period-not-begun`. */
  'report.arrivals': defineProcedure({
    input: z.object({
      registerId: idSchema.optional(),
      year: z.number().int().min(1).max(9999),
      quarter: z.number().int().min(1).max(4).optional(),
    }),
    output: arrivalReportSchema,
  }),
};
