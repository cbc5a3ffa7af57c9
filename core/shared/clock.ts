/** The time source. Wall time for records; monotonic milliseconds for waiting and measuring. */
export interface Clock {
  now(): Date;
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
};

const VIETNAM_OFFSET_MS = 7 * 3600 * 1000;

/** Parts of an instant as shown in Vietnam (UTC+7 whatever the PC's zone; house.md, "What never bends" 3). */
export function vietnamParts(instant: Date): {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
} {
  const shifted = new Date(instant.getTime() + VIETNAM_OFFSET_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

/** `yyyy-MM-dd` in Vietnam. */
export function vietnamDate(instant: Date): string {
  return new Date(instant.getTime() + VIETNAM_OFFSET_MS).toISOString().slice(0, 10);
}

/** Full ISO 8601 with seconds and `+07:00`. */
export function vietnamIso(instant: Date): string {
  return `${new Date(instant.getTime() + VIETNAM_OFFSET_MS).toISOString().slice(0, 19)}+07:00`;
}

/** A calendar date `yyyy-MM-dd` as people read it: `dd/MM/yyyy`. */
export function shownDate(date: string): string {
  return date.split('-').toReversed().join('/');
}

/** The day on which an instant (ISO 8601) falls in Vietnam, as people read it. */
export function shownDay(instant: string): string {
  return shownDate(vietnamDate(new Date(instant)));
}

/** The minute of an instant (ISO 8601) in Vietnam, `HH:mm`. */
export function shownMinute(instant: string): string {
  return vietnamIso(new Date(instant)).slice(11, 16);
}
