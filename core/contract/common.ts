import { z } from 'zod';

/** SHA-256 as 64 lower-case hex digits. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Calendar date `yyyy-MM-dd` (Vietnam). */
export const isoDateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/** A day that the calendar has; what people and other systems state is held to it. */
export const calendarDateSchema = z.iso.date();

/** The day on which something came to the office: of its years, whose numbers a register gives. */
export const arrivalDateSchema = calendarDateSchema.refine(
  (day) => day >= '1990-01-01' && day < '2201-01-01',
);

/** Instant in ISO 8601 with an offset or `Z`. */
export const instantSchema = z.iso.datetime({ offset: true });

/** A số đến of a year. */
export const givenNumberSchema = z.object({ year: z.number().int(), number: z.number().int().positive() });

export const idSchema = z.string().min(1).max(64);

/** Something a person should know though the work went on. */
export const warningSchema = z.object({
  code: z.string(),
  /** The Vietnamese sentence as it was made; other languages are made from code and detail (sentences.ts). */
  message: z.string(),
  /** Facts of the sentence; older rows have none. */
  detail: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]).optional())
    .optional(),
});
export type Warning = z.infer<typeof warningSchema>;
