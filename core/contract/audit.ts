import { z } from 'zod';

/** An entry as it is stored and hashed: `data` is the very text, for another spelling of the same facts has another hash. */
export const auditRowSchema = z.object({
  sequence: z.number().int(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  data: z.string(),
  previous: z.string(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof auditRowSchema>;
