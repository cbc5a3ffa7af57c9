import { z } from 'zod';
import { sha256Schema } from './common.ts';
import { defineProcedure } from './procedure.ts';

/** A page as it looks, for the window to show. */
export const pagePictureSchema = z.object({
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** PNG in base64. */
  png: z.string(),
});
export type PagePicture = z.infer<typeof pagePictureSchema>;

/** A file as it was when one of its signatures was made, beside the file as it is now (issue: "the signed revision"). */
const revisionInput = { sha256: sha256Schema, field: z.string().min(1).max(500) };

export const comparisonProcedures = {
  'revision.open': defineProcedure({
    input: z.object(revisionInput),
    output: z.object({
      signedPages: z.number().int().nonnegative(),
      currentPages: z.number().int().nonnegative(),
      signedBytes: z.number().int(),
      currentBytes: z.number().int(),
    }),
  }),
  /** One page of both; null where that revision has no such page. */
  'revision.page': defineProcedure({
    input: z.object({
      ...revisionInput,
      /** Zero-based. */
      page: z.number().int().nonnegative(),
      dpi: z.number().int().min(40).max(200).default(90),
    }),
    output: z.object({
      signed: pagePictureSchema.nullable(),
      current: pagePictureSchema.nullable(),
      /** Whether the two look different, pixel by pixel. */
      differs: z.boolean(),
    }),
  }),
};
