import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vietnamDate, vietnamIso, vietnamParts } from './clock.ts';
import { normaliseNotation, normaliseNumber } from './document-number.ts';
import { foldVietnamese } from './fold.ts';
import { newId } from './ids.ts';

describe('folding for search', () => {
  it.each([
    ['Đường', 'duong'],
    ['QUYẾT ĐỊNH', 'quyet dinh'],
    ['đ', 'd'],
    ['Ð', 'd'],
    ['ỹ', 'y'],
  ])('%s is searched as %s', (text, folded) => {
    expect(foldVietnamese(text)).toBe(folded);
  });

  it('is the same for composed and decomposed text, and twice is once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldVietnamese(text.normalize('NFD'))).toBe(foldVietnamese(text.normalize('NFC')));
        expect(foldVietnamese(foldVietnamese(text))).toBe(foldVietnamese(text));
      }),
    );
  });
});

describe('numbers and notations', () => {
  it.each([
    ['05', '5'],
    ['005a', '5a'],
    ['0', '0'],
    ['100', '100'],
    ['', ''],
  ])('number %j compares as %j', (text, wanted) => {
    expect(normaliseNumber(text)).toBe(wanted);
  });

  it('the look-alikes of Đ are Đ, spacing is one space, and case is kept', () => {
    expect(normaliseNotation('Q\u00D0 -  TTg ')).toBe('QĐ - TTg');
    expect(normaliseNotation('Q\u0189-ttg')).toBe('QĐ-ttg');
  });
});

describe('time in Vietnam', () => {
  it('is seven hours ahead whatever the computer thinks', () => {
    const newYear = new Date('2026-12-31T17:00:00Z');
    expect(vietnamDate(newYear)).toBe('2027-01-01');
    expect(vietnamIso(newYear)).toBe('2027-01-01T00:00:00+07:00');
    expect(vietnamParts(newYear)).toEqual({ year: 2027, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
  });

  it('names the same instant', () => {
    const earliest = new Date('1990-01-01T00:00:00Z');
    const latest = new Date('2090-01-01T00:00:00Z');
    fc.assert(
      fc.property(fc.date({ min: earliest, max: latest, noInvalidDate: true }), (instant) => {
        expect(new Date(vietnamIso(instant)).getTime()).toBe(Math.floor(instant.getTime() / 1000) * 1000);
      }),
    );
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that sort by time', () => {
    const ids = [1, 2, 3, 4].map((ms) => newId(new Date(1_772_000_000_000 + ms)));
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('made in the same millisecond differ', () => {
    const now = new Date();
    expect(new Set(Array.from({ length: 1000 }, () => newId(now))).size).toBe(1000);
  });
});
