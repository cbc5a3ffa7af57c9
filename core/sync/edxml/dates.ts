/**
 * Dates of edXML. Senders write `yyyy/MM/dd`, older ones `dd/MM/yyyy`, some `yyyy-MM-dd`, each with or without a
 * time (domain/vietnam.md §5.2, §5.5). Inside we keep `yyyy-MM-dd` and `yyyy-MM-dd HH:mm:ss`, Vietnam's wall clock.
 */
const YEAR_FIRST =
  /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const DAY_FIRST = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

const two = (value: string | undefined) => (value ?? '0').padStart(2, '0');

/** `yyyy-MM-dd HH:mm:ss`, or null when the text is no real date of the forms above. */
export function readWallClock(text: string): string | null {
  const trimmed = text.trim();
  const yearFirst = YEAR_FIRST.exec(trimmed);
  const dayFirst = yearFirst ? null : DAY_FIRST.exec(trimmed);
  const parts = yearFirst
    ? [yearFirst[1], yearFirst[2], yearFirst[3], yearFirst[4], yearFirst[5], yearFirst[6]]
    : dayFirst
      ? [dayFirst[3], dayFirst[2], dayFirst[1], dayFirst[4], dayFirst[5], dayFirst[6]]
      : null;
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts;
  const date = `${year}-${two(month)}-${two(day)}`;
  const time = `${two(hour)}:${two(minute)}:${two(second)}`;
  const instant = new Date(`${date}T${time}Z`);
  const real = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${time}`);
  return real ? `${date} ${time}` : null;
}

/** `yyyy-MM-dd`, or null when the text is no real date. */
export function readDate(text: string): string | null {
  return readWallClock(text)?.slice(0, 10) ?? null;
}

/** `yyyy/MM/dd` or `yyyy/MM/dd HH:mm:ss`, as current SDKs write it. */
export function writeDate(date: string): string {
  return date.replaceAll('-', '/');
}
