import { vietnamIso, vietnamParts } from '../shared/clock.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** A PDF date in Vietnam's zone: `D:20261120150405+07'00'`. */
export function pdfDate(instant: Date): string {
  return `D:${vietnamIso(instant).slice(0, 19).replace(/[-:T]/g, '')}+07'00'`;
}

/** The time as the agency's block prints it: `20/11/2026; 15:04:05 +07:00` (domain/vietnam.md §1.3, OUR). */
export function blockTime(instant: Date): string {
  const { year, month, day, hour, minute, second } = vietnamParts(instant);
  return `${two(day)}/${two(month)}/${year}; ${two(hour)}:${two(minute)}:${two(second)} +07:00`;
}
