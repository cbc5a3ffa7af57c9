import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import { IconId } from '@tabler/icons-react';
import { useState } from 'react';
import { useCommands } from '../commands/use-commands.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { Empty } from '../ui/empty.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Loading } from '../ui/loading.tsx';
import { AddDialog } from './add-dialog.tsx';
import { EntryDetail } from './entry-detail.tsx';
import { EntryTable } from './entry-table.tsx';
import './token-register.css';

type Filter = 'all' | '60' | '30';

/** Sổ theo dõi thiết bị và chứng thư số: who keeps what, until when, with the handover minutes. */
export function TokenRegisterScreen() {
  const t = useMessages();
  const [filter, setFilter] = useState<Filter>('all');
  const [retired, setRetired] = useState(false);
  const [adding, setAdding] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const list = useProcedure(
    'token-register.list',
    {
      ...(filter === 'all' ? {} : { expiringWithinDays: Number(filter) }),
      retired: retired ? 'include' : 'leave-out',
    },
    { whileLoading: 'previous' },
  );
  useScreenReady(!list.isPending);
  useCommands([
    {
      id: 'token-register-add',
      title: 'token-register.add',
      group: 'token',
      chord: 'F8',
      run: () => setAdding(true),
    },
  ]);
  if (list.isPending) return <Loading />;
  const entries = list.data?.entries ?? [];
  const entry = entries.find(({ id }) => id === selected) ?? entries[0];
  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{t('nav.tokens')}</h1>
        <SegmentedControl
          size="xs"
          aria-label={t('token-register.filter')}
          value={filter}
          onChange={(value) => setFilter(value === '60' || value === '30' ? value : 'all')}
          data={[
            { value: 'all', label: t('token-register.all') },
            { value: '60', label: t('token-register.within', { n: 60 }) },
            { value: '30', label: t('token-register.within', { n: 30 }) },
          ]}
        />
        <Checkbox
          size="xs"
          label={t('token-register.show-retired')}
          checked={retired}
          onChange={(event) => setRetired(event.currentTarget.checked)}
        />
        <span className="token-register-buttons">
          <Button size="xs" onClick={() => setAdding(true)}>
            {t('token-register.add')}
          </Button>
        </span>
      </header>
      <div className="screen-body" tabIndex={0} role="region" aria-label={t('nav.tokens')}>
        {list.error && <ErrorNotice error={list.error} />}
        {entry ? (
          <div className="token-register">
            <EntryTable entries={entries} selectedId={entry.id} onSelect={setSelected} />
            <EntryDetail key={entry.id} entry={entry} />
          </div>
        ) : (
          <div className="card">
            <Empty
              icon={IconId}
              title={t(filter === 'all' ? 'token-register.empty' : 'token-register.none-ending')}
            >
              {filter === 'all' && t('token-register.empty-text')}
            </Empty>
          </div>
        )}
      </div>
      {adding && (
        <AddDialog
          onClose={() => setAdding(false)}
          onAdded={(id) => {
            setFilter('all');
            setSelected(id);
          }}
        />
      )}
    </div>
  );
}
