import { useState } from 'react';
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
}

/** Seals a PIN to the token host's one-time key and asks once to unlock. The PIN is kept nowhere. */
export function usePinUnlock(keyUri: string): PinUnlock {
  const engine = useEngine();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ErrorValue | null>(null);

  async function unlock(pin: string | null, lastTry: 'confirmed' | 'refuse'): Promise<boolean> {
    const lastTryConfirmed = lastTry === 'confirmed';
    setBusy(true);
    try {
      if (pin === null) await engine.call('token.unlock', { keyUri, lastTryConfirmed });
      else {
        const sealedPin = await sealPin(await engine.call('token.pin-key', { keyUri }), pin);
        await engine.call('token.unlock', { keyUri, sealedPin, lastTryConfirmed });
      }
      setError(null);
      return true;
    } catch (thrown) {
      setError(errorValueOf(thrown));
      return false;
    } finally {
      setBusy(false);
      await queries.invalidateQueries();
    }
  }

  return { busy, error, unlock };
}
