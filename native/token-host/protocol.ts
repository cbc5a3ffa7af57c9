import { z } from 'zod';
import { sealedPinSchema, tokenModuleSchema } from '../../core/contract/token.ts';

/** Calls between the client and the host program. Bytes travel as base64, which every host's channel carries. */

export const uriInput = z.object({ uri: z.string() });
export const lockInput = z.object({ uri: z.string().nullable() });
export const unlockInput = z.object({
  uri: z.string(),
  sealedPin: sealedPinSchema.nullable(),
  lastTry: z.enum(['refuse', 'confirmed']),
  /** Wrong PINs that we know of since the last right one, by token id. */
  failedTries: z.record(z.string(), z.number().int()),
});
export const signInput = z.object({
  uri: z.string(),
  scheme: z.enum(['rsa-pkcs1', 'rsa-pss', 'ecdsa']),
  digestAlgorithm: z.enum(['sha256', 'sha384', 'sha512']),
  digest: z.base64(),
});

/** After unlock and lock: which tokens are logged in now. */
export const unlockedResult = z.object({ unlocked: z.array(z.string()) });
export const unlockResult = z.object({ token: z.string(), unlocked: z.array(z.string()) });
export const presenceResult = z.object({ present: z.array(z.string()), unlocked: z.array(z.string()) });
export const listResult = z.array(tokenModuleSchema);
export const keyResult = z.object({
  uri: z.string(),
  label: z.string(),
  keyType: z.enum(['rsa', 'ec']),
  bits: z.number().int(),
  certificate: z.base64(),
  chain: z.array(z.base64()),
});
export const signResult = z.object({ signature: z.base64() });

/** Event: the host locked by itself. */
export const idleLockedEvent = z.object({ tokens: z.array(z.string()) });
export const idleLockedName = 'idle-locked';
