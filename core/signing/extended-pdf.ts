import { z } from 'zod';
import { errorValueSchema } from '../contract/errors/value.ts';
import { sha256Schema } from '../contract/common.ts';

/** What raising a file's level gave, as it crosses from the document worker ({@link extendPdf}). */
export const raisedFileSchema = z.object({
  sha256: sha256Schema,
  bytes: z.number().int(),
  inputSha256: sha256Schema,
  prefixBytes: z.number().int(),
  prefixSha256: sha256Schema,
  timestampError: errorValueSchema.optional(),
  revocationError: errorValueSchema.optional(),
});
export type RaisedFile = z.infer<typeof raisedFileSchema>;
