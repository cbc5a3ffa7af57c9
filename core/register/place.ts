import { strictAssert } from '../shared/assert.ts';

/** Room for entries in a place: numbers of a year, and late entries (số phụ) of a number. */
const NUMBERS = 1_000_000;
const SUFFIXES = 1_000;
const YEARS = 10_000;
/** Registers whose places stay whole numbers that JavaScript holds exactly. */
const REGISTERS = 900;

/** Whole numbers from `first` to `last`, both included. */
export interface PlaceRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Where an entry stands in the books, as one number: register, year, số đến, số phụ. It is the row's id, so that the
 * search index, which is ordered by row id, gives entries in the order of the book and a year of it as a range.
 */
export function placeOf(entry: {
  /** Ordinal of the register, from 1. */
  readonly register: number;
  readonly year: number;
  readonly number: number;
  /** 0 for the number itself, 1 for a, 2 for b … */
  readonly late: number;
}): number {
  strictAssert(entry.register > 0 && entry.register < REGISTERS, `register ${entry.register} has no place`);
  strictAssert(entry.year > 0 && entry.year < YEARS, `year ${entry.year} has no place`);
  strictAssert(entry.number > 0 && entry.number < NUMBERS, `number ${entry.number} has no place`);
  strictAssert(entry.late >= 0 && entry.late < SUFFIXES, `late entry ${entry.late} has no place`);
  return ((entry.register * YEARS + entry.year) * NUMBERS + entry.number) * SUFFIXES + entry.late;
}

/** Every place of a register, or of one of its years. */
export function placesOf(register: number, year?: number): PlaceRange {
  const span = (year === undefined ? YEARS : 1) * NUMBERS * SUFFIXES;
  const first = (register * YEARS + (year ?? 0)) * NUMBERS * SUFFIXES;
  return { first, last: first + span - 1 };
}
