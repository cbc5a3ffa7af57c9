import { useProcedure } from '../engine/use-procedure.ts';
import { tokenStateOf, type TokenState } from './token-state.ts';

/** How often the engine is asked whether a token is in use; answered from memory. */
const EVERY_MS = 1_500;

/** Where the agency's token stands, or null until the engine has answered. */
export function useTokenState(): TokenState | null {
  const settings = useProcedure('settings.get', {});
  const tokens = useProcedure('token.list', {}, { every: 20_000 });
  const sessions = useProcedure('token.sessions', {}, { every: EVERY_MS });
  if (!settings.data || !tokens.data || !sessions.data) return null;
  return tokenStateOf(settings.data.signing.keyUri, tokens.data.modules, sessions.data);
}
