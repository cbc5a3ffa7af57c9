import { Anchor, Button } from '@mantine/core';
import { IconPlayerPause, IconWriting } from '@tabler/icons-react';
import type { SealingItem, SealingList } from '../../core/contract/sealing.ts';
import { useCommands } from '../commands/use-commands.ts';
import { useAction } from '../engine/use-action.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showNotation } from '../format/notation.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useSaid } from '../i18n/use-said.ts';
import { hashOf } from '../router/parse-hash.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { useUnlock } from '../token/unlock-context.ts';
import { useTokenState } from '../token/use-token-state.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { notifyError } from '../ui/notify.ts';
import { ToneMark } from '../ui/tone-mark.tsx';
import { sealingWords } from './sealing-words.ts';
import './sealing.css';

/** Chờ ký: the documents before the agency's token, signed with one consent, stopped between two files. */
export function SealingScreen() {
  const t = useMessages();
  const list = useProcedure('sealing.list', {}, { every: 5_000 });
  const token = useTokenState();
  const unlock = useUnlock();
  const hold = useAction('sealing.hold');
  const go = useAction('sealing.go');
  useScreenReady(!list.isPending);
  const counts = list.data?.counts;
  const startable = counts ? counts.waiting + counts.held : 0;
  const active = counts ? counts.running + counts.ready : 0;
  const mayStart = startable > 0 && (token?.state === 'locked' || token?.state === 'ready');
  const mayStop = active > 0 && list.data?.held === false;

  function signAll(): void {
    go.mutate({}, { onError: notifyError, onSuccess: () => token?.state === 'locked' && unlock.open() });
  }
  const stop = () => hold.mutate({}, { onError: notifyError });
  useCommands([
    {
      id: 'sign-all',
      title: 'sealing.sign-all',
      group: 'token',
      chord: 'F8',
      when: () => mayStart,
      run: signAll,
    },
    {
      id: 'stop-signing',
      title: 'sealing.stop',
      group: 'token',
      chord: 'F9',
      when: () => mayStop,
      run: stop,
    },
  ]);
  if (list.isPending) return <Loading />;
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{t('nav.sealing')}</h1>
        <span className="soft" aria-live="polite" data-sealing-progress>
          {list.data && progressWords(list.data, t)}
        </span>
        <span className="sealing-buttons">
          {mayStop && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlayerPause size={15} aria-hidden />}
              loading={hold.isPending}
              onClick={stop}
            >
              {t('sealing.stop')}
            </Button>
          )}
          {startable > 0 && (
            <Button
              size="xs"
              leftSection={<IconWriting size={15} aria-hidden />}
              loading={go.isPending}
              disabled={!mayStart}
              onClick={signAll}
            >
              {t('sealing.sign-all-n', { n: startable })}
            </Button>
          )}
        </span>
      </header>
      <div className="screen-body" tabIndex={0} role="region" aria-label={t('nav.sealing')}>
        {list.error && <ErrorNotice error={list.error} />}
        <div className="sealing">
          {list.data?.held && startable > 0 && <Notice tone="info">{t('sealing.is-held')}</Notice>}
          <CommonReason list={list.data} />
          {list.data && list.data.total > 0 && <SealingTable items={list.data.items} />}
          {list.data && list.data.total > list.data.items.length && (
            <span className="soft">{t('pin.and-more', { n: list.data.total - list.data.items.length })}</span>
          )}
          {list.data?.total === 0 && (
            <div className="card">
              <Empty icon={IconWriting} title={t('sealing.empty')}>
                {t('sealing.empty-text')}
              </Empty>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

function progressWords({ counts, done, held }: SealingList, t: ReturnType<typeof useMessages>): string {
  const left = counts.ready + counts.running + (held ? counts.held : counts.waiting);
  if (done === 0 && counts.ready + counts.running === 0) return '';
  return t('sealing.progress', { done, left });
}

/** What keeps every waiting document: said once, above the list. */
function CommonReason({ list }: { readonly list: SealingList | undefined }) {
  const waiting = list?.items.filter((item) => item.state === 'waiting') ?? [];
  const [first] = waiting;
  if (!first?.error || waiting.some((item) => item.error?.code !== first.error?.code)) return null;
  return <ErrorNotice error={first.error} tone="warn" />;
}

function SealingTable({ items }: { readonly items: readonly SealingItem[] }) {
  const t = useMessages();
  const say = useSaid();
  const codes = new Set(items.filter(({ state }) => state === 'waiting').map(({ error }) => error?.code));
  return (
    <section className="card">
      <table className="plain-table sealing-table">
        <thead>
          <tr>
            <th scope="col">{t('column.number')}</th>
            <th scope="col">{t('column.notation')}</th>
            <th scope="col">{t('column.issuer')}</th>
            <th scope="col">{t('column.subject')}</th>
            <th scope="col">{t('column.state')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => {
            const [tone, title] = sealingWords[item.state];
            const own =
              item.error && (item.state === 'parked' || (item.state === 'waiting' && codes.size > 1));
            return (
              <tr key={item.documentId} data-sealing-state={item.state}>
                <td>{item.number === null ? '' : `${item.number}${item.suffix}`}</td>
                <td>{showNotation(item.docNumber, item.docNotation)}</td>
                <td>{item.issuer}</td>
                <td>
                  <Anchor inherit c="inherit" underline="always" href={hashOf('document', item.documentId)}>
                    {item.subject || t('action.open-document')}
                  </Anchor>
                  {own && item.error && <div className="soft">{say(item.error)}</div>}
                </td>
                <td>
                  <ToneMark tone={tone}>{t(title)}</ToneMark>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
