import { z } from 'zod';
import { instantSchema, isoDateSchema, sha256Schema } from '../contract/common.ts';
import { arrivalSchema } from '../contract/register.ts';
import { fileVerdictSchema, signatureReportSchema } from '../contract/verification.ts';

/**
 * Hand-over packages (nộp lưu; docs/archive.md): what register and archive hold of a stretch of the arrival register, in the order of time. The shape is
 * ours; the elements of `muc-luc.xml` bear the code names of Decree 30, annex VI (domain/vietnam.md §2.1).
 */
export const HANDOVER_FORMAT = 'an-thu-archive/1';
export const HANDOVER_JSON = 'muc-luc.json';
export const HANDOVER_XML = 'muc-luc.xml';
/** One `HASH  NAME` a line for every other file, as `sha256sum -c` reads it. */
export const HANDOVER_SUMS = 'SHA256SUMS';
export const HANDOVER_PREFIX = 'an-thu-nop-luu-';
/** Entries of one package. */
export const MOST_ENTRIES = 2000;

const fileSchema = z.strictObject({
  /** Below the package, with `/`. */
  name: z.string(),
  role: z.enum(['sealed', 'received', 'attachment', 'package', 'sheet']),
  mediaType: z.string(),
  bytes: z.number().int(),
  sha256: sha256Schema,
  /** The name it came with; ours for what was made here. */
  originalName: z.string(),
});
export type HandoverFile = z.infer<typeof fileSchema>;

const signatureSchema = signatureReportSchema
  .pick({ field: true, kind: true, level: true, indication: true, subIndication: true, timeSource: true })
  .extend({
    signer: z.string().nullable(),
    certificate: sha256Schema.nullable(),
    time: instantSchema.nullable(),
  });
export type HandoverSignature = z.infer<typeof signatureSchema>;

const entrySchema = z.strictObject({
  ordinal: z.number().int().positive(),
  /** `YEAR.REGISTER.NUMBER`, the beginning of its files' names. */
  code: z.string(),
  arrival: arrivalSchema.omit({ documentState: true, levelPending: true, delivery: true }),
  pages: z.number().int().nullable(),
  files: z.array(fileSchema),
  /** The newest judgement of the newest file. */
  verdict: fileVerdictSchema.nullable(),
  checkedAt: instantSchema.nullable(),
  signatures: z.array(signatureSchema),
  /** The entry's lines of the audit log, with the hashes of its chain. */
  history: z.array(
    z.strictObject({ at: instantSchema, actor: z.string(), action: z.string(), hash: sha256Schema }),
  ),
});
export type HandoverEntry = z.infer<typeof entrySchema>;

export const handoverSchema = z.strictObject({
  format: z.literal(HANDOVER_FORMAT),
  packageId: z.uuid(),
  createdAt: instantSchema,
  program: z.string(),
  agency: z.strictObject({ organId: z.string(), name: z.string(), parentName: z.string() }),
  register: z.string(),
  selection: z.strictObject({
    year: z.number().int().nullable(),
    from: isoDateSchema.nullable(),
    to: isoDateSchema.nullable(),
  }),
  /** Last entry of the audit log when the package was made. */
  auditHead: sha256Schema.nullable(),
  entries: z.array(entrySchema),
});
export type Handover = z.infer<typeof handoverSchema>;

const extensions: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/xml': 'edxml',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/tiff': 'tif',
};

/** `YEAR.REGISTER.NUMBER` (domain/vietnam.md §2.2, before a hồ sơ exists). */
export function entryCode(
  arrival: { year: number; number: number; suffix: string },
  register: number,
): string {
  return `${arrival.year}.${register}.${String(arrival.number).padStart(5, '0')}${arrival.suffix}`;
}

/** `van-ban/CODE.N.pdf`; the ending follows from the type, never from a name that came from outside. */
export function handoverName(code: string, place: number, mediaType: string): string {
  return `van-ban/${code}.${place}.${extensions[mediaType] ?? 'bin'}`;
}

export const sheetName = (code: string): string => `phieu-kiem-tra/${code}.pdf`;
