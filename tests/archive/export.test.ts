import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Handover, handoverSchema } from '../../core/archive/handover-format.ts';
import { vietnamDate } from '../../core/shared/clock.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { ObjectStore } from '../../core/store/object-store.ts';
import { Office, until } from '../bad-input/office.ts';
import { letterPdf, packageOf } from '../kill/stimuli.ts';
import { codeOf } from '../sync/office.ts';

let office: Office;
let stick: string;

/** A scan that was sealed, an e-document, an entry on paper only, a voided one, and a scan that still waits for the token. */
beforeAll(async () => {
  office = await Office.create();
  stick = mkdtempSync(join(tmpdir(), 'an-thu-stick-'));
  const { engine, workplace } = office;
  await workplace.server.inboxPut(workplace.officeId, packageOf(7, await letterPdf(7)));
  const scan = await office.goodLetter();
  const sealed = await office.accept(await office.put(scan.name, scan.bytes), {
    subject: 'Sửa đường & cầu <cũ>',
  });
  await until('the scan to be sealed', async () =>
    (await engine.call('document.get', { id: sealed.documentId })).arrival?.documentState === 'sealed'
      ? true
      : undefined,
  );
  await engine.call('sync.run', {});
  const { items } = await until('the e-document', async () => {
    const list = await engine.call('intake.list', { states: ['proposed'] });
    return list.items.length > 0 ? list : undefined;
  });
  await office.accept(items[0]!);
  const arrivalDate = vietnamDate(new Date());
  const fields = {
    issuer: 'Sở Nội vụ',
    docNumber: '',
    docNotation: '',
    docDate: null,
    typeName: 'Công văn',
    subject: 'Chỉ có bản giấy',
  };
  await engine.call('register.enter', { fields, arrivalDate });
  const wrong = await engine.call('register.enter', {
    fields: { ...fields, subject: 'Vào nhầm' },
    arrivalDate,
  });
  await engine.call('register.void', { id: wrong.id, reason: 'vào nhầm' });
  await engine.call('token.lock', {});
  const waiting = await office.goodLetter();
  await office.accept(await office.put(waiting.name, waiting.bytes));
}, 60_000);
afterAll(async () => {
  await office.close();
  rmSync(stick, { recursive: true, force: true });
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a hand-over package', () => {
  let path: string;
  let handover: Handover;
  beforeAll(async () => {
    const made = await office.engine.call('archive.export', { path: stick, year: new Date().getFullYear() });
    expect(made).toMatchObject({ entries: 4, left: 1 });
    ({ path } = made);
    expect(sha256(readFileSync(join(path, 'SHA256SUMS')))).toBe(made.sumsSha256);
    handover = handoverSchema.parse(JSON.parse(readFileSync(join(path, 'muc-luc.json'), 'utf8')));
  });
  const entry = (number: number) => handover.entries.find(({ arrival }) => arrival.number === number)!;

  it('holds the entries in the order of time with what register and archive know of each', async () => {
    expect(handover.entries.map(({ arrival }) => arrival.number)).toEqual([1, 2, 3, 4]);
    expect(entry(1)).toMatchObject({
      checkedAt: expect.stringMatching(/^\d{4}-/),
      pages: 1,
      code: expect.stringMatching(/^\d{4}\.1\.00001$/),
    });
    expect(entry(1).files.map(({ role }) => role)).toEqual(['sealed', 'received', 'sheet']);
    expect(entry(1).signatures).toMatchObject([{ kind: 'signature', level: 'B-T' }]);
    expect(entry(1).history.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['intake.received', 'register.entered', 'document.sealed']),
    );
    expect(entry(2).files.map(({ role }) => role)).toEqual(['sealed', 'package', 'sheet']);
    expect([entry(3).files, entry(4).files, entry(4).arrival.voidReason]).toEqual([[], [], 'vào nhầm']);
    const { entries } = await office.engine.call('audit.list', { limit: 1 });
    expect(entries[0]).toMatchObject({ action: 'archive.exported', data: { entries: 4 } });
  });

  it('lists every file with its hash, as foreign tools check it', () => {
    const sums = readFileSync(join(path, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    const there = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.\w+$|SUMS$/.test(name),
    );
    expect(sums.map((line) => line.slice(66)).toSorted()).toEqual(
      there
        .filter((name) => name !== 'SHA256SUMS')
        .map((name) => name.replaceAll('\\', '/'))
        .toSorted(),
    );
    for (const line of sums) expect(sha256(readFileSync(join(path, line.slice(66))))).toBe(line.slice(0, 64));
    const checked = spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: path, encoding: 'utf8' });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  });

  it('tells the same in XML, with the code names of Decree 30, well-formed for foreign parsers', () => {
    const xml = readFileSync(join(path, 'muc-luc.xml'), 'utf8');
    const ask = (xpath: string): string =>
      spawnSync('xmllint', ['--nonet', '--xpath', xpath, join(path, 'muc-luc.xml')], {
        encoding: 'utf8',
      }).stdout.trim();
    const first = "/*/*[local-name()='Document'][1]";
    expect(ask(`string(${first}/*[local-name()='Subject'])`)).toBe('Sửa đường & cầu <cũ>');
    expect(ask(`string(${first}/*[local-name()='ArrivalDate'])`)).toMatch(/^\d{2}\/\d{2}\/\d{4}$/);
    expect(ask("count(/*/*[local-name()='Document'])")).toBe('4');
    for (const { files } of handover.entries)
      for (const file of files) expect(xml).toContain(`sha256="${file.sha256}"`);
  });

  it('is refused for days without entries, and where there is no such folder', async () => {
    const { engine } = office;
    expect(
      await codeOf(engine.call('archive.export', { path: stick, from: '1999-01-01', to: '1999-12-31' })),
    ).toBe('archive.export-nothing');
    expect(await codeOf(engine.call('archive.export', { path: join(stick, 'pulled-out') }))).toBe(
      'general.no-such-input',
    );
  });

  it('is not made of a stored file that was changed, and leaves nothing', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'an-thu-stick-'));
    const stored = new ObjectStore(dataFolderAt(office.workplace.dataDir)).path(entry(1).files[0]!.sha256);
    const whole = readFileSync(stored);
    chmodSync(stored, 0o600);
    writeFileSync(
      stored,
      whole.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
    );
    expect(await codeOf(office.engine.call('archive.export', { path: elsewhere }))).toBe(
      'store.object-changed',
    );
    expect(readdirSync(elsewhere)).toEqual([]);
    writeFileSync(stored, whole);
    rmSync(elsewhere, { recursive: true });
  });
});
