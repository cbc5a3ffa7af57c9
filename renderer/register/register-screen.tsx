import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowRight, IconBan, IconPrinter, IconSearch } from '@tabler/icons-react';
import { useCallback, useRef, useState, type KeyboardEvent } from 'react';
import type { Arrival } from '../../core/contract/register.ts';
import { isComposing } from '../commands/chord.ts';
import { useCommands } from '../commands/use-commands.ts';
import { useEngine } from '../engine/engine-context.ts';
import { useProcedure } from '../engine/use-procedure.ts';
import { showCount } from '../format/number.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { goTo } from '../router/use-place.ts';
import { useScreenReady } from '../router/use-screen-ready.ts';
import { BookDialog } from './book-dialog.tsx';
import { RegisterGrid } from './register-grid.tsx';
import { TransferDialog } from './transfer-dialog.tsx';
import { VoidDialog } from './void-dialog.tsx';
import './register.css';

/** Search begins so long after the last key (milliseconds). */
const searchDelay = 50;

/** Văn bản đến: the arrival register. */
export function RegisterScreen() {
  const t = useMessages();
  const search = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [query] = useDebouncedValue(typed.trim(), searchDelay);
  const [year, setYear] = useState<number | undefined>(undefined);
  const [selected, setSelected] = useState(0);
  const [arrival, setArrival] = useState<Arrival | null>(null);
  const [dialog, setDialog] = useState<'transfer' | 'void' | 'book' | null>(null);
  const [state, setState] = useState({ total: 0, ready: false });
  const registers = useProcedure('register.registers', {});
  const register = registers.data?.registers[0];
  const years = (register?.years ?? []).toSorted((a, b) => b - a);
  const { shell } = useEngine();
  useScreenReady(state.ready && !registers.isPending);

  const onSelect = useCallback((index: number, row: Arrival | null) => {
    setSelected(index);
    setArrival(row);
  }, []);
  const open = (row: Arrival) => goTo('document', row.documentId);
  const canPrint = () => shell.saveBook !== undefined && years.length > 0;
  const canChange = () => arrival !== null && arrival.voidedAt === null;

  useCommands([
    {
      id: 'register-search',
      title: 'register.search',
      group: 'register',
      chord: 'Ctrl+F',
      run: () => search.current?.select(),
    },
    {
      id: 'register-open',
      title: 'action.open-document',
      group: 'register',
      chord: 'Ctrl+O',
      when: () => arrival !== null,
      run: () => arrival && open(arrival),
    },
    {
      id: 'register-transfer',
      title: 'register.transfer',
      group: 'register',
      chord: 'F6',
      when: canChange,
      run: () => setDialog('transfer'),
    },
    {
      id: 'register-void',
      title: 'register.void',
      group: 'register',
      chord: 'F8',
      when: canChange,
      run: () => setDialog('void'),
    },
    {
      id: 'register-book',
      title: 'book.open',
      group: 'register',
      chord: 'Ctrl+P',
      when: canPrint,
      run: () => setDialog('book'),
    },
  ]);

  /** From the search field the arrow leads into the table. */
  function onSearchKey(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
    event.preventDefault();
    document.querySelector<HTMLElement>('[data-autofocus-grid]')?.focus();
  }

  return (
    <div className="screen">
      <header className="screen-head">
        <h1>{register?.name ?? t('nav.register')}</h1>
        <TextInput
          ref={search}
          size="xs"
          w={340}
          leftSection={<IconSearch size={14} aria-hidden />}
          placeholder={t('register.search-placeholder')}
          aria-label={t('register.search')}
          aria-keyshortcuts="Control+F"
          value={typed}
          onKeyDown={onSearchKey}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setSelected(0);
          }}
        />
        <NativeSelect
          size="xs"
          w={120}
          aria-label={t('register.year')}
          value={year === undefined ? '' : String(year)}
          onChange={(event) => {
            setYear(event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value));
            setSelected(0);
          }}
          data={[
            { value: '', label: t('register.all-years') },
            ...years.map((value) => ({
              value: String(value),
              label: t('register.year-n', { year: value }),
            })),
          ]}
        />
        <span style={{ flex: 1 }} />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPrinter size={14} aria-hidden />}
          aria-keyshortcuts="Control+P"
          disabled={!canPrint()}
          onClick={() => setDialog('book')}
        >
          {t('book.open')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowRight size={14} aria-hidden />}
          disabled={!canChange()}
          onClick={() => setDialog('transfer')}
        >
          {t('register.transfer')}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBan size={14} aria-hidden />}
          disabled={!canChange()}
          onClick={() => setDialog('void')}
        >
          {t('register.void')}
        </Button>
        <Button size="xs" disabled={arrival === null} onClick={() => arrival && open(arrival)}>
          {t('action.open-document')}
        </Button>
      </header>
      <RegisterGrid
        question={{ query, year }}
        selected={selected}
        onSelect={onSelect}
        onOpen={open}
        onState={setState}
      />
      <footer className="register-foot">
        <span aria-live="polite">{t('register.total', { n: showCount(state.total) })}</span>
        <span>{t('register.hint')}</span>
      </footer>
      {dialog === 'transfer' && arrival && (
        <TransferDialog arrival={arrival} onClose={() => setDialog(null)} />
      )}
      {dialog === 'book' && register && (
        <BookDialog registerId={register.id} years={years} onClose={() => setDialog(null)} />
      )}
      {dialog === 'void' && arrival && <VoidDialog arrival={arrival} onClose={() => setDialog(null)} />}
    </div>
  );
}
