import { expect, it } from 'vitest';
import { parseCommand, wholeNumber, yearOption } from './arguments.ts';

const given = (value: string) =>
  parseCommand([`--limit=${value}`, `--year=${value}`], {
    limit: { type: 'string' },
    year: { type: 'string' },
  });

it('a whole number is digits, a year four of them, and what is left out is left open', () => {
  expect([wholeNumber(given('0012'), 'limit'), yearOption(given('2026'))]).toEqual([12, 2026]);
  expect(wholeNumber(given('1'), 'keep')).toBeUndefined();
});

it.each(['', '1e2', '-1', '0x10', '12.5', 'một', '1234567890'])('«%s» is a wrong call', (value) => {
  expect(() => wholeNumber(given(value), 'limit')).toThrow(/general.usage/);
  expect(() => yearOption(given(value))).toThrow(/general.usage/);
});
