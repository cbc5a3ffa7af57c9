import { z } from 'zod';

const boxSchema = z.object({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() });

export const readPageRequestSchema = z.object({
  pdfPath: z.string().min(1),
  page: z.number().int().nonnegative(),
  fraction: z.number().min(0.05).max(1),
  password: z.string().optional(),
});

export const renderPageRequestSchema = z.object({
  pdfPath: z.string().min(1),
  page: z.number().int().nonnegative(),
  dpi: z.number().min(10).max(600),
  format: z.enum(['png', 'jpeg']).optional(),
  password: z.string().optional(),
});

const wordSchema = z.object({ text: z.string(), confidence: z.number(), box: boxSchema });
const lineSchema = wordSchema.extend({ words: z.array(wordSchema) });

export const pageTextSchema = z.object({
  page: z.number(),
  pageWidth: z.number(),
  pageHeight: z.number(),
  dpi: z.number(),
  fraction: z.number(),
  lines: z.array(lineSchema),
  redMarks: z.array(wordSchema.extend({ framed: z.boolean() })).optional(),
  skew: z.number().optional(),
  source: z.enum(['ocr', 'text-layer']).optional(),
  engine: z.string().optional(),
  ms: z.number(),
});

export const renderedPageSchema = z.object({
  width: z.number(),
  height: z.number(),
  bytes: z.instanceof(Uint8Array),
});
