import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { matchExpression } from './search-index.ts';

let office: SampleOffice;
beforeAll(async () => {
  office = await SampleOffice.open();
  office.enter({ subject: 'Sửa chữa đường liên thôn', receiver: 'Phòng Kinh tế' });
  office.enter({ subject: 'Quyết định phê duyệt', docNumber: '28/2018', docNotation: 'QĐ-TTg' });
  office.enter({ subject: 'Mời họp'.normalize('NFD'), issuer: 'Hội Nông dân', note: 'gấp' });
  office.enter({ subject: 'Cũ' }, { arrivalDate: '2025-12-30' });
});
afterAll(() => office.close());

const find = (query: string) =>
  office.register
    .list({ registerId: office.arrivals, query, offset: 0, limit: 50 })
    .rows.map((row) => `${row.number}/${row.year}`);

describe('searching the register', () => {
  it.each([
    ['duong', '1/2026'],
    ['ĐƯỜNG', '1/2026'],
    ['đường'.normalize('NFD'), '1/2026'],
    ['thon lien', '1/2026'],
    ['kinh te', '1/2026'],
    ['28/2018/QĐ-TTg', '2/2026'],
    ['qd-ttg', '2/2026'],
    ['28/2018', '2/2026'],
    ['hop', '3/2026'],
    ['nong dan gap', '3/2026'],
  ])('%s finds the letter', (query, wanted) => {
    expect(find(query)).toContain(wanted);
    expect(find(query)).toHaveLength(1);
  });

  it('every word must begin a word of the entry', () => {
    expect(find('duong sat')).toEqual([]);
    expect(find('uong')).toEqual([]);
    expect(find('duo')).toEqual(['1/2026']);
  });

  it('without words shows everything, newest year and number first', () => {
    expect(find('')).toEqual(['3/2026', '2/2026', '1/2026', '1/2025']);
    expect(find('  "  ')).toHaveLength(4);
  });

  it('keeps to year and days when asked', () => {
    const list = (filter: object) =>
      office.register.list({ registerId: office.arrivals, query: '', offset: 0, limit: 9, ...filter }).total;
    expect(list({ year: 2025 })).toBe(1);
    expect(list({ from: '2026-01-01', to: '2026-12-31' })).toBe(3);
    expect(list({ registerId: office.secondRegister })).toBe(0);
    expect(office.register.years(office.arrivals)).toEqual([2026, 2025]);
  });

  it('tells the number of all rows beside a page of them', () => {
    const page = office.register.list({ registerId: office.arrivals, query: '', offset: 1, limit: 2 });
    expect(page.total).toBe(4);
    expect(page.rows.map((row) => row.number)).toEqual([2, 1]);
  });

  it.each([
    '"',
    '""',
    '*',
    'a* OR',
    'NEAR(a b)',
    'text:duong',
    '^duong',
    'a AND (',
    '-duong',
    '(((',
    '\u0000',
    "';--",
  ])('takes %j as words, not as orders', (query) => {
    expect(() => find(query)).not.toThrow();
  });

  it('finds no letter by an operator', () => {
    expect(find('duong OR quyet')).toEqual([]);
    expect(find('text:duong')).toEqual([]);
  });

  it('withstands whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (query) => {
        expect(Array.isArray(find(query))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('finds a letter by the beginning of each of its words', () => {
    fc.assert(
      fc.property(fc.constantFrom('Sửa', 'chữa', 'đường', 'liên', 'thôn'), fc.nat(5), (word, cut) => {
        expect(find(word.slice(0, Math.max(1, cut)))).toContain('1/2026');
      }),
    );
  });

  it('asks the index nothing when only signs are typed', () => {
    expect(matchExpression(' -- "" ** ')).toBeNull();
  });
});
