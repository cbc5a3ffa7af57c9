import { z } from 'zod';
import { errorValueSchema } from './errors/value.ts';
import { certificateSummarySchema } from './token.ts';
import { certificateClassSchema } from './verification.ts';

/** What a signature is for: the agency's own (cơ quan, tổ chức) or a person's (người có thẩm quyền). */
export const signingPurposeSchema = z.enum(['agency', 'person']);
export type SigningPurpose = z.infer<typeof signingPurposeSchema>;

/** What is known of a certificate before it signs; a value computed by the engine, never by the page. */
export const certificateAssessmentSchema = z.object({
  /** Whose certificate it is. */
  owner: z.enum(['agency', 'person', 'unknown']),
  /** Who says so: the office's register, the certificate in its fields, or only the shape of its name. */
  ownerSource: z.enum(['register', 'certificate', 'name', 'none']),
  class: certificateClassSchema,
  /**
   * `reaches-anchor`: a path to an anchor of this office; `reaches-sample`: to sample data; `no-anchors`: nothing was
   * imported yet; `incomplete`: no path found; `broken`: a path that breaks a rule.
   */
  chain: z.enum(['reaches-anchor', 'reaches-sample', 'no-anchors', 'incomplete', 'broken']),
  validity: z.enum(['in-force', 'ends-soon', 'expired', 'not-yet']),
  /** Whole days until the end; negative when it has ended. */
  daysLeft: z.number().int(),
  /** How well it fits what is to be signed. */
  fit: z.enum(['right', 'unsure', 'wrong']),
  /** Why it may not be used for this; null when it may. */
  obstacle: errorValueSchema.nullable(),
});
export type CertificateAssessment = z.infer<typeof certificateAssessmentSchema>;

/** A key that could be chosen, with what is known of it. */
export const certificateChoiceSchema = z.object({
  keyUri: z.string(),
  tokenId: z.string(),
  tokenLabel: z.string(),
  tokenKind: z.enum(['pkcs11', 'soft']),
  keyLabel: z.string(),
  /** Null while the token shows its certificate only after login: then nothing is known. */
  certificate: certificateSummarySchema.nullable(),
  assessment: certificateAssessmentSchema.nullable(),
  /** The name by which the office knows it ("token của Chủ tịch"); null when it is not in the register. */
  rememberedName: z.string().nullable(),
});
export type CertificateChoice = z.infer<typeof certificateChoiceSchema>;
