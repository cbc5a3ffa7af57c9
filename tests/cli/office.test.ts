import { execFileSync, spawn } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { serveSocket } from '../../core/engine/hosts/socket-server.ts';
import { vietnamDate } from '../../core/shared/clock.ts';
import { createWorkplace, DEMO_PIN, type Workplace } from '../../scripts/demo/workplace.ts';
import { basicConstraintsExtension, buildCertificate } from '../../scripts/pki/certificate-builder.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { anThu, buildPrograms, errorSchema, repository } from './run.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-cli-office-'));
let office: Workplace;

beforeAll(async () => {
  buildPrograms();
  office = await createWorkplace({ root: join(dir, 'office'), key: 'soft-token', scanner: 'left-out' });
});
afterAll(async () => {
  await office.stop();
  rmSync(dir, { recursive: true, force: true });
});

const itemSchema = z.looseObject({ id: z.string(), state: z.string() });
const statusSchema = z.looseObject({
  status: z.looseObject({ pending: z.number(), blocked: z.number() }),
  entries: z.array(z.looseObject({ label: z.string(), state: z.string() })),
});
const rowsSchema = z.looseObject({
  rows: z.array(
    z.looseObject({ id: z.string(), number: z.number(), documentState: z.string(), delivery: z.string() }),
  ),
  total: z.number(),
});

const bookSchema = z.looseObject({ path: z.string(), entries: z.number() });

const inOffice = (...args: string[]) => anThu([...args, '--data', office.dataDir, '--json']);

function letter(name: string, mark: string): string {
  const path = join(dir, name);
  writeFileSync(path, Buffer.concat([rawPdf({ objects: onePageObjects() }), Buffer.from(`% ${mark}\n`)]));
  return path;
}

/** Of a command's words, the letter by its path. */
const here = (word: string): string => (word.endsWith('.pdf') ? join(dir, word) : word);

const fieldsOf = (subject: string) =>
  Object.entries({ issuer: 'Sở Nội vụ', typeName: 'Công văn', subject }).flatMap(([name, value]) => [
    '--field',
    `${name}=${value}`,
  ]);

describe('an office that is worked from the command line', () => {
  it('takes a letter in, enters it, finds it again and checks its own books', async () => {
    const added = await inOffice('intake', 'add', letter('thư-1.pdf', 'một'));
    expect(added.status).toBe(0);
    const [item] = added.json(z.looseObject({ items: z.array(itemSchema) })).items;
    expect(item?.state).toBe('proposed');
    const accepted = await inOffice('register', 'accept', item!.id, ...fieldsOf('Sửa đường liên thôn'));
    expect(accepted.status).toBe(0);
    expect(accepted.json(z.looseObject({ number: z.number(), year: z.number() })).number).toBe(1);
    const found = (await inOffice('register', 'search', 'duong', 'thon')).json(rowsSchema);
    expect(found.rows).toMatchObject([{ number: 1, documentState: 'signing', delivery: 'none' }]);
    expect((await inOffice('audit', 'verify')).status).toBe(0);
    const log = join(dir, 'nhat-ky.jsonl');
    const exported = (await inOffice('audit', 'export', '--out', log)).json(
      z.looseObject({ head: z.string() }),
    );
    const alone = await anThu(['audit', 'verify', '--file', log, '--head', exported.head, '--json'], {
      env: { AN_THU_DATA: join(dir, 'nowhere') },
    });
    expect([alone.status, alone.json(z.unknown())]).toMatchObject([0, { ok: true, head: exported.head }]);
    expect((await inOffice('archive', 'check')).status).toBe(0);
  });

  it.each([
    ['audit', 'export', '--out'],
    ['report', 'year', '--year', '2026', '--out'],
    ['sign', 'thư-1.pdf', '--key', 'file:///không-có.p12', '--out'],
    ['extend', 'thư-1.pdf', '--level', 'B-T', '--tsa', 'http://127.0.0.1:9/', '--out'],
    ['fields', 'prepare', 'thư-1.pdf', '--field', 'So=40,54,12,5', '--out'],
    ['verify', '--offline', 'thư-1.pdf', '--report-pdf'],
    ['doctor', '--bundle'],
  ])("%s %s never writes over the office's own data, not even with --force", async (...command) => {
    const register = join(office.dataDir, 'register.db');
    const link = join(dir, `link-${command[0]}`);
    symlinkSync(office.dataDir, link);
    for (const path of [register, join(link, 'register.db')]) {
      const refused = await inOffice(...command.map(here), path, '--force');
      expect([refused.status, refused.json(errorSchema).code]).toEqual([64, 'general.invalid-input']);
    }
    expect(readFileSync(register).subarray(0, 15).toString()).toBe('SQLite format 3');
  });

  it.each([
    ['archive', 'export'],
    ['sync', 'export'],
  ])('%s %s makes no package inside the data folder', async (...command) => {
    const refused = await inOffice(...command, join(office.dataDir, 'scratch'));
    expect([refused.status, refused.json(errorSchema).code]).toEqual([64, 'general.invalid-input']);
  });

  it('ends its work with its own status also when nobody reads what it says any more', async () => {
    const child = spawn(
      process.execPath,
      [join(repository, 'build', 'an-thu.mjs'), 'register', 'list', '--data', office.dataDir],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stdout.destroy();
    const [[status], said] = await Promise.all([once(child, 'close'), readText(child.stderr)]);
    expect([status, said]).toEqual([0, '']);
  });

  it('does not enter a letter whose fields are missing', async () => {
    const added = await inOffice('intake', 'add', letter('thư-2.pdf', 'hai'));
    const [item] = added.json(z.looseObject({ items: z.array(itemSchema) })).items;
    const refused = await inOffice('register', 'accept', item!.id);
    expect([refused.status, refused.json(errorSchema).code]).toEqual([64, 'general.invalid-input']);
    expect((await inOffice('register', 'list')).json(rowsSchema).total).toBe(1);
  });

  it('talks to the engine that runs on the folder, and to no second one', async () => {
    const engine = await openEngine({
      dataDir: office.dataDir,
      spawner: createNodeSpawner(),
      actor: 'chị Lan',
    });
    const stopServing = await serveSocket(engine);
    try {
      const { keyUri } = office;
      const pinKey = await engine.call('token.pin-key', { keyUri });
      await engine.call('token.unlock', { keyUri, sealedPin: await sealPin(pinKey, DEMO_PIN) });
      const added = await inOffice('intake', 'add', letter('thư-3.pdf', 'ba'));
      const [item] = added.json(z.looseObject({ items: z.array(itemSchema) })).items;
      const accepted = await inOffice('register', 'accept', item!.id, ...fieldsOf('Họp giao ban'));
      expect(accepted.json(z.looseObject({ number: z.number() })).number).toBe(2);
      await expect
        .poll(
          async () =>
            (await engine.call('sync.list', {})).entries.filter(({ state }) => state === 'acked').length,
          { timeout: 20_000 },
        )
        .toBe(2);
      const status = await inOffice('sync', 'status');
      expect(status.status).toBe(0);
      const csv = await inOffice('register', 'export', '--out', join(dir, 'sổ.csv'));
      expect(csv.json(bookSchema)).toMatchObject({ entries: 2, path: join(dir, 'sổ.csv') });
      expect(readFileSync(join(dir, 'sổ.csv'), 'utf8')).toContain('Họp giao ban');
      expect(status.json(statusSchema).entries.map(({ state }) => state)).toEqual(['acked', 'acked']);
      expect(
        (await inOffice('doctor')).json(z.looseObject({ services: z.array(z.unknown()) })).services,
      ).not.toEqual([]);
    } finally {
      await stopServing();
      await engine.close();
    }
  });

  it('is backed up while its engine runs, read again, restored for practice and for good', async () => {
    const target = join(dir, 'sao lưu');
    const backup = (...args: string[]) =>
      anThu(['backup', ...args, '--json'], { env: { AN_THU_DATA: office.dataDir } });
    const engine = await openEngine({ dataDir: office.dataDir, spawner: createNodeSpawner(), mode: 'idle' });
    const stopServing = await serveSocket(engine);
    try {
      expect((await backup('create', target)).json(errorSchema).code).toBe('backup.no-target');
      const made = await backup('create', target, '--new', '--keep', '3');
      expect([made.status, made.json(z.unknown())]).toMatchObject([0, { ok: true, set: { kind: 'full' } }]);
      const { last } = await engine.call('backup.last', {});
      expect(last).toMatchObject({ target, missing: 0 });
      expect((await engine.call('audit.list', { limit: 1 })).entries).toMatchObject([
        { action: 'backup.made' },
      ]);
      expect((await backup('verify', target, '--manifest', last!.manifestSha256)).status).toBe(0);
      const drill = await backup('restore', target, '--drill');
      expect([drill.status, drill.json(z.unknown())]).toMatchObject([0, { ok: true, since: { entries: 1 } }]);
    } finally {
      await stopServing();
      await engine.close();
    }
    const fresh = join(dir, 'mới');
    expect((await backup('restore', target)).status).toBe(64);
    const args = ['restore', target, '--data', fresh];
    expect((await backup(...args)).json(errorSchema).code).toBe('backup.last-number-needed');
    const restored = await backup(...args, '--last-number', `4/${vietnamDate(new Date()).slice(0, 4)}`);
    expect([restored.status, restored.json(z.unknown())]).toMatchObject([
      0,
      { ok: true, gaps: [{ first: 3, last: 4 }] },
    ]);
    expect((await backup(...args, '--last-number', '9/2026')).json(errorSchema).code).toBe(
      'backup.folder-not-empty',
    );
    const gaps = await anThu(['register', 'gaps', '--data', fresh]);
    expect(gaps.stdout).toContain('3–4/');
  });

  it('is busy for a second engine when the first cannot be spoken to', async () => {
    const engine = await openEngine({ dataDir: office.dataDir, spawner: createNodeSpawner(), mode: 'idle' });
    try {
      const result = await inOffice('register', 'list');
      expect([result.status, result.json(errorSchema).code]).toEqual([75, 'store.busy']);
    } finally {
      await engine.close();
    }
  });

  it('voids a number with a reason and keeps it', async () => {
    const { rows } = (await inOffice('register', 'list')).json(rowsSchema);
    const last = rows.find((row) => row.number === 2);
    expect((await inOffice('register', 'void', last!.id)).status).toBe(64);
    expect((await inOffice('register', 'void', last!.id, '--reason', 'vào nhầm')).status).toBe(0);
    expect((await inOffice('register', 'list')).json(rowsSchema).total).toBe(2);
  });

  it('prints the book and reports the year without a running engine', async () => {
    const book = join(dir, 'sổ.pdf');
    const printed = await inOffice('register', 'print', '--out', book);
    expect(printed.json(bookSchema)).toMatchObject({ entries: 2, voided: 1, pages: 3 });
    const again = await inOffice('register', 'print', '--out', book);
    expect([again.status, again.json(errorSchema).code]).toEqual([73, 'general.output-exists']);
    const sheet = join(dir, 'báo cáo.pdf');
    const year = vietnamDate(new Date()).slice(0, 4);
    const report = await inOffice('report', 'year', '--year', year, '--out', sheet);
    expect(report.json(z.looseObject({ documents: z.number(), output: z.string() }))).toMatchObject({
      numbers: { given: 2, voided: 1 },
      documents: 1,
      handling: { late: null },
      output: sheet,
    });
    for (const path of [book, sheet]) execFileSync('qpdf', ['--check', path], { stdio: 'pipe' });
    expect((await anThu(['report', 'quarter', '--year', year, '--data', office.dataDir])).status).toBe(64);
  });

  it('says that the province is away', async () => {
    await office.server.close();
    const result = await inOffice('sync', 'run');
    expect([result.status, result.json(errorSchema).code]).toEqual([69, 'sync.server-away']);
  });
});

describe('an-thu agency init', () => {
  const agency = (name: string, content: object): string => {
    const path = join(dir, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const real = {
    agency: { name: 'UBND xã Thật', organId: 'H99.44', place: 'Thật' },
    registers: [{ name: 'Sổ văn bản đến' }],
    settings: { scanner: { mode: 'left-out' } },
  };

  it('sets up a data folder once', async () => {
    const data = join(dir, 'real');
    const args = ['agency', 'init', '--file', agency('real.json', real), '--data', data, '--json'];
    expect((await anThu(args)).status).toBe(0);
    const before = readFileSync(join(data, 'register.db'));
    const again = await anThu(args);
    expect([again.status, again.json(errorSchema).code]).toEqual([73, 'store.exists']);
    expect(readFileSync(join(data, 'register.db'))).toEqual(before);
  });

  it('refuses anchors of the demo, at once and later', async () => {
    const file = agency('sample.json', { ...real, anchors: [office.pki.rootPath] });
    const data = join(dir, 'with-sample-anchor');
    const refused = await anThu(['agency', 'init', '--file', file, '--data', data, '--json']);
    expect(refused.json(errorSchema).code).toBe('verification.demo-anchor-refused');
    const later = await anThu([
      'trust',
      'import',
      office.pki.rootPath,
      '--data',
      join(dir, 'real'),
      '--json',
    ]);
    expect(later.json(errorSchema).code).toBe('verification.demo-anchor-refused');
    expect([refused.status, later.status]).toEqual([2, 2]);
    const list = await anThu(['trust', 'list', '--data', join(dir, 'real'), '--json']);
    expect(list.json(z.object({ anchors: z.array(z.unknown()) })).anchors).toEqual([]);
  });

  it('keeps in its log who trusted which authority on the command line, and who took it away', async () => {
    const data = join(dir, 'real');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const certificate = buildCertificate({
      subject: [['CN', 'Gốc thử nghiệm']],
      subjectKey: privateKey,
      issuer: [['CN', 'Gốc thử nghiệm']],
      issuerKey: privateKey,
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
      extensions: [basicConstraintsExtension()],
    });
    const path = join(dir, 'root.der');
    writeFileSync(path, certificate);
    const fingerprint = createHash('sha256').update(certificate).digest('hex');
    const inReal = (...args: string[]) => anThu([...args, '--data', data, '--json']);
    const unconfirmed = await inReal('trust', 'import', path);
    expect(unconfirmed.json(errorSchema).code).toBe('verification.anchor-unconfirmed');
    expect((await inReal('trust', 'import', path, '--confirm', fingerprint.toUpperCase())).status).toBe(0);
    const list = await inReal('trust', 'list');
    expect(
      list.json(z.looseObject({ anchors: z.array(z.looseObject({ fingerprint: z.string() })) })),
    ).toMatchObject({
      anchors: [{ fingerprint }],
    });
    expect((await inReal('trust', 'remove', fingerprint, '--reason', 'thay gốc mới')).status).toBe(0);
    const again = await inReal('trust', 'remove', fingerprint);
    expect(again.json(errorSchema).code).toBe('verification.anchor-unknown');
    const engine = await openEngine({ dataDir: data, mode: 'idle', spawner: createNodeSpawner() });
    const { entries } = await engine.call('audit.list', { limit: 10 });
    await engine.close();
    expect(
      entries
        .filter(({ subject }) => subject === fingerprint)
        .map(({ action, data: facts }) => [action, facts]),
    ).toEqual([
      ['trust.removed', { purpose: 'signature', reason: 'thay gốc mới' }],
      [
        'trust.accepted',
        { purpose: 'signature', name: 'CN=Gốc thử nghiệm', class: 'unknown', confirmed: 'typed' },
      ],
    ]);
  });

  it.each([
    ['an unknown word', { ...real, colour: 'red' }],
    ['no register', { ...real, registers: [] }],
    ['an identifier that is none', { ...real, agency: { ...real.agency, organId: 'xã' } }],
  ])('refuses a file with %s', async (name, content) => {
    const file = agency(`bad-${name.length}.json`, content);
    const result = await anThu([
      'agency',
      'init',
      '--file',
      file,
      '--data',
      join(dir, `bad-${name.length}`),
      '--json',
    ]);
    expect([result.status, result.json(errorSchema).code]).toEqual([64, 'general.invalid-input']);
  });
});
