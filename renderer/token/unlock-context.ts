import { createContext, useContext } from 'react';

export interface Unlock {
  /** Asks for the PIN of the agency's signing key. */
  readonly open: () => void;
  /** Asks for the PIN of another token, by its id. */
  readonly openOther: (tokenId: string) => void;
}

export const UnlockContext = createContext<Unlock>({ open: () => undefined, openOther: () => undefined });

export function useUnlock(): Unlock {
  return useContext(UnlockContext);
}
