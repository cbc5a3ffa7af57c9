import { z } from 'zod';
import { backupProcedures } from './backup.ts';
import { documentProcedures } from './document.ts';
import { intakeProcedures } from './intake.ts';
import { defineProcedure } from './procedure.ts';
import { registerProcedures } from './register.ts';
import { registerBookProcedures } from './register-book.ts';
import { sealingProcedures } from './sealing.ts';
import { syncProcedures } from './sync.ts';
import { systemProcedures } from './system.ts';
import { comparisonProcedures } from './comparison.ts';
import { trustProcedures } from './trust.ts';
import { tokenDiagnosisSchema } from './token-diagnosis.ts';
import { pinKeySchema, sealedPinSchema, tokenModuleSchema } from './token.ts';
import { tokenRegisterProcedures } from './token-register.ts';

const tokenProcedures = {
  'token.list': defineProcedure({
    input: z.object({}),
    output: z.object({ modules: z.array(tokenModuleSchema) }),
  }),
  /** One-time public key to seal the next PIN with. */
  'token.pin-key': defineProcedure({ input: z.object({ keyUri: z.string() }), output: pinKeySchema }),
  /** One try. `sealedPin` is left out for PIN pads. Jobs that waited for the key go on by themselves. */
  'token.unlock': defineProcedure({
    input: z.object({
      keyUri: z.string(),
      sealedPin: sealedPinSchema.optional(),
      lastTryConfirmed: z.boolean().default(false),
    }),
    output: z.object({}),
  }),
  /** One signature over random bytes with a key that is unlocked: shows that token and driver work, signs no document. */
  'token.try-key': defineProcedure({
    input: z.object({ keyUri: z.string() }),
    output: z.object({ keyType: z.enum(['rsa', 'ec']), bits: z.number().int(), ms: z.number().int() }),
  }),
  'token.lock': defineProcedure({ input: z.object({ keyUri: z.string().optional() }), output: z.object({}) }),
  /**
   * Looks for every module that the machine may have (makers' table, p11-kit, the administrator's list), each in a process of
   * its own that is given no PIN. The caller names no path: what is looked at is decided by the engine.
   */
  'tokens.diagnose': defineProcedure({ input: z.object({}), output: tokenDiagnosisSchema }),
  /** Administrator only, with a path from a native dialog: refused when it comes from the page (electron/page-channel.ts). */
  'tokens.add-module': defineProcedure({
    input: z.object({ path: z.string().min(1).max(1000) }),
    output: z.object({ modules: z.array(z.string()) }),
  }),
  'tokens.remove-module': defineProcedure({
    input: z.object({ path: z.string().min(1).max(1000) }),
    output: z.object({ modules: z.array(z.string()) }),
  }),
};

/** Procedures that the page may not call, for they name a library to load, a file to read or to write; the shell calls them after a native dialog, or the command line does. */
export const shellOnlyProcedures = [
  'tokens.add-module',
  'tokens.remove-module',
  'update.stage',
  'trust.read-file',
  'sync.export',
  'sync.import',
  'archive.export',
  'register.print',
  'register.export',
  'backup.snapshot',
  'backup.record',
] as const;

/** Everything that a window or the command line may ask of the engine. */
export const procedures = {
  ...systemProcedures,
  ...intakeProcedures,
  ...registerProcedures,
  ...registerBookProcedures,
  ...documentProcedures,
  ...syncProcedures,
  ...tokenProcedures,
  ...tokenRegisterProcedures,
  ...sealingProcedures,
  ...comparisonProcedures,
  ...trustProcedures,
  ...backupProcedures,
};

export type ProcedureName = keyof typeof procedures;
/** What a caller passes (before defaults are filled). */
export type ProcedureInput<N extends ProcedureName> = z.input<(typeof procedures)[N]['input']>;
/** What the engine's handler receives (after parsing). */
export type ParsedInput<N extends ProcedureName> = z.output<(typeof procedures)[N]['input']>;
export type ProcedureOutput<N extends ProcedureName> = z.output<(typeof procedures)[N]['output']>;
