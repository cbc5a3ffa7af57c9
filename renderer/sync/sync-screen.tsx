import { Button, SegmentedControl } from '@mantine/core';
import { IconCloudCheck, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { OutboxEntry } from '../../core/contract/sync.ts';
import { useCommands } from '../commands/use-commands.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { notifyDone, notifyError } from '../ui/notify.ts';
import { OutboxCard } from './outbox-card.tsx';
import { SyncFacts } from './sync-facts.tsx';
import './sync.css';

const views: Record<'waiting' | 'acked' | 'all', readonly OutboxEntry['state'][]> = {
  waiting: ['pending', 'sending', 'blocked'],
  acked: ['acked'],
  all: ['pending', 'sending', 'blocked', 'acked'],
};

/** Hàng đợi đồng bộ: what goes to the province and what it answered. */
export function SyncScreen() {
  const t = useMessages();
  const [view, setView] = useState<keyof typeof views>('all');
  const status = useProcedure('sync.status', {});
  const queue = useProcedure('sync.list', { limit: 500 }, { every: 10_000 });
  const run = useAction('sync.run');
  useScreenReady(!status.isPending && !queue.isPending);
  const runNow = (retryBlocked: boolean) =>
    run.mutate(
      { retryBlocked },
      {
        onSuccess: ({ sent, fetched, failed }) => notifyDone(t('sync.ran', { sent, fetched, failed })),
        onError: notifyError,
      },
    );
  const blocked = status.data?.blocked ?? 0;
  useCommands([
    { id: 'sync-run', title: 'sync.run', group: 'sync', chord: 'F9', run: () => runNow(false) },
    {
      id: 'sync-retry-blocked',
      title: 'sync.retry-blocked',
      group: 'sync',
      chord: 'Shift+F9',
      when: () => blocked > 0,
      run: () => runNow(true),
    },
  ]);
  if (status.isPending || queue.isPending) return <Loading />;
  const entries = queue.data?.entries ?? [];
  const shown = entries.filter((entry) => views[view].includes(entry.state));
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{t('nav.sync')}</h1>
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(value) => setView(value as keyof typeof views)}
          aria-label={t('sync.view')}
          data={[
            { value: 'all', label: t('sync.view-all') },
            { value: 'waiting', label: t('sync.view-waiting') },
            { value: 'acked', label: t('sync.view-acked') },
          ]}
        />
        <span style={{ flex: 1 }} />
        {blocked > 0 && (
          <Button size="xs" variant="default" loading={run.isPending} onClick={() => runNow(true)}>
            {t('sync.retry-blocked')}
          </Button>
        )}
        <Button
          size="xs"
          loading={run.isPending}
          leftSection={<IconRefresh size={15} aria-hidden />}
          onClick={() => runNow(false)}
        >
          {t('sync.run')}
        </Button>
      </header>
      <div className="screen-body" tabIndex={0} role="region" aria-label={t('nav.sync')}>
        {status.data && <SyncFacts status={status.data} />}
        {(status.error ?? queue.error) && <ErrorNotice error={(status.error ?? queue.error)!} />}
        {shown.length === 0 ? (
          <Empty icon={IconCloudCheck} title={t('sync.empty')}>
            {t('sync.empty-text')}
          </Empty>
        ) : (
          <div className="outbox-list">
            {shown.map((entry) => (
              <OutboxCard key={entry.id} entry={entry} link="document" />
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
