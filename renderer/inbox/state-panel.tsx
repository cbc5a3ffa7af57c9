import { Button } from '@mantine/core';
import { IconExternalLink, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { useCommands } from '../commands/use-commands.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showDate } from '../format/date.ts';
import { showArrivalNumber } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { goTo } from '../router/use-place.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Notice } from '../ui/notice.tsx';
import { notifyError } from '../ui/notify.ts';
import { VerdictSummary } from '../verification/verdict-summary.tsx';
import { DismissDialog } from './dismiss-dialog.tsx';
import { intakeWords } from './intake-words.ts';
import { ScanEvidence } from './scan-evidence.tsx';

interface Props {
  readonly item: IntakeItem;
  readonly onDone: () => void;
}

/** What happened to a file that cannot be registered now, and what can be done. */
export function StatePanel({ item, onDone }: Props) {
  const t = useMessages();
  const say = useSaid();
  const [dismissing, setDismissing] = useState(false);
  const retry = useAction('intake.retry');
  const canRetry = item.state === 'held' || item.state === 'failed';
  const doRetry = () => retry.mutate({ id: item.id }, { onError: notifyError });
  useCommands([
    {
      id: 'inbox-retry',
      title: 'action.retry',
      group: 'inbox',
      chord: 'F9',
      when: () => canRetry,
      run: doRetry,
    },
    {
      id: 'inbox-dismiss',
      title: 'inbox.dismiss',
      group: 'inbox',
      chord: 'F8',
      when: () => canRetry,
      run: () => setDismissing(true),
    },
  ]);
  const words = intakeWords[item.state];
  return (
    <section className="inbox-side" aria-label={t('inbox.details')}>
      <div className="inbox-side-scroll">
        {item.error ? (
          <ErrorNotice error={item.error} title={t(words.title)} />
        ) : (
          <Notice tone={words.tone === 'idle' ? 'info' : words.tone} title={t(words.title)} />
        )}
        {item.arrivalId && <RegisteredAs arrivalId={item.arrivalId} />}
        {item.warnings.map((warning) => (
          <Notice key={warning.code} tone="warn">
            {say(warning)}
          </Notice>
        ))}
        {item.verification && (
          <VerdictSummary report={item.verification} advice={item.arrivalId ? 'left-out' : 'shown'} />
        )}
        <h2 className="card-title">{t('evidence.title')}</h2>
        <ScanEvidence item={item} />
      </div>
      {canRetry && (
        <footer className="inbox-side-foot">
          <Button
            size="xs"
            leftSection={<IconRefresh size={15} aria-hidden />}
            loading={retry.isPending}
            onClick={doRetry}
          >
            {t('action.retry')}
          </Button>
          <Button size="xs" variant="default" onClick={() => setDismissing(true)}>
            {t('inbox.dismiss')}
          </Button>
        </footer>
      )}
      {dismissing && <DismissDialog item={item} onClose={() => setDismissing(false)} onDone={onDone} />}
    </section>
  );
}

function RegisteredAs({ arrivalId }: { readonly arrivalId: string }) {
  const t = useMessages();
  const arrival = useProcedure('register.get', { id: arrivalId });
  if (!arrival.data) return null;
  const { documentId } = arrival.data;
  return (
    <Notice tone="ok">
      {t('inbox.registered-as', {
        n: showArrivalNumber(arrival.data),
        d: showDate(arrival.data.arrivalDate),
      })}
      <br />
      <Button
        mt={6}
        size="compact-xs"
        variant="default"
        rightSection={<IconExternalLink size={13} aria-hidden />}
        onClick={() => goTo('document', documentId)}
      >
        {t('action.open-document')}
      </Button>
    </Notice>
  );
}
