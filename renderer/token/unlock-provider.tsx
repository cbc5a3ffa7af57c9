import { useMemo, useState, type ReactNode } from 'react';
import { PinDialog } from './pin-dialog.tsx';
import { UnlockContext } from './unlock-context.ts';
import { useSigningKey } from './use-signing-key.ts';

/** Keeps one PIN dialog for the whole window. */
export function UnlockProvider({ children }: { readonly children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const key = useSigningKey();
  const unlock = useMemo(() => ({ open: () => setOpened(true) }), []);
  return (
    <UnlockContext value={unlock}>
      {children}
      {opened && key?.state === 'locked' && (
        <PinDialog token={key.token} signingKey={key.key} onClose={() => setOpened(false)} />
      )}
    </UnlockContext>
  );
}
