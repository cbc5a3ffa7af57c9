import { z } from 'zod';
import { idSchema, instantSchema } from './common.ts';
import { errorValueSchema } from './errors/value.ts';
import { defineProcedure } from './procedure.ts';

/** A document that waits for the agency's signature, or is being signed. */
export const sealingItemSchema = z.object({
  documentId: idSchema,
  arrivalId: idSchema.nullable(),
  number: z.number().int().nullable(),
  suffix: z.string(),
  year: z.number().int().nullable(),
  docNumber: z.string(),
  docNotation: z.string(),
  issuer: z.string(),
  subject: z.string(),
  /** `held`: stopped by a person, goes on when told; `parked`: does not go on by itself, see the error. */
  state: z.enum(['ready', 'running', 'waiting', 'held', 'parked']),
  /** Why it is not signed yet. */
  error: errorValueSchema.nullable(),
});
export type SealingItem = z.infer<typeof sealingItemSchema>;

export const sealingListSchema = z.object({
  /** Signing was stopped by a person. */
  held: z.boolean(),
  /** At most as many as were asked for, first come first. */
  items: z.array(sealingItemSchema),
  total: z.number().int(),
  counts: z.object({
    ready: z.number().int(),
    running: z.number().int(),
    waiting: z.number().int(),
    held: z.number().int(),
    parked: z.number().int(),
  }),
  /** Signed since the queue last stood still. */
  done: z.number().int(),
});
export type SealingList = z.infer<typeof sealingListSchema>;

export const tokenSessionsSchema = z.object({
  /** Keys that were unlocked or signed with since the engine started. */
  sessions: z.array(
    z.object({
      keyUri: z.string(),
      /** A login or a signature is with the token now. */
      busy: z.boolean(),
      /** When the token host locks by itself, if nothing is signed until then; null when it is not unlocked. */
      idleLockAt: instantSchema.nullable(),
    }),
  ),
  /** Drivers that crashed or hung and were not used well since. */
  troubles: z.array(z.object({ path: z.string(), at: instantSchema, error: errorValueSchema })),
});
export type TokenSessions = z.infer<typeof tokenSessionsSchema>;

export const sealingProcedures = {
  'sealing.list': defineProcedure({
    input: z.object({ limit: z.number().int().min(1).max(500).default(200) }),
    output: sealingListSchema,
  }),
  /** Stops between two documents: what is with the token is finished, the rest is held until `sealing.go`. */
  'sealing.hold': defineProcedure({ input: z.object({}), output: sealingListSchema }),
  /** Lets everything go on that was held or waits for the token. */
  'sealing.go': defineProcedure({ input: z.object({}), output: sealingListSchema }),
  'token.sessions': defineProcedure({ input: z.object({}), output: tokenSessionsSchema }),
};
