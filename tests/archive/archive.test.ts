import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Handover, handoverSchema } from '../../core/archive/handover-format.ts';
import { vietnamDate } from '../../core/shared/clock.ts';
import type { ProcedureInput } from '../../core/contract/procedures.ts';
import { Database } from '../../core/store/database.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { ObjectStore } from '../../core/store/object-store.ts';
import { extendedKeyUsageExtension, keyUsageExtension } from '../../scripts/pki/certificate-builder.ts';
import { issueCertificate, startDemoTsa } from '../../scripts/pki/index.ts';
import { Office, until } from '../bad-input/office.ts';
import { packageOf } from '../kill/stimuli.ts';
import { SentLetters } from '../lib/sent-letters.ts';
import { codeOf } from '../sync/office.ts';

type DemoTsa = Awaited<ReturnType<typeof startDemoTsa>>;

const DAY_MS = 24 * 3_600_000;
const YEAR = 365;
/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:1/';

let office: Office;
let stick: string;
/** Time-stamping authorities whose certificates end after so many years; the office's own ends after three, as its signer's. */
let four: DemoTsa;
let six: DemoTsa;

async function authority(years: number): Promise<DemoTsa> {
  const { pki } = office.workplace;
  const tsa = await issueCertificate(pki, {
    subject: [['CN', `TSA MẪU ${years} năm`]],
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + years * YEAR * DAY_MS),
    extensions: [
      keyUsageExtension(['digitalSignature']),
      extendedKeyUsageExtension(['1.3.6.1.5.5.7.3.8'], 'critical'),
    ],
  });
  return startDemoTsa({ ...pki, tsa });
}

/** A scan that was sealed, a signed e-document, an entry on paper only, a voided one, and a scan that still waits for the token. */
beforeAll(async () => {
  office = await Office.create();
  stick = mkdtempSync(join(tmpdir(), 'an-thu-stick-'));
  const { engine, workplace } = office;
  const letters = await SentLetters.prepare(workplace);
  await letters.send(packageOf(7, await letters.pdf(7)));
  const [scan, later] = [await office.goodLetter(), await office.goodLetter()];
  const [first, second, electronic] = await Promise.all([
    office.put(scan.name, scan.bytes),
    office.put(later.name, later.bytes),
    until('the e-document', async () => {
      await engine.call('sync.run', {});
      const { items } = await engine.call('intake.list', { states: ['proposed'] });
      return items.find(({ origin }) => origin === 'electronic');
    }),
  ]);
  const sealed = await office.accept(first, { subject: 'Sửa đường & cầu <cũ>' });
  await office.accept(electronic);
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
  await until('the scan to be sealed', async () =>
    (await engine.call('document.get', { id: sealed.documentId })).arrival?.documentState === 'sealed'
      ? true
      : undefined,
  );
  await engine.call('token.lock', {});
  await office.accept(second);
  [four, six] = await Promise.all([authority(4), authority(6)]);
}, 60_000);
afterAll(async () => {
  await four.close();
  await six.close();
  await office.close();
  rmSync(stick, { recursive: true, force: true });
});

const objectsOf = async (number: number) => {
  const { rows } = await office.engine.call('register.list', {});
  const { documentId } = rows.find((row) => row.number === number)!;
  const { objects } = await office.engine.call('document.get', { id: documentId });
  return objects.filter(({ role }) => role === 'sealed');
};
const bytesOf = async (hash: string) =>
  readFileSync((await office.engine.call('document.object-path', { sha256: hash })).path);

describe('long-term timestamp renewal', () => {
  const retain = (input: ProcedureInput<'archive.retain'>) => office.engine.call('archive.retain', input);
  const use = (tsaUrl: string) => office.engine.call('settings.set', { signing: { tsaUrl } });
  const soon = { within: 3 * YEAR + 30, mode: 'renew' } as const;

  it('lists what nears its end and changes nothing', async () => {
    expect(await retain({ within: 180 })).toEqual({ signed: 2, items: [], left: 0, unreadable: [] });
    const { items } = await retain({ within: soon.within });
    expect(items.map(({ label, evidence, reason, outcome }) => [label, evidence, reason, outcome])).toEqual(
      expect.arrayContaining([
        [expect.stringMatching(/^số đến 1\//), 'signature', 'certificate', 'due'],
        [expect.stringMatching(/^số đến 2\//), 'signature', 'certificate', 'due'],
      ]),
    );
    expect([(await objectsOf(1)).length, (await objectsOf(2)).length]).toEqual([1, 1]);
  });

  it('names a document whose last judgement is damaged, shows it, and looks at it once it is judged again', async () => {
    const { rows } = await office.engine.call('register.list', {});
    const { documentId } = rows.find(({ number }) => number === 1)!;
    const database = Database.open(dataFolderAt(office.workplace.dataDir).database);
    database.run(`UPDATE verification SET report = substr(report, 1, 50) WHERE document_id = @documentId`, {
      documentId,
    });
    database.close();
    const { unreadable, signed } = await retain({ within: 180 });
    expect([unreadable, signed]).toEqual([[expect.stringMatching(/^số đến 1\//)], 1]);
    const { checks, level } = await office.engine.call('document.get', { id: documentId });
    expect([checks.at(-1)?.report, level]).toMatchObject([{ error: { code: 'store.row-damaged' } }, null]);
    await office.engine.call('document.verify', { id: documentId });
    expect(await retain({ within: 180 })).toMatchObject({ signed: 2, unreadable: [] });
  });

  it('loses nothing while the authority is away, or has no certificate that lasts longer', async () => {
    for (const url of [NOBODY, office.workplace.tsaUrl]) {
      await use(url);
      const { items } = await retain(soon);
      expect(items.map(({ outcome, error }) => [outcome, error?.code])).toEqual([
        ['pending', 'archive.not-renewed'],
        ['pending', 'archive.not-renewed'],
      ]);
    }
    expect([(await objectsOf(1)).length, (await objectsOf(2)).length]).toEqual([1, 1]);
  });

  it('goes on where it was broken off, and puts each new file behind the bytes of the old one', async () => {
    await use(four.url);
    const one = await retain({ ...soon, limit: 1 });
    expect([one.items.map(({ outcome }) => outcome), one.left]).toEqual([['renewed'], 1]);
    const rest = await retain(soon);
    expect([rest.items.map(({ outcome }) => outcome), rest.left]).toEqual([['renewed'], 0]);
    expect((await retain(soon)).items).toEqual([]);
    for (const number of [1, 2]) {
      const [old, renewed, ...more] = await objectsOf(number);
      expect(more).toEqual([]);
      const [before, after] = [await bytesOf(old!.sha256), await bytesOf(renewed!.sha256)];
      expect(after.length).toBeGreaterThan(before.length);
      expect(after.subarray(0, before.length).equals(before)).toBe(true);
    }
    const { rows } = await office.engine.call('register.list', {});
    const { documentId } = rows.find(({ number }) => number === 1)!;
    const document = await office.engine.call('document.get', { id: documentId });
    expect(document.view).toBe((await objectsOf(1))[1]!.sha256);
    expect(document.level?.reached).toBe('B-LTA');
    expect(document.history.at(-1)).toMatchObject({ action: 'document.renewed' });
    expect((await office.engine.call('document.verify', { id: documentId })).report.verdict).toBe('valid');
    // The province has what it was sent.
    expect(office.workplace.server.records().length).toBe(1);
  });

  it('renews a document timestamp by a later one, and not by one of an algorithm that ends as early', async () => {
    await use(six.url);
    const ends = [{ algorithm: 'sha256', last: vietnamDate(new Date()) }];
    const useless = await retain({ within: 1, ends, mode: 'renew', limit: 1 });
    expect(useless.items.map(({ evidence, reason, outcome }) => [evidence, reason, outcome])).toEqual([
      ['document-timestamp', 'algorithm', 'pending'],
      ['document-timestamp', 'algorithm', 'pending'],
    ]);
    const { items } = await retain({ within: 4 * YEAR + 30, mode: 'renew', limit: 1 });
    expect(items).toMatchObject([
      { evidence: 'document-timestamp', reason: 'certificate', outcome: 'renewed' },
    ]);
    expect(new Date(items[0]!.renewedUntil!).getTime()).toBeGreaterThan(Date.now() + 5 * YEAR * DAY_MS);
  });
});

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a hand-over package', () => {
  let path: string;
  let handover: Handover;
  const draftOfAnother = '.dang-ghi-H99.33~khac';
  beforeAll(async () => {
    mkdirSync(join(stick, draftOfAnother));
    const made = await office.engine.call('archive.export', { path: stick, year: new Date().getFullYear() });
    expect(made).toMatchObject({ entries: 4, left: 1 });
    ({ path } = made);
    expect(sha256(readFileSync(join(path, 'SHA256SUMS')))).toBe(made.sumsSha256);
    handover = handoverSchema.parse(JSON.parse(readFileSync(join(path, 'muc-luc.json'), 'utf8')));
  });
  const entry = (number: number) => handover.entries.find(({ arrival }) => arrival.number === number)!;

  it('leaves alone what another computer of the office is writing into the same folder', () => {
    expect(draftOfAnother).toContain(handover.agency.organId);
    expect(readdirSync(stick)).toContain(draftOfAnother);
  });

  it('holds the entries in the order of time with what register and archive know of each', async () => {
    expect(handover.entries.map(({ arrival }) => arrival.number)).toEqual([1, 2, 3, 4]);
    expect(entry(1)).toMatchObject({
      checkedAt: expect.stringMatching(/^\d{4}-/),
      pages: 1,
      code: expect.stringMatching(/^\d{4}\.1\.00001$/),
    });
    expect(entry(1).files.map(({ role }) => role)).toEqual(['sealed', 'received', 'sheet']);
    expect(
      entry(1)
        .signatures.map(({ kind }) => kind)
        .slice(0, 2),
    ).toEqual(['signature', 'document-timestamp']);
    expect(entry(1).history.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['intake.received', 'register.entered', 'document.sealed']),
    );
    expect(entry(2).files.map(({ role }) => role)).toEqual(['sealed', 'sealed', 'package', 'sheet']);
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
      'store.no-such-folder',
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
