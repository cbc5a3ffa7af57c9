/** A date as read from ô 4 and how far its value can be trusted. */
export interface ReadDate {
  /** `yyyy-MM-dd`. */
  readonly date: string;
  readonly trust: number;
}

const inWords =
  /ng[aàáảãạ]y\s*([\dOoIl]{1,2})\s*,?\s*th[aáàảãạ]ng\s*([\dOoIl]{1,2})\s*,?\s*n[aăâáàắằ]m\s*([\dOoIl]{4})/iu;

/**
 * Reads `An Lạc, ngày 05 tháng 02 năm 2026`. A date in the future or more than a year old is proposed with
 * little trust (domain/vietnam.md §1.10); an impossible one is not proposed.
 */
export function parseDateLine(line: string, today: string): ReadDate | undefined {
  const match = inWords.exec(line.normalize('NFC'));
  if (!match) return undefined;
  const [, dayText = '', monthText = '', yearText = ''] = match;
  const slipped = /[OoIl]/.test(dayText + monthText + yearText);
  const [day, month, year] = [dayText, monthText, yearText].map((text) =>
    Number(text.replace(/[Oo]/g, '0').replace(/[Il]/g, '1')),
  ) as [number, number, number];
  const time = Date.UTC(year, month - 1, day);
  const date = new Date(time);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return undefined;
  const age = (Date.parse(`${today}T00:00:00Z`) - time) / 86_400_000;
  const plausible = age < 0 ? 0.2 : age > 366 ? 0.4 : 1;
  return { date: date.toISOString().slice(0, 10), trust: slipped ? Math.min(plausible, 0.5) : plausible };
}
