import { useCallback, useEffect, useMemo, useState } from 'react';
import { IconInbox } from '@tabler/icons-react';
import { useCommands } from '../commands/use-commands.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { goTo } from '../router/use-place.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { InboxList } from './inbox-list.tsx';
import { arrangeInbox, type InboxView } from './intake-words.ts';
import { ReceivedFile } from './received-file.tsx';
import './inbox.css';

interface Props {
  /** From the address; the first file when null. */
  readonly selectedId: string | null;
}

/** Hộp thư quét: received files, the pages of one, and its register entry to confirm. */
export function InboxScreen({ selectedId }: Props) {
  const t = useMessages();
  const [view, setView] = useState<InboxView>('open');
  const [shownId, setShownId] = useState<string | null>(null);
  const inbox = useProcedure('intake.list', { limit: 500 }, { every: 10_000 });
  const items = useMemo(() => inbox.data?.items ?? [], [inbox.data]);
  const shown = useMemo(() => arrangeInbox(items, view), [items, view]);
  const named = items.find((item) => item.id === selectedId);
  const selected = named ?? shown[0] ?? null;
  const index = shown.findIndex((item) => item.id === selected?.id);

  const step = (by: number) => {
    const next = shown[Math.min(Math.max(index + by, 0), shown.length - 1)];
    if (next) goTo('inbox', next.id);
  };
  useCommands([
    { id: 'inbox-next', title: 'inbox.next', group: 'inbox', chord: 'Alt+ArrowDown', run: () => step(1) },
    {
      id: 'inbox-previous',
      title: 'inbox.previous',
      group: 'inbox',
      chord: 'Alt+ArrowUp',
      run: () => step(-1),
    },
  ]);

  const id = selected?.id ?? null;
  useEffect(() => {
    if (id === null) return;
    document.querySelector(`[data-intake-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [id]);
  const onShown = useCallback(() => setShownId(id), [id]);
  useScreenReady(!inbox.isPending && (selected === null || shownId === selected.id));

  // The file just registered leaves the list; what follows it is next.
  const onDone = () => {
    const next = shown[index + 1] ?? shown[index - 1];
    goTo('inbox', next && next.id !== id ? next.id : null);
  };

  if (inbox.isPending) return <Loading />;
  return (
    <div className="inbox">
      <InboxList
        items={items}
        shown={shown}
        candidates={inbox.data?.candidates ?? []}
        selectedId={id}
        view={view}
        onView={setView}
      />
      {selected ? (
        <ReceivedFile key={selected.id} item={selected} onShown={onShown} onDone={onDone} />
      ) : (
        <div style={{ gridColumn: '2 / -1', display: 'grid', alignContent: 'center' }}>
          {inbox.error ? (
            <ErrorNotice error={inbox.error} />
          ) : (
            <Empty icon={IconInbox} title={t('inbox.nothing-selected')}>
              {t('inbox.nothing-selected-text')}
            </Empty>
          )}
        </div>
      )}
    </div>
  );
}
