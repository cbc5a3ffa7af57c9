import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { breakLines } from './break-lines.ts';

const length = (part: string): number => part.length;

it('breaks at blanks, cuts what is longer than a line and keeps line ends', () => {
  expect(breakLines('một hai ba', length, 7)).toEqual(['một hai', 'ba']);
  expect(breakLines('rấtlàdài a', length, 4)).toEqual(['rấtl', 'àdài', 'a']);
  expect(breakLines('2842/SNV-CCHC', length, 11)).toEqual(['2842/SNV-', 'CCHC']);
  expect(breakLines('một\n\nhai', length, 9)).toEqual(['một', '', 'hai']);
  expect(breakLines('', length, 9)).toEqual(['']);
});

it('loses no letter, and no line is too long unless one letter is', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (text, room) => {
      const lines = breakLines(text, length, room);
      expect(lines.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''));
      expect(lines.every((line) => line.length <= room || [...line].length === 1)).toBe(true);
    }),
  );
});
