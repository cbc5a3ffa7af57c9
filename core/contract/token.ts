import { z } from 'zod';
import { errorValueSchema } from './errors/index.ts';

/** What a token's flags (and our own count) say about its PIN; read before anything is sent. */
export const pinStateSchema = z.enum([
  'ok',
  /** At least one wrong try since the last success. */
  'count-low',
  /** One more wrong PIN locks the token. */
  'final-try',
  'locked',
  'must-be-changed',
  'not-initialized',
]);
export type PinState = z.infer<typeof pinStateSchema>;

/** What people need to see of a certificate, and the certificate itself. Instants are ISO 8601 in UTC. */
export const certificateSummarySchema = z.object({
  /** DER in base64. */
  der: z.string(),
  commonName: z.string(),
  organization: z.string(),
  issuer: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  /** Serial number, lower-case hex without leading zeros. */
  serial: z.string(),
  /** SHA-256 of the DER, lower-case hex. */
  fingerprint: z.string(),
});
export type CertificateSummary = z.infer<typeof certificateSummarySchema>;

/** A key that can be asked to sign. Private keys hide before login, so a listed key is a certificate with its CKA_ID. */
export const tokenKeySchema = z.object({
  /** PKCS#11 URI (RFC 7512) or `file:` URI; names the key for every other call. */
  uri: z.string(),
  label: z.string(),
  /** CKA_ID in lower-case hex; empty for soft tokens. */
  id: z.string(),
  /** Null while the token shows its certificate only after login. */
  keyType: z.enum(['rsa', 'ec']).nullable(),
  bits: z.number().int().nullable(),
  certificate: certificateSummarySchema.nullable(),
});
export type TokenKey = z.infer<typeof tokenKeySchema>;

export const tokenSchema = z.object({
  /** Stable over plugging: manufacturer and serial, or the file of a soft token; never the slot. */
  id: z.string(),
  /** `soft` tokens are files: for tests and the demo, never for official signatures. */
  kind: z.enum(['pkcs11', 'soft']),
  label: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  serial: z.string(),
  /** The slot it sits in now, for diagnostics only. */
  slot: z.string(),
  pinState: pinStateSchema,
  /** Bounds of the PIN in bytes, as the token gives them. */
  pinLength: z.object({ min: z.number().int(), max: z.number().int() }),
  /** Wrong PINs that we saw since the last right one; tokens need not report theirs. */
  failedTries: z.number().int(),
  /** The PIN is asked for on the reader itself (docs/tokens.md, PIN pads); unlock without a sealed PIN. */
  pinPad: z.boolean(),
  unlocked: z.boolean(),
  keys: z.array(tokenKeySchema),
});
export type Token = z.infer<typeof tokenSchema>;

export const tokenSlotSchema = z.object({
  slot: z.string(),
  description: z.string(),
  tokenPresent: z.boolean(),
  /** Why the token in this slot cannot be listed. */
  error: errorValueSchema.nullable(),
});

/** A PKCS#11 module or a soft-token file, with what it holds or why it cannot be used. */
export const tokenModuleSchema = z.object({
  kind: z.enum(['pkcs11', 'soft']),
  path: z.string(),
  state: z.enum(['ready', 'unusable']),
  error: errorValueSchema.nullable(),
  /** What the module says about itself. */
  description: z.string(),
  slots: z.array(tokenSlotSchema),
  tokens: z.array(tokenSchema),
});
export type TokenModule = z.infer<typeof tokenModuleSchema>;

/** One-time public key of a token host. Works for one sealed PIN, for the key it was asked for. */
export const pinKeySchema = z.object({
  hostKeyId: z.string().regex(/^[0-9a-f]{32}$/),
  /** P-256 SubjectPublicKeyInfo, DER in base64. */
  publicKey: z.string().max(400),
});
export type PinKey = z.infer<typeof pinKeySchema>;

/** A PIN that only the token host can read (docs/decisions/token-host-and-pin-sealing.md). All base64. */
export const sealedPinSchema = z.object({
  hostKeyId: z.string().regex(/^[0-9a-f]{32}$/),
  /** Sender's P-256 SubjectPublicKeyInfo. */
  ephemeralKey: z.string().max(400),
  iv: z.string().max(32),
  ciphertext: z.string().max(1000),
});
export type SealedPin = z.infer<typeof sealedPinSchema>;

export const tokenEventSchema = z.object({
  /** `present`: there already at the first look of a watch. `answered`: a module too slow for a list has answered since. */
  kind: z.enum(['present', 'plugged', 'unplugged', 'unlocked', 'locked', 'died', 'answered']),
  /** Path of the module or soft-token file. */
  path: z.string(),
  /** Null when it concerns the whole module. */
  tokenId: z.string().nullable(),
  reason: z.string(),
});
export type TokenEvent = z.infer<typeof tokenEventSchema>;
