import type { DocumentDetail } from '../../core/contract/document.ts';
import { useAction } from '../engine/use-action.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { notifyDone } from '../ui/notify.ts';
import { reasonsOf } from '../verification/reasons.ts';

interface Props {
  readonly document: DocumentDetail;
  readonly onClose: () => void;
}

/** Whether the letter was entered provisionally and then not confirmed, so that a person has to decide on status 03. */
export function awaitsAnswer({ jobs }: DocumentDetail): boolean {
  return jobs.some(
    ({ kind, state, error }) =>
      kind === 'inbound.recheck' && state === 'parked' && error?.code === 'verification.recheck-failed',
  );
}

/** Says what the later check found, and asks why the letter is accepted all the same. */
export function AcknowledgeDialog({ document, onClose }: Props) {
  const t = useMessages();
  const say = useSaid();
  const acknowledge = useAction('document.acknowledge');
  const newest = document.checks.at(-1);
  return (
    <ReasonDialog
      title={t('document.acknowledge-title')}
      confirmLabel={t('document.acknowledge')}
      onClose={onClose}
      onConfirm={async (reason) => {
        await acknowledge.mutateAsync({ id: document.id, reason });
        notifyDone(t('document.acknowledged'));
      }}
    >
      {newest && (
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {reasonsOf(newest.report, say).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
      <p style={{ margin: 0 }}>{t('document.acknowledge-text')}</p>
    </ReasonDialog>
  );
}
