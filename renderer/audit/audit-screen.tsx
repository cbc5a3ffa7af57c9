import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconHistory, IconShieldCheck } from '@tabler/icons-react';
import type { AuditEntry } from '../../core/contract/document.ts';
import { useCommands } from '../commands/use-commands.ts';
import { useEngine } from '../engine/engine-context.ts';
import { useAction } from '../engine/use-action.ts';
import { showInstant } from '../format/date.ts';
import { showCount } from '../format/number.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { actionWord, subjectWord } from './action-words.ts';

const atOnce = 100;

/** Nhật ký: the audit log, newest first, and the check of its hash chain. */
export function AuditScreen() {
  const t = useMessages();
  const engine = useEngine();
  const verify = useAction('audit.verify');
  const log = useInfiniteQuery({
    queryKey: ['audit.list'],
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      engine.call('audit.list', {
        limit: atOnce,
        ...(pageParam === undefined ? {} : { beforeSequence: pageParam }),
      }),
    getNextPageParam: ({ entries }) => (entries.length < atOnce ? undefined : entries.at(-1)?.sequence),
  });
  const entries = log.data?.pages.flatMap((page) => page.entries) ?? [];
  useScreenReady(!log.isPending);
  const doVerify = () => verify.mutate({});
  useCommands([{ id: 'audit-verify', title: 'audit.verify', group: 'document', chord: 'F4', run: doVerify }]);
  if (log.isPending) return <Loading />;
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{t('nav.audit')}</h1>
        <span className="soft">{t('audit.about')}</span>
        <span style={{ flex: 1 }} />
        <Button
          size="xs"
          loading={verify.isPending}
          leftSection={<IconShieldCheck size={15} aria-hidden />}
          onClick={doVerify}
        >
          {t('audit.verify')}
        </Button>
      </header>
      <div className="screen-body" tabIndex={0} role="region" aria-label={t('nav.audit')}>
        {verify.data && <ChainResult {...verify.data} />}
        {(log.error ?? verify.error) && <ErrorNotice error={(log.error ?? verify.error)!} />}
        {entries.length === 0 ? (
          <Empty icon={IconHistory} title={t('audit.empty')} />
        ) : (
          <div className="card">
            <table className="plain-table">
              <thead>
                <tr>
                  <th>{t('audit.sequence')}</th>
                  <th>{t('audit.at')}</th>
                  <th>{t('audit.action')}</th>
                  <th>{t('audit.subject')}</th>
                  <th>{t('audit.actor')}</th>
                  <th>{t('audit.hash')}</th>
                </tr>
              </thead>
              <tbody>
                {entries.map((entry) => (
                  <AuditRow key={entry.sequence} entry={entry} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {log.hasNextPage && (
          <Button
            mt="sm"
            size="xs"
            variant="default"
            loading={log.isFetchingNextPage}
            onClick={() => void log.fetchNextPage()}
          >
            {t('audit.more')}
          </Button>
        )}
      </div>
    </div>
  );
}

function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const t = useMessages();
  const subject = subjectWord(entry.subject, t);
  return (
    <tr>
      <td style={{ textAlign: 'right', fontVariantNumeric: 'tabular-nums' }}>{entry.sequence}</td>
      <td style={{ whiteSpace: 'nowrap' }}>{showInstant(entry.at, 'seconds')}</td>
      <td>
        <span title={entry.action}>{actionWord(entry.action, t)}</span>
      </td>
      {subject === undefined ? (
        <td className="mono clip" style={{ maxWidth: 290 }} title={entry.subject}>
          {entry.subject}
        </td>
      ) : (
        <td title={entry.subject}>{subject}</td>
      )}
      <td>{entry.actor}</td>
      <td className="mono" style={{ whiteSpace: 'nowrap' }} title={entry.hash}>
        {entry.hash.slice(0, 12)}…
      </td>
    </tr>
  );
}

interface Chain {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string | null;
  readonly brokenAt: number | null;
}

function ChainResult({ ok, entries, head, brokenAt }: Chain) {
  const t = useMessages();
  return (
    <div style={{ marginBottom: 12 }} aria-live="polite">
      {ok ? (
        <Notice tone="ok" title={t('audit.chain-ok', { n: showCount(entries) })}>
          <span className="mono">{head}</span>
        </Notice>
      ) : (
        <Notice tone="bad" title={t('audit.chain-broken', { n: brokenAt ?? '?' })}>
          {t('audit.chain-broken-text')}
        </Notice>
      )}
    </div>
  );
}
