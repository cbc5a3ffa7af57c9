import { vietnamParts } from '../shared/clock.ts';
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
 * `backup.last-number-needed` and `backup.last-number-wrong`.
 */
export function lastNumbersSince(
  manifest: Manifest,
  stated: readonly StatedNumber[],
  now: Date,
): LastNumber[] {
  const given = stated.map((statement) => resolveStatement(manifest, statement));
  const firstYear = vietnamParts(new Date(manifest.createdAt)).year;
  const lastYear = Math.max(firstYear, vietnamParts(now).year);
  for (const register of manifest.registers) {
    for (let year = firstYear; year <= lastYear; year++) {
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
  const firstYear = vietnamParts(new Date(manifest.createdAt)).year;
  const years = Array.from(
    { length: Math.max(1, vietnamParts(now).year - firstYear + 1) },
    (_, at) => firstYear + at,
  );
  return manifest.registers.flatMap(({ id }) =>
    years.map((year) => ({ register: id, year, number: knownNumber(manifest, id, year) })),
  );
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
