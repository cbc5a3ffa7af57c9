import { useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { sealPin } from '../../core/contract/seal-pin.ts';
import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { useEngine } from '../engine/engine-context.ts';
import { errorValueOf } from '../engine/engine-error.ts';

interface PinUnlock {
  readonly busy: boolean;
  /** Of the try before; stays until the next one is answered. */
  readonly error: ErrorValue | null;
  /** One try with this PIN (null: typed on the reader). True when the key is open. Never tries again by itself. */
  readonly unlock: (pin: string | null, lastTry: 'confirmed' | 'refuse') => Promise<boolean>;
  /** Takes the try under way back: a PIN that was not sent yet is not sent, a token that is being opened is locked again. */
  readonly cancel: () => void;
}

/** One try, from the press of the button to its answer. */
interface Attempt {
  sent: boolean;
  cancelled: boolean;
}

/** Seals a PIN to the token host's one-time key and asks once to unlock. The PIN is kept nowhere. */
export function usePinUnlock(keyUri: string): PinUnlock {
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorValue | null>(null);

  const attempt = useRef<Attempt | null>(null);

  function cancel(): void {
    const current = attempt.current;
    if (!current || current.cancelled) return;
    current.cancelled = true;
    // What waits behind an open token would be signed against the person's word. Where locking fails the strip shows it open.
    if (current.sent) engine.call('token.lock', { keyUri }).catch(() => undefined);
  }

  async function unlock(pin: string | null, lastTry: 'confirmed' | 'refuse'): Promise<boolean> {
    const lastTryConfirmed = lastTry === 'confirmed';
    const current: Attempt = { sent: false, cancelled: false };
    attempt.current = current;
    setBusy(true);
    try {
      const sealed =
        pin === null ? {} : { sealedPin: await sealPin(await engine.call('token.pin-key', { keyUri }), pin) };
      if (current.cancelled) return false;
      current.sent = true;
      await engine.call('token.unlock', { keyUri, ...sealed, lastTryConfirmed });
      setError(null);
      return !current.cancelled;
    } catch (thrown) {
      setError(errorValueOf(thrown));
      return false;
    } finally {
      attempt.current = null;
      setBusy(false);
      await queries.invalidateQueries();
    }
  }

  return { busy, error, unlock, cancel };
}
