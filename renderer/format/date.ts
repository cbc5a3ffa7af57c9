/** Dates of the register are Vietnam's whatever the PC's zone (design/house.md, "What never bends" 3). */
const zone = 'Asia/Ho_Chi_Minh';

/** The present instant. */
export function now(): Date {
  return new Date();
}

const dateParts = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const timeParts = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** `2026-11-05` → `05/11/2026`. */
export function showDate(isoDate: string | null | undefined): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(isoDate ?? '');
  return match ? `${match[3]}/${match[2]}/${match[1]}` : '';
}

/** An instant as the calendar date `yyyy-MM-dd` in Vietnam. */
export function dateInVietnam(instant: Date): string {
  return dateParts.format(instant);
}

/** An instant as `05/11/2026 14:03`; `seconds` adds them. Text that is no instant comes back unchanged. */
export function showInstant(
  instant: string | null | undefined,
  precision: 'minutes' | 'seconds' = 'minutes',
): string {
  if (!instant) return '';
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const time = timeParts.format(date);
  return `${showDate(dateInVietnam(date))} ${precision === 'minutes' ? time.slice(0, 5) : time}`;
}

/** A short time for lists: `08:30` on the same Vietnamese day as `now`, else `20/11/2026`. */
export function showShortInstant(instant: string, now: Date): string {
  const [date = '', time = ''] = showInstant(instant).split(' ');
  return date === showDate(dateInVietnam(now)) ? time : date;
}

/**
 * What a clerk types as a date → `yyyy-MM-dd`: `5/3/2026`, `05-03-2026`, `5.3.26`, `05032026`.
 * Null when it is no calendar date.
 */
export function parseTypedDate(typed: string): string | null {
  const text = typed.trim();
  const match =
    /^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{2}|\d{4})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4})$/.exec(text);
  if (!match) return null;
  const [day, month] = [Number(match[1]), Number(match[2])];
  const year = Number(match[3]!.length === 2 ? `20${match[3]}` : match[3]);
  const date = new Date(Date.UTC(year, month - 1, day));
  const real =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.toISOString().slice(0, 10) : null;
}
