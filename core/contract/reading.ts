import { z } from 'zod';

/** Urgency (độ khẩn, ô 10b), from the everyday to the most urgent (domain/vietnam.md §1.8). */
export const urgencySchema = z.enum(['thuong', 'khan', 'thuong-khan', 'hoa-toc']);
export type Urgency = z.infer<typeof urgencySchema>;

/** Secrecy (độ mật, ô 10a). Anything but `thuong` keeps a file out of this program (domain/vietnam.md §1.8). */
export const secrecySchema = z.enum(['thuong', 'mat', 'toi-mat', 'tuyet-mat']);
export type Secrecy = z.infer<typeof secrecySchema>;

/** Where a proposed value was read from. */
export const proposalSourceSchema = z.enum(['ocr', 'text-layer', 'edxml']);
export type ProposalSource = z.infer<typeof proposalSourceSchema>;

/** A place on a page as shares (0 to 1) of its width and height, origin top left; `page` is zero-based. */
export const pageBoxSchema = z.object({
  page: z.number().int().nonnegative(),
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  w: z.number().min(0).max(1),
  h: z.number().min(0).max(1),
});
export type PageBox = z.infer<typeof pageBoxSchema>;

/** A proposed value, how sure we are of it (0 to 1) and where it was seen. */
export interface ProposedField<T> {
  readonly value: T;
  readonly confidence: number;
  readonly source: ProposalSource;
  readonly box?: PageBox | undefined;
}

const field = <T extends z.ZodType>(value: T) =>
  z
    .object({
      value,
      confidence: z.number().min(0).max(1),
      source: proposalSourceSchema,
      box: pageBoxSchema.optional(),
    })
    .nullable();

/** A date as `yyyy-MM-dd`. */
const dateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/**
 * What the head of a document seems to say. Null means: not found, the clerk types it. Everything is a
 * proposal that the clerk confirms; số đến and ngày đến are never proposed (domain/vietnam.md §1.10).
 */
export const proposalSchema = z.object({
  /** Số of the document as printed, `05` stays `05`. */
  docNumber: field(z.string()),
  /** Ký hiệu as printed after the slash: `UBND-KGVX`, `QĐ-UBND`, `2026/NQ-HĐND`. */
  docNotation: field(z.string()),
  docDate: field(dateSchema),
  /** Issuing body as printed (or as the agency list spells it when it was recognised there). */
  issuer: field(z.string()),
  /** Position in the list of 29 types. */
  typeId: field(z.number().int().min(1).max(29)),
  typeName: field(z.string()),
  /** Trích yếu in one line, as printed (a công văn keeps its `V/v`; search strips it, domain/vietnam.md §1.10). */
  subject: field(z.string()),
  urgency: field(urgencySchema),
  secrecy: field(secrecySchema),
  signerName: field(z.string()).optional(),
  /** Whether our agency was found under `Kính gửi` or `Nơi nhận`; false asks “gửi sai nơi nhận?”. */
  recipientMatches: field(z.boolean()).optional(),
  /** Milliseconds the reading took. */
  ms: z.number().nonnegative(),
  /** What read it, with its version: `tesseract.js 7.0.0 vie`, `pdfium text`. */
  engine: z.string(),
});
export type Proposal = z.infer<typeof proposalSchema>;
