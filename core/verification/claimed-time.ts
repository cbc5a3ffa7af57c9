/**
 * Reads a PDF date (`D:YYYYMMDDHHmmSSOHH'mm'`, parts after the year optional; ISO 32000-1 7.9.4). Without an
 * offset the time is taken as Vietnam's. Undefined when it is no date.
 */
export function parsePdfDate(text: string | undefined): Date | undefined {
  const match =
    /^(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)(?:00'?00'?)?|([+-])(\d{2})'?(\d{2})?'?)?$/.exec(
      text ?? '',
    );
  if (!match) return undefined;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00'] = match;
  const [, , , , , , , utc, sign, offsetHour = '00', offsetMinute = '00'] = match;
  const offset = utc ? '+00:00' : sign ? `${sign}${offsetHour}:${offsetMinute}` : '+07:00';
  const instant = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

const minuteMs = 60_000;
const offsetMs = 7 * 60 * minuteMs;

/**
 * Whether a claimed time looks like Vietnam's local time written as UTC, as tools in the field do
 * (findings/signing-peers.md §2.5): seven hours ahead of the timestamp, or ahead of the time at which the file was
 * certainly there, but by no more than seven hours.
 */
export function isVietnamTimeAsUtc(
  time: {
    readonly proven: Date | undefined;
    readonly claimed: Date | undefined;
    readonly source: string | null;
  },
  now: Date,
): boolean {
  if (!time.claimed) return false;
  const ahead = time.claimed.getTime() - (time.proven ?? now).getTime();
  if (time.source === 'timestamp') return Math.abs(ahead - offsetMs) <= 15 * minuteMs;
  return ahead > 5 * minuteMs && ahead <= offsetMs + 5 * minuteMs;
}
