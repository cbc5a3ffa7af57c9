import { z } from 'zod';
import { warningSchema } from '../contract/common.ts';
import { MEDIA_TYPES } from './sniff.ts';

const colourSchema = z.enum(['colour', 'grey', 'bilevel', 'unknown']);

const pageFactsSchema = z.object({
  /** As shown, in millimetres rounded to 0.1. */
  widthMm: z.number(),
  heightMm: z.number(),
  /** What the page was laid out with; null when it is not a scan or nothing told. */
  dpi: z.object({ x: z.number(), y: z.number() }).nullable(),
  colour: colourSchema,
  bitsPerPixel: z.number().int().nullable(),
});
export type PageFacts = z.infer<typeof pageFactsSchema>;

/** What became of a received file: one PDF, and what its pages are like. */
export const conversionSchema = z.object({
  pages: z.number().int().positive(),
  /** Of the first 200 pages. */
  pageFacts: z.array(pageFactsSchema),
  /** The lowest resolution of any page, rounded; null when unknown. */
  dpi: z.number().nullable(),
  /** The poorest of any page. */
  colour: colourSchema,
  bitsPerPixel: z.number().int().nullable(),
  /** Type of the input by its content. */
  mediaType: z.enum([MEDIA_TYPES.pdf, MEDIA_TYPES.jpeg, MEDIA_TYPES.png, MEDIA_TYPES.tiff]),
  /** Pictures are never compressed anew with loss. */
  recompressed: z.literal(false),
  /** One of a kind, for the first page it is true of. */
  warnings: z.array(warningSchema),
});
export type Conversion = z.infer<typeof conversionSchema>;

export const convertToPdfOptionsSchema = z.object({
  inputPath: z.string(),
  /** Must not exist yet. */
  outputPath: z.string(),
  /** Name the file came with: its extension is compared with the content. */
  originalName: z.string().optional(),
  /** Used when neither the file nor its shape tells; default 200. */
  defaultDpi: z.number().min(20).max(10_000).optional(),
});
export type ConvertToPdfOptions = z.infer<typeof convertToPdfOptionsSchema>;
