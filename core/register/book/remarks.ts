import { shownDate, shownDay } from '../../shared/clock.ts';
import type { BookEntry } from './book-entry.ts';
import { fieldWords, urgencyWords } from './field-words.ts';

/** Column 10, Ghi chú: why a number was voided, what was corrected, the clerk's note, urgency, due date, how it came. */
export function remarks({ arrival, changes }: BookEntry): string {
  const corrected = changes.filter(({ kind }) => kind === 'corrected');
  return [
    arrival.voidedAt && `ĐÃ HỦY ngày ${shownDay(arrival.voidedAt)}: ${arrival.voidReason ?? ''}`,
    ...corrected.map(
      ({ at, after }) =>
        `Đã sửa ngày ${shownDay(at)}: ${Object.keys(after)
          .map((name) => (fieldWords[name] ?? name).toLocaleLowerCase('vi'))
          .join(', ')}`,
    ),
    arrival.note,
    arrival.urgency !== 'thuong' && urgencyWords[arrival.urgency],
    arrival.dueDate && `Hạn: ${shownDate(arrival.dueDate)}`,
    arrival.origin === 'electronic' && 'VB điện tử',
  ]
    .filter((part) => typeof part === 'string' && part !== '')
    .join('\n');
}
