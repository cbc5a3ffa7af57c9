import { z } from 'zod';
import { idSchema, instantSchema, sha256Schema } from './common.ts';
import { padesLevels } from './pades-levels.ts';
import { verificationMessageCodeSchema } from './verification-messages.ts';

/** Verdict over one file (design/cli.md, `verify`). */
export const fileVerdictSchema = z.enum(['valid', 'indeterminate', 'invalid', 'unsigned', 'unreadable']);
export type FileVerdict = z.infer<typeof fileVerdictSchema>;

/** Indications of ETSI EN 319 102-1 in the spelling DSS uses (design/cli.md, `verify`). */
export const indicationSchema = z.enum(['TOTAL_PASSED', 'INDETERMINATE', 'TOTAL_FAILED']);
export type Indication = z.infer<typeof indicationSchema>;

/** Sub-indications (findings/signing-peers.md §3.5). */
export const subIndicationSchema = z.enum([
  'FORMAT_FAILURE',
  'HASH_FAILURE',
  'SIG_CRYPTO_FAILURE',
  'SIG_CONSTRAINTS_FAILURE',
  'CHAIN_CONSTRAINTS_FAILURE',
  'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE',
  'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
  'EXPIRED',
  'NOT_YET_VALID',
  'REVOKED',
  'REVOKED_NO_POE',
  'REVOKED_CA_NO_POE',
  'OUT_OF_BOUNDS_NO_POE',
  'OUT_OF_BOUNDS_NOT_REVOKED',
  'TIMESTAMP_ORDER_FAILURE',
  'NO_SIGNING_CERTIFICATE_FOUND',
  'NO_CERTIFICATE_CHAIN_FOUND',
  'NO_POE',
  'TRY_LATER',
  'SIGNED_DATA_NOT_FOUND',
  'POLICY_PROCESSING_ERROR',
]);
export type SubIndication = z.infer<typeof subIndicationSchema>;

export const signatureLevelSchema = z.enum([...padesLevels, 'none']);
export type SignatureLevel = z.infer<typeof signatureLevelSchema>;

export const signaturePurposeSchema = z.enum(['agency', 'person', 'timestamp', 'unknown']);
export type SignaturePurpose = z.infer<typeof signaturePurposeSchema>;

/**
 * Whose certificate it is: `official` chains to an anchor of the government's own CA (chuyên dùng công vụ),
 * `public` to the national root of the public CAs, `unknown` otherwise (domain/vietnam.md §6.5).
 */
export const certificateClassSchema = z.enum(['official', 'public', 'unknown']);
export type CertificateClass = z.infer<typeof certificateClassSchema>;

const isoTime = z.string();

export const signerSchema = z.object({
  name: z.string(),
  organization: z.string().nullable(),
  title: z.string().nullable(),
  /** Lower-case hex. */
  serial: z.string(),
  issuer: z.string(),
  notBefore: isoTime,
  notAfter: isoTime,
  /** SHA-256 of the certificate's DER, lower-case hex. */
  fingerprint: z.string(),
  class: certificateClassSchema,
});
export type Signer = z.infer<typeof signerSchema>;

export const verificationMessageSchema = z.object({
  code: verificationMessageCodeSchema,
  /** Vietnamese sentence for the clerk. */
  text: z.string(),
});
export type VerificationMessage = z.infer<typeof verificationMessageSchema>;

export const changeSchema = z.object({
  /** Object and generation as `12 0`, or a name such as `trailer`. */
  object: z.string(),
  /** Zero-based page index the object belongs to, when known. */
  page: z.number().int().nullable(),
  /** `metadata`: document information and XMP, which no page shows. */
  class: z.enum(['lta-update', 'new-signature', 'metadata', 'form-fill', 'annotation', 'other']),
});
export type Change = z.infer<typeof changeSchema>;

/** One signature or document timestamp of a file; the `S` of design/cli.md, `verify`. */
export const signatureReportSchema = z.object({
  field: z.string(),
  kind: z.enum(['signature', 'document-timestamp']),
  purpose: signaturePurposeSchema,
  subFilter: z.string().nullable(),
  level: signatureLevelSchema,
  indication: indicationSchema,
  subIndication: subIndicationSchema.nullable(),
  /** Digest and signature value both right; null when they could not be computed. */
  integrity: z.boolean().nullable(),
  coverage: z.enum(['whole-file', 'revision', 'partial']),
  /** What later revisions did to the signed one. */
  later: z.enum(['none', 'permitted', 'forbidden']),
  changes: z.array(changeSchema),
  signer: signerSchema.nullable(),
  digest: z.string().nullable(),
  scheme: z.string().nullable(),
  claimedTime: isoTime.nullable(),
  bestSignatureTime: isoTime.nullable(),
  timeSource: z.enum(['timestamp', 'register', 'claimed']).nullable(),
  timestamps: z.array(z.object({ time: isoTime.nullable(), authority: z.string(), ok: z.boolean() })),
  revocation: z.enum(['good', 'revoked', 'unknown']),
  revocationSource: z.enum(['embedded', 'fetched', 'given', 'none']),
  messages: z.array(verificationMessageSchema),
});
export type SignatureReport = z.infer<typeof signatureReportSchema>;

/**
 * What the clerk may do (last column of domain/vietnam.md §3.4): `register`; `provisional` = register, status
 * 03 after the re-check; `decide` = the clerk decides and leaves a note; `ask` the sender; `return` with
 * status 02; `as-paper` = of no value of its own until paper or a signed file arrives.
 */
export const clerkAdviceSchema = z.enum(['register', 'provisional', 'decide', 'ask', 'return', 'as-paper']);
export type ClerkAdvice = z.infer<typeof clerkAdviceSchema>;

export const fileReportSchema = z.object({
  input: z.string(),
  /** SHA-256 of the file, lower-case hex; null when the file could not be read at all. */
  sha256: z.string().nullable(),
  verdict: fileVerdictSchema,
  advice: clerkAdviceSchema,
  signatures: z.array(signatureReportSchema),
  /** What concerns the file as a whole (unsigned, unreadable, a missing signature). */
  messages: z.array(verificationMessageSchema),
  error: z
    .object({
      code: z.string(),
      message: z.string(),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]).optional()),
    })
    .optional(),
});
export type FileReport = z.infer<typeof fileReportSchema>;

/** A judgement that was kept as a row. */
export const signatureCheckSchema = z.object({
  id: idSchema,
  sha256: sha256Schema,
  checkedAt: instantSchema,
  report: fileReportSchema,
});

/** The JSON of `an-thu verify`. */
export const verificationReportSchema = z.object({ files: z.array(fileReportSchema) });
