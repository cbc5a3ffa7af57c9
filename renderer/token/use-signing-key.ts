import type { SigningKey } from './signing-key.ts';
import { useTokenState } from './use-token-state.ts';

/** The agency's signing key, or null until the engine has answered. */
export function useSigningKey(): SigningKey | null {
  return useTokenState()?.key ?? null;
}
