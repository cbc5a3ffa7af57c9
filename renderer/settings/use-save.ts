import type { ProcedureInput } from '../../core/contract/procedures.ts';
import { useAction } from '../engine/use-action.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { notifyDone, notifyError } from '../ui/notify.ts';

/** Saves a part of the settings and says so. */
export function useSave(): { busy: boolean; save: (patch: ProcedureInput<'settings.set'>) => void } {
  const t = useMessages();
  const action = useAction('settings.set');
  return {
    busy: action.isPending,
    save: (patch) =>
      action.mutate(patch, { onSuccess: () => notifyDone(t('settings.saved')), onError: notifyError }),
  };
}
