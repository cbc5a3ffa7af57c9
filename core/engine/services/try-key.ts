import { createHash } from 'node:crypto';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import { trySignature } from '../../signing/try-signature.ts';
import type { EngineContext } from '../context.ts';

/** Signs nothing but random bytes with a key that is open, whoever’s it is, and writes it to the log. */
export async function tryKey(
  context: EngineContext,
  { keyUri }: ParsedInput<'token.try-key'>,
): Promise<ProcedureOutput<'token.try-key'>> {
  const started = context.clock.monotonic();
  const key = await context.tokens.key(keyUri);
  await trySignature(key);
  const ms = Math.round(context.clock.monotonic() - started);
  const fingerprint = createHash('sha256').update(key.certificate).digest('hex');
  context.database.transaction(() =>
    context.audit.append({
      actor: context.actor,
      action: 'token.tried',
      subject: 'token',
      data: { key: key.label, fingerprint },
    }),
  );
  return { keyType: key.keyType, bits: key.bits, ms };
}
