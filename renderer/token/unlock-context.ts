import { createContext, useContext } from 'react';

export interface Unlock {
  /** Asks for the PIN of the agency's signing key. */
  readonly open: () => void;
}

export const UnlockContext = createContext<Unlock>({ open: () => undefined });

export function useUnlock(): Unlock {
  return useContext(UnlockContext);
}
