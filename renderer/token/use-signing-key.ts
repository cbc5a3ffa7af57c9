import { useProcedure } from '../engine/use-procedure.ts';
import { findSigningKey, type SigningKey } from './signing-key.ts';

/** The agency's signing key, or null until the engine has answered. */
export function useSigningKey(): SigningKey | null {
  const settings = useProcedure('settings.get', {});
  const tokens = useProcedure('token.list', {}, { every: 20_000 });
  if (!settings.data || !tokens.data) return null;
  return findSigningKey(settings.data.signing.keyUri, tokens.data.modules);
}
