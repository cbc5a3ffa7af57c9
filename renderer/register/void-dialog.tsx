import type { Arrival } from '../../core/contract/register.ts';
import { useAction } from '../engine/use-action.ts';
import { showArrivalNumber } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

interface Props {
  readonly arrival: Arrival;
  readonly onClose: () => void;
}

/** Voids a number with a reason; the number stays used. */
export function VoidDialog({ arrival, onClose }: Props) {
  const t = useMessages();
  const voidEntry = useAction('register.void');
  return (
    <ReasonDialog
      title={t('register.void-title', { n: showArrivalNumber(arrival) })}
      confirmLabel={t('register.void')}
      onClose={onClose}
      onConfirm={(reason) => voidEntry.mutateAsync({ id: arrival.id, reason })}
    >
      <p style={{ margin: 0 }}>
        <b>{arrival.subject}</b>
        <br />
        {t('register.void-text')}
      </p>
    </ReasonDialog>
  );
}
