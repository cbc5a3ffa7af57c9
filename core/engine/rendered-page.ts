import { z } from 'zod';

/** A picture of a page on its way from the OCR program to the document worker. */
export const renderedPageSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.instanceof(Uint8Array),
});
