import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Arrival } from '../../core/contract/register.ts';
import type { ProcedureInput } from '../../core/contract/procedures.ts';
import { type Engine, openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { recordGap } from '../../core/register/number-gaps.ts';
import { asAnThuError } from '../../core/shared/errors.ts';
import { SampleOffice, SetClock } from '../lib/sample-office.ts';

/** One office and one engine for all: a year of entries, some voided, corrected, late, long or of last year. */
let office: SampleOffice;
let engine: Engine;
let rows: Arrival[];
const out = mkdtempSync(join(tmpdir(), 'an-thu-books-'));
const at = (name: string): string => join(out, name);

const longSubject = `Triển khai nhiệm vụ ${'phòng chống thiên tai, cứu hộ cứu nạn; '.repeat(48)}hết.`;

beforeAll(async () => {
  office = await SampleOffice.open('2025-12-31T03:00:00Z');
  office.database.transaction(() => {
    office.enter({ subject: 'Văn bản năm trước' });
    office.clock.set('2026-03-02T01:00:00Z');
    for (let number = 1; number <= 40; number++) {
      const docNumber = String(number).padStart(2, '0');
      const electronic = number % 10 === 0;
      office.enter(
        {
          // As pasted from other programs: a line end of theirs, at which some readers of lines cut.
          subject: `Nội dung thứ ${number}${number === 2 ? '\u2028' : ' '}về đường liên thôn`,
          docNumber,
          docNotation: 'BC-UBND',
          typeName: number % 4 === 0 ? 'Kế hoạch' : 'Báo cáo',
          urgency: number === 7 ? 'hoa-toc' : 'thuong',
          dueDate: number === 8 ? '2026-03-20' : null,
        },
        electronic ? { origin: 'electronic' } : {},
      );
    }
    const entries = office.register.list({ registerId: office.arrivals, year: 2026, query: '', offset: 0, limit: 100 }).rows; // prettier-ignore
    const id = (number: number): string => entries.find((row) => row.number === number)?.id ?? '';
    office.register.void(id(5), 'gửi nhầm nơi nhận', 'Nguyễn Thị Lan');
    office.register.correct(
      id(9),
      { subject: 'Nội dung đã sửa', docDate: null },
      'đọc nhầm',
      'Nguyễn Thị Lan',
    );
    office.register.correct(id(11), { subject: longSubject }, 'ghi thiếu', 'Nguyễn Thị Lan');
    office.register.transfer(id(3), { receiver: 'Phòng Kinh tế', transferDate: '2026-03-03', receivedBy: 'Trần Văn Minh' }, 'Nguyễn Thị Lan'); // prettier-ignore
    office.enter(
      { subject: 'Đến muộn' },
      { lateAfter: { year: 2026, number: 12 }, arrivalDate: '2026-02-27' },
    );
    const lost = { registerId: office.arrivals, year: 2026, last: 43, reason: 'phục hồi từ bản sao lưu' };
    const by = { actor: 'Nguyễn Thị Lan', now: office.clock.now() };
    recordGap(office.database, office.audit, lost, by);
    office.enter({ subject: 'Sau khi phục hồi', docNumber: '44', docNotation: 'BC-UBND' });
    office.enter({ subject: '=cmd|x' }, { registerId: office.secondRegister });
    recordGap(office.database, office.audit, { ...lost, registerId: office.secondRegister, last: 3 }, by);
  });
  const list = office.register.list({
    registerId: office.arrivals,
    year: 2026,
    query: '',
    offset: 0,
    limit: 100,
  });
  rows = list.rows.toReversed();
  office.database.close();
  engine = await openEngine({
    dataDir: office.folder.root,
    mode: 'idle',
    spawner: createNodeSpawner(),
    clock: new SetClock('2026-05-04T02:00:00Z'),
    actor: 'Nguyễn Thị Lan',
  });
});
afterAll(async () => {
  await engine.close();
  rmSync(office.folder.root, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
});

const print = (name: string, more: Partial<ProcedureInput<'register.print'>> = {}) =>
  engine.call('register.print', { path: at(name), year: 2026, ...more });
const exported = (
  name: string,
  format: 'csv' | 'json',
  more: Partial<ProcedureInput<'register.export'>> = {},
) => engine.call('register.export', { path: at(name), format, ...more });
const pageTexts = (name: string): string[] =>
  execFileSync('pdftotext', ['-layout', at(name), '-'])
    .toString('utf8')
    .split('\f')
    .slice(0, -1);
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing thrown',
    (thrown: unknown) => asAnThuError(thrown).code,
  );
const words = (text: string): string => text.replaceAll(/\s+/g, ' ');

describe('the printed book', () => {
  let pages: string[];
  beforeAll(async () => {
    const book = await print('sổ.pdf', { volume: '02' });
    const bytes = readFileSync(book.path);
    expect(book).toMatchObject({ entries: 42, voided: 1, first: '1', last: '44', bytes: bytes.length });
    expect(book.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    execFileSync('qpdf', ['--check', book.path], { stdio: 'pipe' });
    pages = pageTexts('sổ.pdf');
    expect(pages).toHaveLength(book.pages);
  });

  it('has the cover of the decree', () => {
    const cover = words(pages[0] ?? '');
    for (const line of [
      'UBND XÃ HÒA THỊNH',
      'SỔ ĐĂNG KÝ VĂN BẢN ĐẾN',
      'Năm: 2026',
      'Từ ngày 27/02/2026 đến ngày 02/03/2026',
      'Từ số 1 đến số 44',
      'Quyển số: 02',
      'DỮ LIỆU MẪU',
    ])
      expect(cover).toContain(line);
  });

  it('repeats ten numbered columns and the page number on every page of the table', () => {
    const table = pages.filter((page) => page.includes('Ký nhận'));
    expect(table.length).toBeGreaterThan(3);
    for (const page of table)
      expect(words(page)).toMatch(/\(1\) \(2\) \(3\) \(4\) \(5\) \(6\) \(7\) \(8\) \(9\) \(10\)/);
    for (const [index, page] of pages.slice(1).entries())
      expect(page).toContain(`Trang ${index + 1}/${pages.length - 1}`);
  });

  it('holds every entry of the register once, in the order of the numbers', () => {
    const numbers = pages
      .slice(1)
      .flatMap((page) => [...page.matchAll(/^ ?(?:27\/02|02\/03)\/2026 +(\d+[a-z]?) /gm)].map(([, n]) => n));
    expect(numbers).toEqual(rows.map(({ number, suffix }) => `${number}${suffix}`));
  });

  it('shows transfer and receiver, urgency and due date, and what came electronically', () => {
    const text = words(pages.join(' '));
    expect(text).toMatch(/ 3 Sở .{0,120}Phòng Kinh tế 03\/03\/2026 Trần Văn /);
    for (const remark of ['Hỏa tốc', 'Hạn:', '20/03/2026', 'VB điện tử']) expect(text).toContain(remark);
  });

  it('keeps a voided number with its reason, and a correction with the earlier words', () => {
    const text = words(pages.join(' '));
    expect(text).toContain('ĐÃ HỦY');
    const list = words(pages.at(-1) ?? '');
    expect(list).toContain('Danh sách mục đã hủy, đã sửa');
    expect(list).toMatch(/ 5 02\/03\/2026 Nguyễn Thị Lan Hủy số đến gửi nhầm nơi nhận/);
    expect(list).toContain('«Nội dung thứ 9 về đường liên thôn» sửa thành «Nội dung đã sửa»');
    expect(list).toContain('Ngày tháng văn bản: 27/02/2026 sửa thành (để trống)');
    expect(text).toContain('Sổ in 42 mục, từ số 1 đến số 44; đã hủy 1 mục, đã sửa 2 mục');
  });

  it('has a line for numbers whose entries are lost', () => {
    const text = words(pages.join(' '));
    expect(text).toMatch(/ 40 .* 41–43 Số đã cấp, nội dung đăng ký bị mất .* 44 /);
    expect(text).toContain('mất nội dung 3 số');
  });

  it('goes on with a subject longer than a page below the heads of the next', () => {
    const text = words(pages.join(' '));
    expect(text.match(/cứu hộ/g)?.length ?? 0).toBeGreaterThanOrEqual(90);
    expect(text).toContain('(tiếp)');
  });

  it('leaves the margins white, and strikes a voided entry through and no other', async () => {
    execFileSync('pdftoppm', ['-r', '72', '-f', '2', '-l', '2', '-singlefile', '-gray', '-png', at('sổ.pdf'), at('trang')]); // prettier-ignore
    const { data, info } = await sharp(at('trang.png'))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const dark = (x: number, y: number): boolean => (data[y * info.width + x] ?? 255) < 200;
    expect(info.width).toBeGreaterThan(info.height);
    for (let y = 0; y < info.height; y++) for (const x of [50, 818]) expect(dark(x, y)).toBe(false);
    const boxes = execFileSync('pdftotext', ['-bbox', '-f', '2', '-l', '2', at('sổ.pdf'), '-']).toString(
      'utf8',
    );
    const isStruck = (word: string): boolean => {
      const box = new RegExp(`xMin="(.*)" yMin="(.*)" xMax="(.*)" yMax="(.*)">${word}<`).exec(boxes);
      const [left = 0, top = 0, right = 0, bottom = 0] = box?.slice(1).map(Number) ?? [];
      const across = Array.from({ length: Math.floor(right - left) - 2 }, (_, x) => Math.ceil(left) + 1 + x);
      const lines = Array.from({ length: Math.ceil(bottom - top) }, (_, y) => Math.floor(top) + y);
      return lines.some((y) => across.length > 20 && across.every((x) => dark(x, y)));
    };
    expect(['04/BC-UBND', '05/BC-UBND', '06/BC-UBND'].map(isStruck)).toEqual([false, true, false]);
  });
});

it('prints a part by numbers and by days, and a line for the pen where no volume is given', async () => {
  const part = await print('phần.pdf', { fromNumber: 10, toNumber: 12 });
  expect(part).toMatchObject({ entries: 4, first: '10', last: '12a' });
  expect(words(pageTexts('phần.pdf')[0] ?? '')).toMatch(/Từ số 10 đến số 12a.*Quyển số: ……/);
  expect(await print('ngày.pdf', { to: '2026-02-28' })).toMatchObject({
    entries: 1,
    first: '12a',
    last: '12a',
  });
});

it('ends with the last number that was given, though its entry is lost', async () => {
  const book = await print('thứ hai.pdf', { registerId: office.secondRegister });
  expect(book).toMatchObject({ entries: 1, first: '1', last: '3', pages: 2 });
  expect(words(pageTexts('thứ hai.pdf').join(' '))).toMatch(/Từ số 1 đến số 3 .* 2–3 Số đã cấp/);
});

it('exports every field of every entry as JSON, with what was changed', async () => {
  const written = await exported('sổ.json', 'json');
  const schema = z.object({
    format: z.literal('an-thu-register-1'),
    entries: z.array(
      z.looseObject({ id: z.string(), changes: z.array(z.looseObject({ kind: z.string() })) }),
    ),
  });
  const { entries } = schema.parse(JSON.parse(readFileSync(written.path, 'utf8')));
  expect(written.entries).toBe(43);
  expect(entries.slice(1)).toMatchObject(rows);
  expect(entries.flatMap(({ changes }) => changes).map(({ kind }) => kind)).toEqual([
    'voided',
    'corrected',
    'corrected',
  ]);
});

it('exports CSV that a spreadsheet reads as text', async () => {
  const written = await exported('thứ hai.csv', 'csv', { registerId: office.secondRegister });
  const text = readFileSync(written.path, 'utf8');
  expect(text.startsWith('\ufeffNgày đến,')).toBe(true);
  expect(text).toContain(",'=cmd|x,");
});

describe('an output', () => {
  it('that exists is refused and left as it is, unless it is to be replaced', async () => {
    writeFileSync(at('có sẵn.csv'), 'của người khác');
    expect(await codeOf(exported('có sẵn.csv', 'csv'))).toBe('general.output-exists');
    expect(readFileSync(at('có sẵn.csv'), 'utf8')).toBe('của người khác');
    await exported('có sẵn.csv', 'csv', { existing: 'replace' });
    expect(readFileSync(at('có sẵn.csv'), 'utf8')).toContain('đường liên thôn');
  });

  it('that is a folder is not taken away, whatever is asked', async () => {
    mkdirSync(at('thư mục'));
    expect(await codeOf(exported('thư mục', 'csv', { existing: 'replace' }))).toBe('store.cannot-write');
    expect(lstatSync(at('thư mục')).isDirectory()).toBe(true);
  });

  it('that is a pipe is not taken away, whatever is asked', async () => {
    execFileSync('mkfifo', [at('ống')]);
    expect(await codeOf(exported('ống', 'csv', { existing: 'replace' }))).toBe('store.cannot-write');
    expect(lstatSync(at('ống')).isFIFO()).toBe(true);
  });

  it('of nothing, into the data folder, or where no folder is, leaves nothing behind', async () => {
    const before = readdirSync(out);
    expect(await codeOf(print('không.pdf', { year: 2019 }))).toBe('register.nothing-to-print');
    expect(await codeOf(exported('không.csv', 'csv', { fromNumber: 900 }))).toBe('register.nothing-to-print');
    expect(await codeOf(print(join('không có', 'sổ.pdf')))).toBe('store.cannot-write');
    const inside = join(office.folder.root, 'objects', 'x.csv');
    expect(await codeOf(exported('', 'csv', { path: inside }))).toBe('general.invalid-input');
    expect(await codeOf(exported('', 'csv', { path: 'sổ.csv' }))).toBe('general.invalid-input');
    expect(readdirSync(out)).toEqual(before);
    expect(readdirSync(office.folder.scratch)).toEqual([]);
  });

  it('is written down in the log with who, what and its hash', async () => {
    const book = await print('nhật ký.pdf', { fromNumber: 2, toNumber: 3 });
    const [entry] = (await engine.call('audit.list', { limit: 1 })).entries;
    expect(entry).toMatchObject({
      actor: 'Nguyễn Thị Lan',
      action: 'register.printed',
      subject: 'register',
      data: { year: 2026, fromNumber: 2, toNumber: 3, sha256: book.sha256, file: 'nhật ký.pdf', entries: 2 },
    });
    expect((await engine.call('audit.verify', {})).ok).toBe(true);
  });
});

describe('the report of a period', () => {
  it('counts what the register holds and names what it does not', async () => {
    const report = await engine.call('report.arrivals', { year: 2026, quarter: 1 });
    expect(report).toMatchObject({
      from: '2026-01-01',
      to: '2026-03-31',
      complete: true,
      numbers: { given: 42, voided: 1, lateEntries: 1, lost: null },
      documents: 41,
      byOrigin: { paper: 37, electronic: 4 },
      byType: [
        { typeName: 'Báo cáo', count: 29 },
        { typeName: 'Kế hoạch', count: 10 },
        { typeName: 'Công văn', count: 2 },
      ],
      byUrgency: { 'hoa-toc': 1, thuong: 40 },
      registered: { sameDay: 40, nextWorkingDay: 1, later: 0 },
      transfer: { transferred: 1, receiptSigned: 1, notTransferred: 40 },
      handling: { withDueDate: 1, dueByNow: 1, inTime: null, late: null, unfinished: null },
      digitized: { signed: 0, withoutScan: 37 },
      signatures: { unchecked: 4 },
    });
    expect(report.notRecorded.join(' ')).toContain('Văn bản đi');
  });

  it('says when the period goes on, and refuses one that has not begun', async () => {
    expect(await engine.call('report.arrivals', { year: 2026 })).toMatchObject({
      complete: false,
      numbers: { lost: 3 },
    });
    expect(await codeOf(engine.call('report.arrivals', { year: 2026, quarter: 3 }))).toBe(
      'register.period-not-begun',
    );
  });
});
