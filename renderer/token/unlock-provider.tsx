import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { PinDialog } from './pin-dialog.tsx';
import { UnlockContext, type Unlock } from './unlock-context.ts';
import { useOtherTokens } from './use-other-tokens.ts';
import { useTokenState } from './use-token-state.ts';

type Asked = { readonly use: 'sealing' } | { readonly use: 'other'; readonly tokenId: string } | null;

/** Keeps one PIN dialog for the whole window. */
export function UnlockProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked>(null);
  const state = useTokenState();
  const key = state?.key;
  const others = useOtherTokens();
  const queries = useQueryClient();
  const unlock = useMemo((): Unlock => {
    const ask = (what: Asked): void => {
      // How many tries are left is read from the token now, not remembered.
      void queries.invalidateQueries({ queryKey: ['token.list'] });
      setAsked(what);
    };
    return {
      open: () => ask({ use: 'sealing' }),
      openOther: (tokenId) => ask({ use: 'other', tokenId }),
    };
  }, [queries]);
  const agency = asked?.use === 'sealing' && key?.state === 'locked' ? key : undefined;
  const other =
    asked?.use === 'other'
      ? others.find(({ token }) => token.id === asked.tokenId && !token.unlocked)
      : undefined;
  const found = agency ?? other;
  // Asked for a token that was pulled since: when it is back nobody waits for the question any more, and what is typed then is no PIN.
  const pulled =
    asked?.use === 'sealing'
      ? state?.state === 'absent'
      : asked !== null && others.every(({ token }) => token.id !== asked.tokenId);
  if (pulled) setAsked(null);
  return (
    <UnlockContext value={unlock}>
      {children}
      {asked && found && (
        <PinDialog
          // What was typed, and agreed to, for one token is not for another that takes its place meanwhile.
          key={`${found.token.id} ${found.key.uri}`}
          token={found.token}
          signingKey={found.key}
          use={asked.use}
          onClose={() => setAsked(null)}
        />
      )}
    </UnlockContext>
  );
}
