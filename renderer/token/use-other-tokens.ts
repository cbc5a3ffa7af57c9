import { useProcedure } from '../engine/use-procedure.ts';
import { findSigningKey } from './signing-key.ts';
import { otherTokensOf, type OtherToken } from './token-state.ts';

/** The tokens beside the agency's; the same answers as {@link useTokenState} asks for. */
export function useOtherTokens(): OtherToken[] {
  const settings = useProcedure('settings.get', {}).data;
  const tokens = useProcedure('token.list', {}).data;
  const sessions = useProcedure('token.sessions', {}).data;
  if (!settings || !tokens || !sessions) return [];
  return otherTokensOf(findSigningKey(settings.signing.keyUri, tokens.modules), tokens.modules, sessions);
}
