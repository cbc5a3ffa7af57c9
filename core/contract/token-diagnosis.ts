import { z } from 'zod';
import { errorValueSchema } from './errors/index.ts';
import { certificateSummarySchema, pinStateSchema } from './token.ts';

/** Something to do, or the word that all is well. `code` is one of `adviceDefinitions` (token-advice.ts). */
export const adviceSchema = z.object({
  code: z.string(),
  weight: z.enum(['problem', 'attention', 'fine']),
  /** Vietnamese; other languages through `adviceText(code, detail, language)`. */
  text: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Advice = z.infer<typeof adviceSchema>;

/** How we came to look at a module. */
export const moduleSourceSchema = z.enum([
  /** The administrator added it. */
  'configured',
  /** The table of makers' modules (native/token-discovery/known-modules.ts). */
  'known',
  /** A configuration file of p11-kit. */
  'p11-kit',
]);

export const diagnosedMechanismSchema = z.object({
  /** CKM_ name, or the number in hex. */
  name: z.string(),
  code: z.number().int(),
  /** Key sizes as the module gives them (bits for RSA and EC, mostly). */
  minKeySize: z.number().int(),
  maxKeySize: z.number().int(),
  signs: z.boolean(),
});

export const diagnosedCertificateSchema = z.object({
  /** CKA_ID in lower-case hex. */
  id: z.string(),
  label: z.string(),
  /** PKCS#11 URI of the key beside it. */
  keyUri: z.string(),
  role: z.enum(['end-entity', 'issuer']),
  keyType: z.enum(['rsa', 'ec']).nullable(),
  bits: z.number().int().nullable(),
  summary: certificateSummarySchema,
});

export const diagnosedTokenSchema = z.object({
  id: z.string(),
  label: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  serial: z.string(),
  hardwareVersion: z.string(),
  firmwareVersion: z.string(),
  initialized: z.boolean(),
  loginRequired: z.boolean(),
  pinPad: z.boolean(),
  pinState: pinStateSchema,
  pinLength: z.object({ min: z.number().int(), max: z.number().int() }),
  mechanisms: z.array(diagnosedMechanismSchema),
  certificates: z.array(diagnosedCertificateSchema),
});
export type DiagnosedToken = z.infer<typeof diagnosedTokenSchema>;

export const diagnosedSlotSchema = z.object({
  slot: z.string(),
  description: z.string(),
  manufacturer: z.string(),
  removable: z.boolean(),
  hardware: z.boolean(),
  tokenPresent: z.boolean(),
  token: diagnosedTokenSchema.nullable(),
  /** Why slot or token cannot be read. */
  error: errorValueSchema.nullable(),
});
export type DiagnosedSlot = z.infer<typeof diagnosedSlotSchema>;

/** C_GetInfo. */
export const moduleInfoSchema = z.object({
  manufacturer: z.string(),
  description: z.string(),
  libraryVersion: z.string(),
  cryptokiVersion: z.string(),
});
export type ModuleInfo = z.infer<typeof moduleInfoSchema>;

export const diagnosedModuleSchema = z.object({
  path: z.string(),
  /** Makers as the table names them; empty for a module that it does not know. */
  vendor: z.string(),
  sources: z.array(moduleSourceSchema),
  /** Whether the engine uses it (the administrator's list). */
  configured: z.boolean(),
  exists: z.boolean(),
  /** From the file's header; null when there is no such file or it is no library. */
  header: z
    .object({ format: z.enum(['ELF', 'PE', 'Mach-O']), architectures: z.array(z.string()) })
    .nullable(),
  /** Whether its header fits this program; null when there is none. */
  fits: z.boolean().nullable(),
  /** Whether it could be loaded and started, in a process of its own; null when that was not tried. */
  loads: z.boolean().nullable(),
  info: moduleInfoSchema.nullable(),
  slots: z.array(diagnosedSlotSchema),
  error: errorValueSchema.nullable(),
  /** Worst first; never empty. */
  advice: z.array(adviceSchema).min(1),
  /** Milliseconds from start of its process to the last answer; 0 when not tried. */
  ms: z.number().int(),
});
export type DiagnosedModule = z.infer<typeof diagnosedModuleSchema>;

export const tokenDiagnosisSchema = z.object({
  /** `process.platform` and `process.arch` of the engine. */
  platform: z.string(),
  architecture: z.string(),
  /** Modules that exist or are configured come first; those of the table that are not installed last. */
  modules: z.array(diagnosedModuleSchema),
  /** Advice about the machine as a whole; empty when there is none. */
  advice: z.array(adviceSchema),
  ms: z.number().int(),
});
export type TokenDiagnosis = z.infer<typeof tokenDiagnosisSchema>;
