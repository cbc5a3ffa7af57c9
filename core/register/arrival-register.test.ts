import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { letter, SampleOffice } from '../../tests/lib/sample-office.ts';
import { asAnThuError } from '../shared/errors.ts';
import { lateSuffix } from './arrival-register.ts';

let office: SampleOffice;
beforeEach(async () => {
  office = await SampleOffice.open();
});
afterEach(() => office.close());

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return asAnThuError(error).code;
  }
  return 'nothing thrown';
};

describe('số đến', () => {
  it('counts from 1 without gaps', () => {
    expect([1, 2, 3, 4].map(() => office.enter().number)).toEqual([1, 2, 3, 4]);
  });

  it('counts paper and electronic arrivals in one series', () => {
    office.enter();
    expect(office.enter({}, { origin: 'electronic' }).number).toBe(2);
  });

  it('counts each register by itself', () => {
    office.enter();
    expect(office.enter({}, { registerId: office.secondRegister }).number).toBe(1);
    expect(office.enter().number).toBe(2);
  });

  it('begins again at New Year as the clock on the wall in Vietnam shows it', () => {
    office.clock.set('2026-12-31T16:59:59Z');
    const last = office.enter();
    office.clock.set('2026-12-31T17:00:00Z');
    const first = office.enter();
    expect([last.year, last.number, last.arrivalDate]).toEqual([2026, 1, '2026-12-31']);
    expect([first.year, first.number, first.arrivalDate]).toEqual([2027, 1, '2027-01-01']);
  });

  it("goes on with last year's series for a letter that arrived on New Year's Eve", () => {
    office.clock.set('2026-12-31T05:00:00Z');
    office.enter();
    office.clock.set('2027-01-02T05:00:00Z');
    expect(office.enter({}, { arrivalDate: '2026-12-31' })).toMatchObject({ year: 2026, number: 2 });
  });

  it('is refused for a day that has not come yet', () => {
    expect(codeOf(() => office.enter({}, { arrivalDate: '2026-03-03' }))).toBe('register.future-date');
  });

  it('is not given for the day of a clock that was set back, unless a person states the day', () => {
    office.enter();
    office.clock.set('2019-01-01T01:00:00Z');
    expect(codeOf(() => office.enter())).toBe('register.clock-behind');
    // The other register knows nothing of later days; a day that a person states is that person's word.
    expect(office.enter({}, { registerId: office.secondRegister }).year).toBe(2019);
    expect(office.enter({}, { arrivalDate: '2018-12-31' })).toMatchObject({ year: 2018, number: 1 });
    office.clock.set('2026-03-02T16:59:59Z');
    expect(office.enter()).toMatchObject({ year: 2026, number: 2 });
  });

  it('is never given again after an entry was voided', () => {
    office.enter();
    const voided = office.enter();
    office.register.void(voided.id, 'vào sổ nhầm', 'chị Lan');
    expect(office.enter().number).toBe(3);
  });

  it('is given back when the transaction around it fails', () => {
    office.enter();
    const audited = office.audit.list({ limit: 10 }).length;
    expect(() =>
      office.database.transaction(() => {
        office.enter();
        throw new Error('power cut');
      }),
    ).toThrow('power cut');
    expect(office.enter().number).toBe(2);
    expect(office.audit.list({ limit: 10 })).toHaveLength(audited + 1);
  });

  it('can never be changed or deleted, not even by SQL', () => {
    const { id } = office.enter();
    for (const change of ['number = 9', "arrival_date = '2020-01-01'", 'year = 2020', "suffix = 'z'"]) {
      expect(() => office.database.run(`UPDATE arrival SET ${change} WHERE id = @id`, { id })).toThrow(
        /never change/,
      );
    }
    expect(() => office.database.run('DELETE FROM arrival WHERE id = @id', { id })).toThrow(/never deleted/);
  });
});

describe('late entries', () => {
  it('stand behind a number already given with a, b, c', () => {
    office.enter();
    office.enter();
    const late = () => office.enter({}, { lateAfter: { year: 2026, number: 1 } });
    expect([late(), late(), late()].map((entry) => `${entry.number}${entry.suffix}`)).toEqual([
      '1a',
      '1b',
      '1c',
    ]);
    expect(office.enter().number).toBe(3);
  });

  it('are refused behind a number that nobody was given', () => {
    office.enter();
    expect(codeOf(() => office.enter({}, { lateAfter: { year: 2026, number: 7 } }))).toBe(
      'register.no-such-number',
    );
  });

  it('go on after z', () => {
    expect([0, 25, 26, 27, 51, 52].map(lateSuffix)).toEqual(['a', 'z', 'aa', 'ab', 'az', 'ba']);
  });
});

describe('voiding', () => {
  it('keeps the number, the words of the entry and the reason', () => {
    const entry = office.enter({ subject: 'Giấy mời họp' });
    const voided = office.register.void(entry.id, 'gửi nhầm nơi nhận', 'chị Lan');
    expect(voided).toMatchObject({ number: 1, subject: 'Giấy mời họp', voidReason: 'gửi nhầm nơi nhận' });
    expect(office.audit.list({ limit: 1 })[0]).toMatchObject({
      action: 'register.voided',
      actor: 'chị Lan',
      data: { number: 1, reason: 'gửi nhầm nơi nhận' },
    });
  });

  it('happens once', () => {
    const { id } = office.enter();
    office.register.void(id, 'nhầm', 'chị Lan');
    expect(codeOf(() => office.register.void(id, 'nhầm nữa', 'chị Lan'))).toBe('register.already-voided');
    expect(office.register.get(id).voidReason).toBe('nhầm');
  });
});

describe('corrections', () => {
  it('keep the earlier values in the audit log', () => {
    const entry = office.enter({ subject: 'Báo cáo quí I' });
    const after = office.register.correct(entry.id, { subject: 'Báo cáo quý I' }, 'sai chính tả', 'chị Lan');
    expect(after.subject).toBe('Báo cáo quý I');
    expect(office.audit.list({ limit: 1 })[0]).toMatchObject({
      action: 'register.corrected',
      data: {
        reason: 'sai chính tả',
        before: { subject: 'Báo cáo quí I' },
        after: { subject: 'Báo cáo quý I' },
      },
    });
  });

  it('are found by their new words and no longer by the old', () => {
    const entry = office.enter({ subject: 'hội nghị cũ' });
    office.register.correct(entry.id, { subject: 'đại hội mới' }, 'nhầm', 'chị Lan');
    const found = (query: string) =>
      office.register.list({ registerId: office.arrivals, query, offset: 0, limit: 10 }).total;
    expect([found('dai hoi'), found('hoi nghi')]).toEqual([1, 0]);
  });

  it('is not warned about a number that comes again in another year', () => {
    office.enter(letter({ docNumber: '05', docNotation: 'BC-UBND', docDate: '2025-03-02' }));
    const again = letter({ docNumber: '5', docNotation: 'BC-UBND', docDate: '2026-03-02' });
    expect(office.register.duplicates(again)).toEqual([]);
    expect(office.register.duplicates({ ...again, docDate: '2025-12-30' })).toHaveLength(1);
    expect(office.register.duplicates({ ...again, docDate: null })).toHaveLength(1);
  });

  it('change what counts as a duplicate', () => {
    const entry = office.enter({ docNumber: '12', docNotation: 'CV-SNV' });
    office.register.correct(entry.id, { docNumber: '13' }, 'đọc nhầm số', 'chị Lan');
    expect(office.register.duplicates(letter({ docNumber: '12', docNotation: 'CV-SNV' }))).toEqual([]);
    expect(office.register.duplicates(letter({ docNumber: '13', docNotation: 'CV-SNV' }))).toHaveLength(1);
  });
});

it('the transfer to an officer is written down with who received it', () => {
  const entry = office.enter();
  const to = { receiver: 'Phòng Văn hóa', transferDate: '2026-03-03', receivedBy: 'anh Minh' };
  expect(office.register.transfer(entry.id, to, 'chị Lan')).toMatchObject(to);
  expect(office.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'register.transferred', data: to });
});

describe('the same document twice', () => {
  const first = { docNumber: '28', docNotation: 'QĐ-TTg', issuer: 'Thủ tướng Chính phủ' };

  it('is refused with the number it has', () => {
    office.enter(first);
    expect(() => office.enter(first)).toThrow(
      expect.objectContaining({
        code: 'register.duplicate',
        detail: expect.objectContaining({ number: '1' }),
      }),
    );
  });

  it('is entered when the clerk says so', () => {
    office.enter(first);
    expect(office.enter(first, { duplicateAccepted: true }).number).toBe(2);
  });

  it.each([
    ['leading zeros', { docNumber: '028' }],
    ['an issuer typed without marks', { issuer: 'THU TUONG CHINH PHU' }],
    ['decomposed letters', { docNotation: 'QĐ-TTg'.normalize('NFD') }],
    ['a look-alike of Đ', { docNotation: 'Q\u00D0-TTg' }],
    ['a long dash', { docNotation: 'QĐ–TTg' }],
  ])('is known in spite of %s', (_, change) => {
    office.enter(first);
    expect(codeOf(() => office.enter({ ...first, ...change }))).toBe('register.duplicate');
  });

  it.each([
    ['another number', { docNumber: '29' }],
    ['another issuer', { issuer: 'UBND tỉnh An Lạc' }],
    ['another case of the notation', { docNotation: 'QĐ-TTG' }],
  ])('is not assumed with %s', (_, change) => {
    office.enter(first);
    expect(office.enter({ ...first, ...change }).number).toBe(2);
  });

  it('is not assumed of documents without a number', () => {
    office.enter({ subject: 'Thư mời' });
    expect(office.enter({ subject: 'Thư mời' }).number).toBe(2);
  });

  it('is not assumed of a voided entry', () => {
    office.register.void(office.enter(first).id, 'nhầm', 'chị Lan');
    expect(office.enter(first).number).toBe(2);
  });
});
