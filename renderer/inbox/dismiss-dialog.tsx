import type { IntakeItem } from '../../core/contract/intake.ts';
import { useAction } from '../engine/use-action.ts';
import { showFileName } from '../format/file-name.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';

interface Props {
  readonly item: IntakeItem;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Sets a file aside (or returns an electronic document) with a reason. The file itself is kept. */
export function DismissDialog({ item, onClose, onDone }: Props) {
  const t = useMessages();
  const dismiss = useAction('intake.dismiss');
  const electronic = item.origin === 'electronic';
  return (
    <ReasonDialog
      title={t(electronic ? 'inbox.return-title' : 'inbox.dismiss-title')}
      confirmLabel={t(electronic ? 'inbox.return' : 'inbox.dismiss')}
      onClose={onClose}
      onConfirm={async (reason) => {
        await dismiss.mutateAsync({ id: item.id, reason });
        onDone();
      }}
    >
      <p style={{ margin: 0 }}>
        <b className="isolated-text">{showFileName(item.originalName)}</b>
        <br />
        {t(electronic ? 'inbox.return-text' : 'inbox.dismiss-text')}
      </p>
    </ReasonDialog>
  );
}
