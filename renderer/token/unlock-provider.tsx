import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type ReactNode } from 'react';
import { PinDialog } from './pin-dialog.tsx';
import { UnlockContext } from './unlock-context.ts';
import { useSigningKey } from './use-signing-key.ts';

/** Keeps one PIN dialog for the whole window. */
export function UnlockProvider({ children }: { readonly children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const key = useSigningKey();
  const queries = useQueryClient();
  const unlock = useMemo(
    () => ({
      open: () => {
        // How many tries are left is read from the token now, not remembered.
        void queries.invalidateQueries({ queryKey: ['token.list'] });
        setOpened(true);
      },
    }),
    [queries],
  );
  return (
    <UnlockContext value={unlock}>
      {children}
      {opened && key?.state === 'locked' && (
        <PinDialog token={key.token} signingKey={key.key} onClose={() => setOpened(false)} />
      )}
    </UnlockContext>
  );
}
