import { seededRandom } from '../../scripts/samples/prng.ts';

/** Whole numbers from 0 up to, not including, `limit`; the same for the same seed and mutant. */
export type Dice = (limit: number) => number;

/** The dice of one mutant: any mutant can be made again by its number alone. */
export function diceOf(seed: number, mutant: number): Dice {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(mutant + 1, 0x85ebca77));
  return (limit) => Math.floor(random() * limit);
}

/** One of a list. */
export function oneOf<T>(roll: Dice, items: readonly T[]): T {
  const item = items[roll(items.length)];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
}
