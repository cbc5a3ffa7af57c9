import { vietnamIso, vietnamParts } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import type { Manifest } from './manifest.ts';

/** What somebody says was the last số đến given in a year, before the register was lost. */
export interface StatedNumber {
  /** Id or name of the register; may be left out where there is one. */
  readonly register: string | null;
  readonly year: number;
  readonly number: number;
}

export interface LastNumber {
  readonly registerId: string;
  readonly year: number;
  /** The last that the backup knows; 0 for none. */
  readonly known: number;
  /** The last that was given. */
  readonly stated: number;
}

/** No register of a commune gives so many in a year. */
const HIGHEST = 999_999;

/**
 * What was given since a backup was made: for every register, and every year from the backup's to this one, somebody must say the
 * last number; numbers between are not in the backup and must be given to nobody else (domain/vietnam.md §1.6). Fails with
 * `backup.last-number-needed`, `backup.last-number-wrong` and `backup.clock-behind`.
 */
export function lastNumbersSince(
  manifest: Manifest,
  stated: readonly StatedNumber[],
  now: Date,
): LastNumber[] {
  const given = stated.map((statement) => resolveStatement(manifest, statement));
  const years = yearsSince(manifest, now);
  for (const register of manifest.registers) {
    for (const year of years) {
      if (given.some((one) => one.registerId === register.id && one.year === year)) continue;
      const number = knownNumber(manifest, register.id, year);
      const prefix = manifest.registers.length > 1 ? `${register.name}:` : '';
      throw new AnThuError('backup.last-number-needed', {
        name: manifest.name,
        register: register.name,
        year,
        number,
        option: `--last-number "${prefix}N/${year}"`,
      });
    }
  }
  return given;
}

/** Statements that no number was given since: for drills, after which nobody gives numbers. */
export function nothingSince(manifest: Manifest, now: Date): StatedNumber[] {
  const years = yearsSince(manifest, now);
  return manifest.registers.flatMap(({ id }) =>
    years.map((year) => ({ register: id, year, number: knownNumber(manifest, id, year) })),
  );
}

/** How long into a new year letters of the old one are still entered under its numbers. */
const LATE_ENTRY_MS = 92 * 24 * 3_600_000;
/** Clocks of two computers that are both right differ by less. */
const CLOCKS_APART_MS = 24 * 3_600_000;

/**
 * Years in which numbers may have been given since a set was made: from its own, or the one before where letters of that may still have
 * come in, or the last that it knows numbers of where a clock ran ahead; to this one; and the later ones that it knows numbers of, for
 * the clock may have been behind then and now. Fails with `backup.clock-behind`.
 */
function yearsSince({ name, createdAt, lastNumbers }: Manifest, now: Date): number[] {
  const made = new Date(createdAt);
  if (now.getTime() < made.getTime() - CLOCKS_APART_MS)
    throw new AnThuError('backup.clock-behind', { name, made: vietnamIso(made), now: vietnamIso(now) });
  const ownYear = vietnamParts(made).year;
  const lateYear = vietnamParts(new Date(made.getTime() - LATE_ENTRY_MS)).year;
  const all = [...new Set(lastNumbers.map(({ year }) => year))];
  const known = all.filter((year) => year <= ownYear);
  const first = Math.min(
    known.includes(lateYear) ? lateYear : ownYear,
    known.length > 0 ? Math.max(...known) : ownYear,
  );
  const last = Math.max(ownYear, vietnamParts(now).year);
  const passed = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  return [...passed, ...all.filter((year) => year > last).toSorted((a, b) => a - b)];
}

function resolveStatement(manifest: Manifest, { register, year, number }: StatedNumber): LastNumber {
  const given = `${register === null ? '' : `${register}:`}${number}/${year}`;
  const wrong = (reason: 'no-register' | 'which-register' | 'below-known' | 'too-high') =>
    new AnThuError('backup.last-number-wrong', { given, name: manifest.name, reason });
  const matching = manifest.registers.filter(
    ({ id, name }) => register === null || register === id || register === name,
  );
  const [found] = matching;
  if (!found) throw wrong('no-register');
  if (matching.length > 1) throw wrong('which-register');
  const known = knownNumber(manifest, found.id, year);
  if (number < known) throw wrong('below-known');
  if (number > HIGHEST) throw wrong('too-high');
  return { registerId: found.id, year, known, stated: number };
}

const knownNumber = ({ lastNumbers }: Manifest, registerId: string, year: number): number =>
  lastNumbers.find((one) => one.registerId === registerId && one.year === year)?.number ?? 0;
