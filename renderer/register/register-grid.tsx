import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { IconBook2 } from '@tabler/icons-react';
import type { Arrival } from '../../core/contract/register.ts';
import { isComposing } from '../commands/chord.ts';
import type { MessageKey } from '../i18n/catalogue.ts';
import { useMessages } from '../i18n/use-messages.ts';
import { Empty } from '../ui/empty.tsx';
import { rowAfterKey } from './grid-keys.ts';
import { cellClass, registerColumns, registerFeatures, type RegisterLine } from './register-columns.tsx';
import { useRegisterLines, type RegisterQuestion } from './use-register-lines.ts';

const rowHeight = 42;
/** Height of the head, which stays over the rows (register.css). */
const headHeight = 52;

interface Props {
  readonly question: RegisterQuestion;
  readonly selected: number;
  readonly onSelect: (index: number, arrival: Arrival | null) => void;
  readonly onOpen: (arrival: Arrival) => void;
  readonly onState: (state: { total: number; ready: boolean }) => void;
}

/** The register as a table that draws only what is seen. */
export function RegisterGrid({ question, selected, onSelect, onOpen, onState }: Props) {
  const t = useMessages();
  const scroll = useRef<HTMLDivElement>(null);
  const range = useRef({ first: 0, last: 60 });
  const lines = useRegisterLines(question, range.current.first, range.current.last);
  // oxlint-disable-next-line react/incompatible-library -- the compiler is not used
  const virtualizer = useVirtualizer({
    count: lines.total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
  });
  const items = virtualizer.getVirtualItems();
  range.current = { first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 60 };
  const data = useMemo<RegisterLine[]>(
    () => items.map(({ index }) => ({ index, arrival: lines.at(index) })),
    [items, lines],
  );
  const table = useTable({ features: registerFeatures, columns: registerColumns, data });
  const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 400) / rowHeight) - 3);
  const current = lines.at(selected);

  useEffect(() => onState({ total: lines.total, ready: lines.ready }), [lines.total, lines.ready, onState]);
  useEffect(() => onSelect(selected, current), [selected, current, onSelect]);

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent) || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter' && current) return onOpen(current);
    const row = rowAfterKey(event.key, selected, lines.total, page);
    if (row === null) return;
    event.preventDefault();
    onSelect(row, lines.at(row));
    virtualizer.scrollToIndex(row);
  }

  return (
    <div
      ref={scroll}
      className="register-grid"
      role="grid"
      tabIndex={0}
      aria-label={t('nav.register')}
      aria-rowcount={lines.total + 1}
      aria-activedescendant={lines.total > 0 ? `register-row-${selected}` : undefined}
      data-autofocus-grid
      onKeyDown={onKeyDown}
    >
      <div className="register-inner">
        {table.getHeaderGroups().map((group) => (
          <div key={group.id} className="register-head" role="row" aria-rowindex={1}>
            {group.headers.map((header) => (
              <div key={header.id} role="columnheader">
                {t(header.column.columnDef.header as MessageKey)}
              </div>
            ))}
          </div>
        ))}
        <div
          role="rowgroup"
          style={{ position: 'relative', height: virtualizer.getTotalSize() - headHeight }}
        >
          {table.getRowModel().rows.map((row, position) => {
            const { index, arrival } = row.original;
            return (
              <div
                key={index}
                id={`register-row-${index}`}
                role="row"
                className="register-row"
                aria-rowindex={index + 2}
                aria-selected={index === selected}
                data-void={arrival !== null && arrival.voidedAt !== null}
                style={{ transform: `translateY(${(items[position]?.start ?? headHeight) - headHeight}px)` }}
                onClick={() => onSelect(index, arrival)}
                onDoubleClick={() => arrival && onOpen(arrival)}
              >
                {row.getAllCells().map((cell) => (
                  <div
                    key={cell.id}
                    role="gridcell"
                    className={`register-cell isolated-text ${cellClass[cell.column.id] ?? ''}`}
                  >
                    <table.FlexRender cell={cell} />
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {lines.ready && lines.total === 0 && (
        <Empty icon={IconBook2} title={t(question.query ? 'register.nothing-found' : 'register.empty')}>
          {t(question.query ? 'register.nothing-found-text' : 'register.empty-text')}
        </Empty>
      )}
    </div>
  );
}
