import { z } from 'zod';
import type { DigestAlgorithm, SignatureScheme } from '../../core/ports/signing-key.ts';
import { sealedPinSchema, tokenModuleSchema } from '../../core/contract/token.ts';

/** Calls between the client and the host program. Bytes travel as base64, which every host's channel carries. */

export const uriInput = z.object({ uri: z.string() });
export const lockInput = z.object({ uri: z.string().nullable() });
export const unlockInput = z.object({
  uri: z.string(),
  sealedPin: sealedPinSchema.nullable(),
  lastTry: z.enum(['refuse', 'confirmed']),
  /** Id of the token that is meant; null where none is known before (files). */
  token: z.string().nullable(),
  /** Tries on it that may be spent since the last right PIN. */
  failedTries: z.number().int().min(0),
});

/** The two messages of every signature are looked at by hand: with a schema, that took as long as a quarter of the signature. */
interface SignInput {
  readonly uri: string;
  readonly scheme: SignatureScheme;
  readonly digestAlgorithm: DigestAlgorithm;
  readonly digest: string;
}
const schemes: ReadonlySet<unknown> = new Set<SignatureScheme>(['rsa-pkcs1', 'rsa-pss', 'ecdsa']);
const digestAlgorithms: ReadonlySet<unknown> = new Set<DigestAlgorithm>(['sha256', 'sha384', 'sha512']);

/** Longer than any digest or signature (RSA-8192), in base64. */
const longestBase64 = 2048;

const isBase64 = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length <= longestBase64 &&
  /^(?:[\dA-Za-z+/]{4})*(?:[\dA-Za-z+/]{2}==|[\dA-Za-z+/]{3}=)?$/.test(value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const signInput = z.custom<SignInput>(
  (value) =>
    isRecord(value) &&
    typeof value['uri'] === 'string' &&
    schemes.has(value['scheme']) &&
    digestAlgorithms.has(value['digestAlgorithm']) &&
    isBase64(value['digest']),
);

/** After unlock and lock: which tokens are logged in now. */
export const unlockedResult = z.object({ unlocked: z.array(z.string()) });
export const unlockResult = z.object({ token: z.string(), unlocked: z.array(z.string()) });
export const identifyResult = z.object({ token: z.string() });
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
export const signResult = z.custom<{ readonly signature: string }>(
  (value) => isRecord(value) && isBase64(value['signature']),
);

/** Event: the host locked by itself. */
export const idleLockedEvent = z.object({ tokens: z.array(z.string()) });
export const idleLockedName = 'idle-locked';
