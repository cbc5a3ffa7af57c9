import { expect, test } from 'vitest';
import { placeOf, placesOf } from './place.ts';

test('places follow register, year, number and late entry, in this order', () => {
  const places = [
    { register: 1, year: 2025, number: 999_999, late: 999 },
    { register: 1, year: 2026, number: 1, late: 0 },
    { register: 1, year: 2026, number: 1, late: 1 },
    { register: 1, year: 2026, number: 1, late: 27 },
    { register: 1, year: 2026, number: 2, late: 0 },
    { register: 2, year: 2020, number: 1, late: 0 },
    { register: 899, year: 9_999, number: 999_999, late: 999 },
  ].map(placeOf);
  expect(places.toSorted((a, b) => a - b)).toEqual(places);
  expect(new Set(places).size).toBe(places.length);
  expect(places.every(Number.isSafeInteger)).toBe(true);
});

test('the range of a year holds its entries and nothing of its neighbours', () => {
  const { first, last } = placesOf(3, 2026);
  const inside = (year: number, number: number, late: number, register = 3) => {
    const place = placeOf({ register, year, number, late });
    return place >= first && place <= last;
  };
  expect(inside(2026, 1, 0)).toBe(true);
  expect(inside(2026, 999_999, 999)).toBe(true);
  expect(inside(2025, 999_999, 999)).toBe(false);
  expect(inside(2027, 1, 0)).toBe(false);
  expect(inside(2026, 5, 0, 4)).toBe(false);
});

test('the range of a register holds all its years', () => {
  const { first, last } = placesOf(3);
  expect(placeOf({ register: 3, year: 1, number: 1, late: 0 })).toBeGreaterThan(first);
  expect(placeOf({ register: 3, year: 9_999, number: 999_999, late: 999 })).toBe(last);
  expect(placeOf({ register: 4, year: 1, number: 1, late: 0 })).toBeGreaterThan(last);
});

test('what has no place is refused', () => {
  expect(() => placeOf({ register: 1, year: 2026, number: 1_000_000, late: 0 })).toThrow('no place');
  expect(() => placeOf({ register: 1, year: 2026, number: 0, late: 0 })).toThrow('no place');
  expect(() => placeOf({ register: 900, year: 2026, number: 1, late: 0 })).toThrow('no place');
  expect(() => placeOf({ register: 1, year: 2026, number: 1, late: 1_000 })).toThrow('no place');
});
