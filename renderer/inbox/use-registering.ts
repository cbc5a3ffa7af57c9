import { useState } from 'react';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { useAction } from '../engine/use-action.ts';
import { errorValueOf } from '../engine/engine-error.ts';
import type { ErrorValue } from '../../core/contract/errors/value.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { notifyDone } from '../ui/notify.ts';
import { useUnlock } from '../token/unlock-context.ts';
import { useSigningKey } from '../token/use-signing-key.ts';
import { toArrivalFields, type ArrivalForm } from './arrival-form.ts';

interface Registering {
  readonly busy: boolean;
  readonly error: ErrorValue | null;
  /** Enters the document in the register; asks for the PIN afterwards when the key is locked. */
  readonly register: (
    form: ArrivalForm,
    duplicates: 'ask' | 'accepted',
    decision: string,
  ) => Promise<ErrorValue | null>;
}

/** Registers one received file; the signature follows by itself once the key is open. */
export function useRegistering(item: IntakeItem, onDone: () => void): Registering {
  const t = useMessages();
  const accept = useAction('intake.accept');
  const unlock = useUnlock();
  const key = useSigningKey();
  const [error, setError] = useState<ErrorValue | null>(null);
  return {
    busy: accept.isPending,
    error,
    async register(form, duplicates, decision) {
      setError(null);
      try {
        const { number } = await accept.mutateAsync({
          id: item.id,
          fields: toArrivalFields(form),
          duplicateAccepted: duplicates === 'accepted',
          ...(decision === '' ? {} : { decision }),
          ...(form.arrivalDate ? { arrivalDate: form.arrivalDate } : {}),
        });
        notifyDone(t('inbox.registered', { n: number }));
        if (item.origin === 'paper' && key?.state === 'locked') unlock.open();
        onDone();
        return null;
      } catch (thrown) {
        const value = errorValueOf(thrown);
        setError(value);
        return value;
      }
    },
  };
}
