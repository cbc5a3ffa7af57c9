import { describe, expect, it } from 'vitest';
import type { BookEntry } from './book-entry.ts';
import { csvEntry, csvHead } from './book-csv.ts';

const entry = (fields: Partial<BookEntry['arrival']>): BookEntry => ({
  arrival: {
    id: 'a1',
    registerId: 'r1',
    year: 2026,
    number: 12,
    suffix: '',
    arrivalDate: '2026-03-02',
    issuer: 'Sở Nội vụ',
    docNumber: '05',
    docNotation: 'BC-SNV',
    docDate: null,
    typeName: 'Báo cáo',
    subject: 'Công tác văn thư',
    receiver: '',
    transferDate: null,
    receivedBy: '',
    note: '',
    urgency: 'khan',
    dueDate: null,
    signerName: '',
    origin: 'paper',
    registeredAt: '2026-03-02T17:30:00.000Z',
    voidedAt: null,
    voidReason: null,
    documentId: 'd1',
    documentState: 'sealed',
    levelPending: false,
    delivery: 'acked',
    ...fields,
  },
  changes: [],
});

const subjectOf = (line: string): string => /BC-SNV,,(.*?),,,,,2026,/s.exec(line)?.[1] ?? line;

describe('the register as CSV', () => {
  it('begins with the mark of UTF-8 and the columns of the form in their order', () => {
    expect(csvHead('comma')).toMatch(
      /^\ufeffNgày đến,Số đến,Tác giả,"Số, ký hiệu văn bản",Ngày tháng văn bản,Trích yếu nội dung,Đơn vị hoặc người nhận,Ngày chuyển,Ký nhận,Ghi chú,/,
    );
  });

  it('writes days as they are, instants in Vietnamese time and words for states', () => {
    const line = csvEntry(entry({}), 'semicolon');
    expect(line).toMatch(/^2026-03-02;12;Sở Nội vụ;05\/BC-SNV;;Công tác văn thư;;;;;2026;/);
    expect(line).toContain(';Khẩn;;Giấy;2026-03-03T00:30:00+07:00;');
    expect(line.endsWith('\r\n')).toBe(true);
  });

  it.each([
    ['=HYPERLINK("http://x.example")', `"'=HYPERLINK(""http://x.example"")"`],
    ['+84 900', "'+84 900"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' \t=1+1', `"' \t'=1+1"`],
    ['\uff1d1+1', "'\uff1d1+1"],
    ['một;=1+1', `"một;'=1+1"`],
    ['một;"=1+1"', `"một;""'=1+1"""`],
    ['một,\n@x', `"một,\n'@x"`],
    ['nói "có", rồi thôi', '"nói ""có"", rồi thôi"'],
    ['dòng một\ndòng hai', '"dòng một\ndòng hai"'],
    ['Kế hoạch A - B', 'Kế hoạch A - B'],
  ])('lets a spreadsheet take %j for a text only', (subject, cell) => {
    expect(subjectOf(csvEntry(entry({ subject }), 'comma'))).toBe(cell);
  });
});
