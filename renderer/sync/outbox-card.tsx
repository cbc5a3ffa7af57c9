import { Anchor, Button } from '@mantine/core';
import type { OutboxEntry } from '../../core/contract/sync.ts';
import { useAction } from '../engine/use-action.ts';
import { showInstant } from '../format/date.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { hashOf } from '../router/parse-hash.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Facts } from '../ui/facts.tsx';
import { notifyError } from '../ui/notify.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { kindWords, outboxWords } from './outbox-words.ts';
import './sync.css';

interface Props {
  readonly entry: OutboxEntry;
  /** Whether to lead to the document. */
  readonly link?: 'document';
}

/** One operation of the queue: what it is, where it stands, its error or its receipt. */
export function OutboxCard({ entry, link }: Props) {
  const t = useMessages();
  const say = useSaid();
  const retry = useAction('sync.retry');
  const words = outboxWords[entry.state];
  const { receipt } = entry;
  return (
    <section className="card outbox">
      <header className="outbox-head">
        <div style={{ minWidth: 0 }}>
          <b>
            {link && entry.documentId ? (
              <Anchor inherit c="inherit" underline="always" href={hashOf('document', entry.documentId)}>
                {say(entry.said)}
              </Anchor>
            ) : (
              say(entry.said)
            )}
          </b>
          <div className="soft">
            {t(kindWords[entry.kind])} · {t('outbox.created', { at: showInstant(entry.createdAt) })}
            {entry.attempts > 1 && ` · ${t('outbox.attempts', { n: entry.attempts })}`}
          </div>
        </div>
        <ToneMark tone={words.tone} icon={words.icon}>
          {t(words.title)}
        </ToneMark>
      </header>
      {entry.error && entry.state !== 'acked' && (
        <ErrorNotice error={entry.error} tone={entry.state === 'blocked' ? 'bad' : 'warn'} />
      )}
      {entry.exported && entry.state !== 'acked' && (
        <span className="soft">
          {t('outbox.exported', { n: entry.exported.sequence, at: showInstant(entry.exported.at) })}
        </span>
      )}
      {entry.nextAttemptAt && entry.state === 'pending' && entry.error && (
        <span className="soft">
          {t('outbox.next-attempt', { at: showInstant(entry.nextAttemptAt, 'seconds') })}
        </span>
      )}
      {entry.state === 'blocked' && (
        <div>
          <Button
            size="compact-xs"
            variant="default"
            loading={retry.isPending}
            onClick={() => retry.mutate({ id: entry.id }, { onError: notifyError })}
          >
            {t('sync.retry-now')}
          </Button>
        </div>
      )}
      {receipt && (
        <div className="outbox-receipt">
          <Facts
            rows={[
              [t('receipt.from'), receipt.serverName],
              [t('receipt.at'), showInstant(receipt.receivedAt, 'seconds')],
              [t('receipt.sequence'), String(receipt.serverSequence)],
              [
                t('receipt.operation'),
                <span key="operation" className="mono">
                  {receipt.operationId}
                </span>,
              ],
              [
                t('receipt.sha256'),
                <span key="hash" className="mono">
                  {receipt.sha256}
                </span>,
              ],
            ]}
          />
        </div>
      )}
    </section>
  );
}
