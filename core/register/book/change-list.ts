import { shownDate, shownDay } from '../../shared/clock.ts';
import type { Cell, Column } from '../../print/table-writer.ts';
import type { EntryChange } from './book-entry.ts';
import { fieldWords, urgencyWords } from './field-words.ts';

/** A change with the số đến it was made to. */
export interface NamedChange {
  readonly number: string;
  readonly change: EntryChange;
}

/** The list at the end of a printed book; millimetres, 267 in all. */
export const changeColumns: readonly Column[] = [
  { head: 'Số đến', width: 15, align: 'centre' },
  { head: 'Ngày hủy, sửa', width: 22, align: 'centre' },
  { head: 'Người thực hiện', width: 40, align: 'left' },
  { head: 'Nội dung hủy, sửa', width: 130, align: 'left' },
  { head: 'Lý do', width: 60, align: 'left' },
];

export function changeRow({ number, change }: NamedChange): Cell[] {
  return [
    { text: number, style: 'bold' },
    { text: shownDay(change.at) },
    { text: change.actor },
    { text: change.kind === 'voided' ? 'Hủy số đến' : correctedWords(change).join('\n') },
    { text: change.reason },
  ];
}

/** One line a field: `Trích yếu nội dung: «cũ» sửa thành «mới»`. */
export function correctedWords({ before, after }: EntryChange): string[] {
  return Object.entries(after).map(
    ([name, value]) =>
      `${fieldWords[name] ?? name}: ${shownValue(name, before[name] ?? null)} sửa thành ${shownValue(name, value)}`,
  );
}

function shownValue(name: string, value: string | null): string {
  if (value === null || value === '') return '(để trống)';
  if (name.endsWith('Date')) return shownDate(value);
  return `«${name === 'urgency' ? urgencyWord(value) : value}»`;
}

const urgencyWord = (value: string): string =>
  Object.entries(urgencyWords).find(([key]) => key === value)?.[1] ?? value;
