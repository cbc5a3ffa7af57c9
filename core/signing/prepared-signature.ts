import { z } from 'zod';
import { warningSchema, type Warning } from '../contract/common.ts';
import { padesLevels } from '../contract/pades-levels.ts';
import { signatureAppearanceSchema } from './appearance/look-schema.ts';

export type { SignatureAppearance } from './appearance/look-schema.ts';

const digestAlgorithmSchema = z.enum(['sha256', 'sha384', 'sha512']);

/** Bytes kept for the CMS: leaf and chain certificates and a timestamp fit (findings/signing-stack.md §6). */
const DEFAULT_RESERVE_BYTES = 16_384;

export const prepareSignatureOptionsSchema = z.object({
  inputPath: z.string().min(1),
  /** Where the unfinished output goes; overwritten when left over from before. */
  partPath: z.string().min(1),
  /** ISO 8601 with offset; becomes /M and the block's time, in +07:00. */
  signingTime: z.iso.datetime({ offset: true }),
  appearance: signatureAppearanceSchema.default({ kind: 'none' }),
  /** An empty signature field of this name is signed into; else a new field gets the name. */
  fieldName: z.string().min(1).max(100).optional(),
  reason: z.string().max(500).optional(),
  location: z.string().max(500).optional(),
  reserveBytes: z.number().int().min(2048).max(1_048_576).default(DEFAULT_RESERVE_BYTES),
  /** Default: what the field asks for, else SHA-256. */
  digestAlgorithm: digestAlgorithmSchema.optional(),
  /** Makes it a certification that allows from then on: 1 nothing, 2 forms and signatures, 3 annotations too. */
  certify: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  /** What is asked for, where it is known: a field may order a timestamp. */
  level: z.enum(padesLevels).optional(),
  /** User or owner password of an encrypted file; the empty one is tried without it. */
  password: z.string().max(1000).optional(),
});
export type PrepareSignatureOptions = z.input<typeof prepareSignatureOptionsSchema>;

export type SigningWarning = Warning;

export const preparedSignatureSchema = z.object({
  inputPath: z.string(),
  partPath: z.string(),
  byteRange: z.tuple([z.literal(0), z.number().int(), z.number().int(), z.number().int()]),
  digestAlgorithm: digestAlgorithmSchema,
  /** Digest over the byte range. */
  digestHex: z.string().regex(/^[0-9a-f]{64,128}$/),
  /** Offset of the `<` of /Contents. */
  contentsOffset: z.number().int().positive(),
  reserveBytes: z.number().int().positive(),
  fieldName: z.string(),
  /** Pages the page tree declares. */
  pages: z.number().int().positive(),
  inputBytes: z.number().int().positive(),
  inputSha256: z.string().regex(/^[0-9a-f]{64}$/),
  warnings: z.array(warningSchema),
});

/** A part file that lacks only its CMS, and all that is needed to finish it in another process. */
export type PreparedSignature = z.infer<typeof preparedSignatureSchema>;

export const embeddedSignatureSchema = z.object({
  /** Of the finished file. */
  sha256: z.string(),
  bytes: z.number().int().positive(),
  /** How many leading bytes were compared with the input and found equal: all of the input. */
  prefixBytes: z.number().int().positive(),
  prefixSha256: z.string(),
});
export type EmbeddedSignature = z.infer<typeof embeddedSignatureSchema>;
