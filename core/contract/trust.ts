import { z } from 'zod';
import { instantSchema, sha256Schema } from './common.ts';
import { errorValueSchema } from './errors/value.ts';
import { defineProcedure } from './procedure.ts';
import { certificateClassSchema } from './verification.ts';

export const anchorPurposeSchema = z.enum(['signature', 'timestamp']);

/** An authority that is trusted for one purpose, or is offered to be. */
export const anchorViewSchema = z.object({
  /** SHA-256 of the DER. */
  fingerprint: sha256Schema,
  name: z.string(),
  issuer: z.string(),
  notBefore: instantSchema,
  notAfter: instantSchema,
  class: certificateClassSchema,
  /** What the table of known authorities calls it; null when it is not in it. */
  knownAs: z.string().nullable(),
  sample: z.boolean(),
});
export type AnchorView = z.infer<typeof anchorViewSchema>;

export const storedAnchorSchema = anchorViewSchema.extend({ purpose: anchorPurposeSchema });

/** One certificate of a chosen file. */
export const offeredAnchorSchema = anchorViewSchema.extend({
  /** `known`: its fingerprint is in the table; `typed`: the person has to compare and type it; `refused`: never an anchor. */
  accept: z.enum(['known', 'typed', 'refused']),
  /** Why it is refused; null else. */
  error: errorValueSchema.nullable(),
});
export type OfferedAnchor = z.infer<typeof offeredAnchorSchema>;

export const offeredAnchorsSchema = z.object({ offered: z.array(offeredAnchorSchema) });

export const trustProcedures = {
  'trust.list': defineProcedure({
    input: z.object({}),
    output: z.object({ anchors: z.array(storedAnchorSchema) }),
  }),
  /** Reads a certificate file and keeps what is in it for {@link trustProcedures}[`trust.accept`]; for the shell alone, after its dialog. */
  'trust.read-file': defineProcedure({
    input: z.object({ path: z.string().min(1) }),
    output: offeredAnchorsSchema,
  }),
  /** Trusts an authority of the file that was read last. `typed` is the fingerprint as the person typed it. */
  'trust.accept': defineProcedure({
    input: z.object({
      fingerprint: sha256Schema,
      purpose: anchorPurposeSchema,
      typed: z.string().max(200).default(''),
    }),
    output: z.object({ anchors: z.array(storedAnchorSchema) }),
  }),
  'trust.remove': defineProcedure({
    input: z.object({
      fingerprint: sha256Schema,
      purpose: anchorPurposeSchema,
      reason: z.string().trim().min(1).max(500),
    }),
    output: z.object({ anchors: z.array(storedAnchorSchema) }),
  }),
};
