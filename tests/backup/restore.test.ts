import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditLog } from '../../core/audit/audit-log.ts';
import type { CreatedSet } from '../../core/backup/create-set.ts';
import { lastNumbersSince, nothingSince } from '../../core/backup/last-numbers.ts';
import { ArrivalRegister } from '../../core/register/arrival-register.ts';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { openGaps } from '../../core/register/number-gaps.ts';
import { dataFolderAt, lockDataFolder, prepareDataFolder } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { letter } from '../lib/sample-office.ts';
import { BackedUpOffice, problemsOf } from './office.ts';

let world: BackedUpOffice;
let made: CreatedSet;
/** A target with one whole set; tests that spoil it take a copy. */
let whole: string;
beforeAll(async () => {
  world = await BackedUpOffice.open();
  world.office.enter({ subject: 'Sửa đường liên thôn' });
  world.office.enter({}, { registerId: world.office.secondRegister });
  for (let n = 0; n < 3; n++) await world.store();
  writeFileSync(join(world.office.folder.anchors, 'gốc.pem'), 'a certificate');
  whole = world.newTarget();
  made = await world.create(whole);
});
afterAll(() => world.close());

async function copyOfTarget(): Promise<string> {
  const copy = world.newPath();
  await cp(whole, copy, { recursive: true });
  return copy;
}

const inSet = (target: string, name: string) => join(target, 'sets', made.manifest.name, name);
const pooled = (target: string, at = 0) => {
  const sha256 = made.manifest.objects[at]?.sha256 ?? '';
  return join(target, made.manifest.pool, sha256.slice(0, 2), sha256);
};

function openRestored(path: string) {
  const folder = dataFolderAt(path);
  const database = Database.open(folder.database);
  const { clock } = world.office;
  const audit = new AuditLog(database, clock);
  return { folder, database, audit, register: new ArrivalRegister(database, audit, clock) };
}

describe('a restored office', () => {
  it('has its register, files and certificates again, and says in its log where it came from', async () => {
    const to = world.newPath();
    const done = await world.restore(whole, { to, serverSecret: 'mật khẩu', noted: made.manifestSha256 });
    expect(done).toMatchObject({ files: 3, absent: [], withheld: [], gaps: [] });
    expect(done.settings).toEqual({ modules: [], watchedFolders: [], serverUrl: null, tsaUrl: null });
    const { folder, database, audit, register } = openRestored(to);
    try {
      expect(register.list({ query: 'duong', offset: 0, limit: 9 }).rows).toMatchObject([{ number: 1 }]);
      for (const { sha256 } of made.manifest.objects) {
        const bytes = readFileSync(join(folder.objects, sha256.slice(0, 2), sha256));
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      }
      expect(readFileSync(join(folder.anchors, 'gốc.pem'), 'utf8')).toBe('a certificate');
      expect(readFileSync(folder.serverSecret, 'utf8')).toBe('mật khẩu');
      expect(await audit.verify(made.manifest.audit.head ?? '')).toMatchObject({ ok: true });
      expect(audit.list({ limit: 1 })).toMatchObject([
        {
          action: 'register.restored',
          actor: 'quản trị',
          data: { set: made.manifest.name, manifestSha256: made.manifestSha256 },
        },
      ]);
      expect(readdirSync(to).filter((name) => /part|restoring/.test(name))).toEqual([]);
    } finally {
      database.close();
    }
  });

  it('gives no number that was given since the backup, until the document that bore it comes back', async () => {
    const { arrivals, secondRegister } = world.office;
    const to = world.newPath();
    const done = await world.restore(whole, {
      to,
      lastNumbers: [
        { register: 'Sổ văn bản đến', year: 2026, number: 4 },
        { register: secondRegister, year: 2026, number: 1 },
      ],
    });
    expect(done.gaps).toEqual([{ registerId: arrivals, year: 2026, first: 2, last: 4 }]);
    const { database, audit, register } = openRestored(to);
    try {
      const enter = (lostNumber?: { year: number; number: number }) => {
        const id = `document-${Math.random()}`;
        database.run(
          `INSERT INTO document (id, agency_id, created_at, state) SELECT @id, id, created_at, 'registered' FROM agency`,
          { id },
        );
        const entry = {
          registerId: arrivals,
          documentId: id,
          origin: 'paper' as const,
          fields: letter(),
          duplicateAccepted: false,
        };
        return register.enter({ ...entry, lostNumber }, 'chị Lan').number;
      };
      expect(enter()).toBe(5);
      expect(enter({ year: 2026, number: 3 })).toBe(3);
      expect(openGaps(database)).toMatchObject([{ missing: [2, 4] }]);
      expect(audit.list({ limit: 9 }).map(({ action }) => action)).toContain('register.numbers-missing');
    } finally {
      database.close();
    }
  });

  it('is an office like any other once it was opened: nothing clears its folder away as half restored', async () => {
    const to = world.newPath();
    await world.restore(whole, { to });
    // As a power cut behind the last step leaves it.
    writeFileSync(join(to, 'restoring.json'), '{}');
    await (await openEngine({ dataDir: to, mode: 'idle', spawner: createNodeSpawner() })).close();
    rmSync(join(to, 'register.db'));
    await expect(world.restore(whole, { to })).rejects.toMatchObject({ code: 'backup.folder-not-empty' });
    expect(existsSync(join(to, 'objects'))).toBe(true);
  });

  it('keeps the count of wrong PINs that is there', async () => {
    const to = world.newPath();
    mkdirSync(dataFolderAt(to).tokenTries, { recursive: true });
    writeFileSync(join(dataFolderAt(to).tokenTries, 'try'), 'x');
    await world.restore(whole, { to });
    expect(readdirSync(dataFolderAt(to).tokenTries)).toEqual(['try']);
  });

  it('is backed up into the same folder again', async () => {
    const target = await copyOfTarget();
    const to = world.newPath();
    await world.restore(target, { to });
    const { folder, database } = openRestored(to);
    try {
      const snapshot = async () => {
        const path = join(folder.scratch, 'copy.backup-register');
        await database.snapshot(path);
        return path;
      };
      const next = await world.create(target, { folder, snapshot, begin: 'existing' });
      expect(next).toMatchObject({ continuesNewest: true, copied: { files: 0 } });
      expect(await problemsOf(target)).toEqual([]);
    } finally {
      database.close();
    }
  });
});

describe('restoring asks for the last number given', () => {
  it.each([
    ['without any', [], 'backup.last-number-needed', undefined],
    [
      'for one of two registers',
      [{ register: 'Sổ thứ hai', year: 2026, number: 1 }],
      'backup.last-number-needed',
      undefined,
    ],
    [
      'of an unknown register',
      [{ register: 'Sổ khác', year: 2026, number: 1 }],
      'backup.last-number-wrong',
      'no-register',
    ],
    [
      'of which register is not said',
      [{ register: null, year: 2026, number: 1 }],
      'backup.last-number-wrong',
      'which-register',
    ],
    [
      'below what the set knows',
      [{ register: 'Sổ văn bản đến', year: 2026, number: 0 }],
      'backup.last-number-wrong',
      'below-known',
    ],
    [
      'beyond all numbers',
      [{ register: 'Sổ văn bản đến', year: 2026, number: 1_000_000 }],
      'backup.last-number-wrong',
      'too-high',
    ],
  ])('%s', async (_what, lastNumbers, code, reason) => {
    const to = world.newPath();
    await expect(world.restore(whole, { to, lastNumbers })).rejects.toMatchObject({
      code,
      detail: reason === undefined ? {} : { reason },
    });
    expect(existsSync(to)).toBe(false);
  });

  it('of every year that has passed', async () => {
    world.office.clock.set('2027-01-05T00:00:00Z');
    try {
      const lastNumbers = world.nothingSince();
      await expect(world.restore(whole, { lastNumbers })).rejects.toMatchObject({
        code: 'backup.last-number-needed',
        detail: { year: 2027, number: 0 },
      });
      const both = [...lastNumbers, ...lastNumbers.map((one) => ({ ...one, year: 2027, number: 2 }))];
      expect((await world.restore(whole, { lastNumbers: both })).gaps).toMatchObject([
        { year: 2027, first: 1, last: 2 },
        { year: 2027, first: 1, last: 2 },
      ]);
    } finally {
      world.office.clock.set('2026-11-21T00:00:00Z');
    }
  });
});

describe('restoring after the clock was wrong', () => {
  it('is refused by a computer whose clock is behind the set', async () => {
    const right = world.office.clock.now().toISOString();
    world.office.clock.set('2020-01-01T00:00:00Z');
    try {
      const to = world.newPath();
      await expect(world.restore(whole, { to, lastNumbers: [] })).rejects.toMatchObject({
        code: 'backup.clock-behind',
      });
      expect(existsSync(to)).toBe(false);
    } finally {
      world.office.clock.set(right);
    }
  });

  it.each([
    ['of the old year while its letters still come in', '2027-01-05T00:00:00Z', [2026, 2027]],
    ['of the years it knows, where the set was made by a clock ahead', '2029-06-05T00:00:00Z', [2026, 2029]],
    ['of its own year alone in the middle of one', '2026-11-20T03:00:00Z', [2026, 2026]],
  ])('asks for the last numbers %s', (_what, createdAt, [first = 0, last = 0]) => {
    const manifest = { ...made.manifest, createdAt };
    const years = nothingSince(manifest, new Date(createdAt)).map(({ year }) => year);
    expect([Math.min(...years), Math.max(...years)]).toEqual([first, last]);
    expect(() => lastNumbersSince(manifest, [], new Date(createdAt))).toThrow(/last-number-needed/);
  });
});

describe('a folder to restore into', () => {
  it.each([
    ['that holds an office', async (path: string) => void (await world.restore(whole, { to: path }))],
    [
      'that holds anything else',
      (path: string) => (mkdirSync(path), writeFileSync(join(path, 'thư.docx'), 'x')),
    ],
    ['that is a file', (path: string) => writeFileSync(path, 'x')],
  ])('%s is left alone', async (_what, prepare) => {
    const to = world.newPath();
    await prepare(to);
    const before = existsSync(join(to, 'register.db')) ? readFileSync(join(to, 'register.db')) : undefined;
    await expect(world.restore(whole, { to })).rejects.toMatchObject({
      code: expect.stringMatching(/^(backup\.folder-not-empty|store\.cannot-write)$/),
    });
    if (before) expect(readFileSync(join(to, 'register.db')).equals(before)).toBe(true);
  });

  it('where another restore is at work is busy', async () => {
    const folder = dataFolderAt(world.newPath());
    mkdirSync(folder.root);
    const lock = lockDataFolder(folder);
    try {
      await expect(world.restore(whole, { to: folder.root })).rejects.toMatchObject({ code: 'store.busy' });
    } finally {
      lock.release();
    }
  });

  it('where a restore was interrupted is begun anew', async () => {
    const folder = dataFolderAt(world.newPath());
    await prepareDataFolder(folder);
    writeFileSync(join(folder.root, 'restoring.json'), '{}');
    writeFileSync(join(folder.objects, 'half'), 'x');
    writeFileSync(`${folder.database}.part`, 'half a register');
    await world.restore(whole, { to: folder.root });
    expect(existsSync(join(folder.objects, 'half'))).toBe(false);
    expect(readdirSync(folder.root).toSorted()).toEqual(
      ['engine.lock', 'objects', 'quarantine', 'register.db', 'scratch', 'trust', 'versions.json'].toSorted(),
    );
  });
});

describe('damage in a set', () => {
  const spoil = (path: string) => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
  };

  it.each([
    ['a changed file', (target: string) => spoil(pooled(target)), 'object', 'changed'],
    ['a missing file', (target: string) => unlinkSync(pooled(target)), 'object', 'missing'],
    [
      'a file that is a link',
      (target: string) => (unlinkSync(pooled(target)), symlinkSync(pooled(target, 1), pooled(target))),
      'object',
      'not-a-file',
    ],
    [
      'a file that is a folder',
      (target: string) => (unlinkSync(pooled(target)), mkdirSync(pooled(target))),
      'object',
      'not-a-file',
    ],
    ['a huge file', (target: string) => truncateSync(pooled(target), 2 ** 40), 'object', 'changed'],
    ['a changed register', (target: string) => spoil(inSet(target, 'register.db')), 'register', 'changed'],
    [
      'a truncated register',
      (target: string) => truncateSync(inSet(target, 'register.db'), 8192),
      'register',
      'changed',
    ],
    ['no register', (target: string) => unlinkSync(inSet(target, 'register.db')), 'register', 'missing'],
    ['no manifest', (target: string) => unlinkSync(inSet(target, 'manifest.json')), 'manifest', 'broken'],
  ] as const)('%s is told by name, and the set is not restored', async (_what, damage, part, problem) => {
    const target = await copyOfTarget();
    damage(target);
    expect(await problemsOf(target)).toMatchObject([{ part, problem }]);
    const to = world.newPath();
    await expect(world.restore(target, { to })).rejects.toMatchObject({
      code: expect.stringMatching(/^backup\.(damaged|manifest-damaged)$/),
    });
    expect(existsSync(to)).toBe(false);
  });

  it('of stored files only can be left out on purpose; the register is never restored damaged', async () => {
    const target = await copyOfTarget();
    spoil(pooled(target));
    const done = await world.restore(target, { damagedFiles: 'leave-out' });
    expect(done).toMatchObject({ files: 2, absent: [made.manifest.objects[0]?.sha256] });
    spoil(inSet(target, 'register.db'));
    await expect(world.restore(target, { damagedFiles: 'leave-out' })).rejects.toMatchObject({
      code: 'backup.damaged',
    });
  });

  it.each([
    ['a trigger', `CREATE TRIGGER helper AFTER INSERT ON audit BEGIN UPDATE setting SET value = '{}'; END`],
    [
      'a view in the place of a table',
      'ALTER TABLE arrival RENAME TO gone; CREATE VIEW arrival AS SELECT * FROM gone',
    ],
    ['a table', 'CREATE TABLE more (x)'],
  ])(
    'as %s that the program never made is found before the register is asked anything',
    async (_what, sql) => {
      const target = await copyOfTarget();
      const { default: BetterSqlite } = await import('better-sqlite3');
      const handle = new BetterSqlite(inSet(target, 'register.db'));
      handle.exec(sql);
      handle.close();
      rehash(target);
      expect(await problemsOf(target)).toMatchObject([
        { part: 'register', name: expect.stringMatching(/^schema: /) },
      ]);
      await expect(world.restore(target)).rejects.toMatchObject({ code: 'backup.damaged' });
    },
  );

  it('that the hashes agree with shows in the register itself', async () => {
    const target = await copyOfTarget();
    const path = inSet(target, 'register.db');
    const { default: BetterSqlite } = await import('better-sqlite3');
    const handle = new BetterSqlite(path);
    handle.exec(`DROP TRIGGER audit_unchanged; UPDATE audit SET actor = 'ai đó' WHERE sequence = 2`);
    handle.close();
    rehash(target);
    expect(await problemsOf(target)).toMatchObject([{ part: 'audit', name: '2', problem: 'broken' }]);
  });
});

/** Makes a forged set's manifest agree with its register. */
function rehash(target: string): void {
  const bytes = readFileSync(inSet(target, 'register.db'));
  change(target, (manifest) => {
    manifest['register'] = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  });
}

function change(target: string, edit: (manifest: Record<string, unknown>) => void): void {
  const path = inSet(target, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

describe('a hostile manifest', () => {
  const file = { sha256: 'a'.repeat(64), bytes: 1 };
  const trust = { folder: 'signature', name: 'x.pem', sha256: 'a'.repeat(64), base64: '' };

  it.each<[string, Record<string, unknown>]>([
    ['a pool outside the target', { pool: '../../etc' }],
    ['an absolute pool', { pool: '/etc' }],
    ['a name with a path', { objects: [{ ...file, sha256: '../../../etc/passwd' }] }],
    ['the same file twice', { objects: [file, file] }],
    ['files out of order', { objects: [{ ...file, sha256: 'b'.repeat(64) }, file] }],
    ['a negative size', { objects: [{ ...file, bytes: -1 }] }],
    ['a certificate with a path for a name', { trust: [{ ...trust, name: '../../../.bashrc' }] }],
    ['a certificate with an absolute name', { trust: [{ ...trust, name: '/etc/passwd' }] }],
    ['a certificate with a name of Windows', { trust: [{ ...trust, name: 'nul.pem' }] }],
    ['a certificate for another folder', { trust: [{ ...trust, folder: '../objects' }] }],
    ['another name than its folder', { name: '20200101-000000-0000' }],
    ['something more', { run: 'rm -rf /' }],
    ['no register', { registers: [] }],
    ['something else for a number', { schemaVersion: '4' }],
  ])('with %s is refused', async (_what, edit) => {
    const target = await copyOfTarget();
    change(target, (manifest) => void Object.assign(manifest, edit));
    const to = world.newPath();
    await expect(world.restore(target, { to })).rejects.toMatchObject({ code: 'backup.manifest-damaged' });
    expect(await problemsOf(target)).toMatchObject([{ part: 'manifest', problem: 'broken' }]);
    expect(existsSync(to)).toBe(false);
  });

  it.each([
    ['is far too large', (path: string) => truncateSync(path, 2 ** 32)],
    ['is nested without end', (path: string) => writeFileSync(path, '['.repeat(1_000_000))],
    ['is a link', (path: string) => (rmSync(path), symlinkSync('/etc/passwd', path))],
    ['is no JSON', (path: string) => writeFileSync(path, 'an-thu-backup-1')],
  ])('that %s is refused', async (_what, edit) => {
    const target = await copyOfTarget();
    edit(inSet(target, 'manifest.json'));
    await expect(world.restore(target)).rejects.toMatchObject({ code: 'backup.manifest-damaged' });
  });

  it('that leaves out a file which the register names is shown', async () => {
    const target = await copyOfTarget();
    change(target, (manifest) => void (manifest['objects'] = made.manifest.objects.slice(1)));
    expect(await problemsOf(target)).toMatchObject([{ part: 'object', problem: 'not-listed' }]);
    await expect(world.restore(target, { damagedFiles: 'leave-out' })).rejects.toMatchObject({
      code: 'backup.damaged',
    });
  });

  it('with another certificate than its hash says is shown', async () => {
    const target = await copyOfTarget();
    change(target, (manifest) => {
      const [first] = manifest['trust'] as object[];
      manifest['trust'] = [{ ...first, base64: Buffer.from('another').toString('base64') }];
    });
    expect(await problemsOf(target)).toMatchObject([{ part: 'trust', name: 'gốc.pem', problem: 'changed' }]);
  });

  it('that lowers the last number is shown, so that no number is given twice', async () => {
    const target = await copyOfTarget();
    change(target, (manifest) => void (manifest['lastNumbers'] = []));
    expect(await problemsOf(target)).toMatchObject([{ part: 'register', name: 'last numbers' }]);
  });

  it.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['hides a register', (manifest) => (manifest['registers'] = made.manifest.registers.slice(0, 1))],
    ['counts otherwise', (manifest) => (manifest['counts'] = { ...made.manifest.counts, arrivals: 0 })],
  ])('that %s is shown, so that no number is given twice', async (_what, edit) => {
    const target = await copyOfTarget();
    change(target, edit);
    expect(await problemsOf(target)).toMatchObject([{ part: 'register', problem: 'broken' }]);
  });

  it('of another office among the sets of this one is shown, and not restored as its newest', async () => {
    const target = await copyOfTarget();
    const other = await BackedUpOffice.open('2026-11-21T02:00:00Z');
    try {
      const theirs = other.newTarget();
      const foreign = (await other.create(theirs)).manifest;
      await cp(join(theirs, 'sets', foreign.name), join(target, 'sets', foreign.name), { recursive: true });
      expect(await problemsOf(target)).toMatchObject([{ part: 'manifest', name: 'agency' }]);
      const lastNumbers = nothingSince(foreign, world.office.clock.now());
      await expect(world.restore(target, { name: foreign.name, lastNumbers })).rejects.toMatchObject({
        code: 'backup.damaged',
      });
    } finally {
      other.close();
    }
  });

  it('whose set was altered with all its hashes differs from the noted one', async () => {
    const target = await copyOfTarget();
    change(target, (manifest) => void (manifest['createdAt'] = '2026-11-20T00:00:00.000Z'));
    await expect(world.restore(target, { noted: made.manifestSha256 })).rejects.toMatchObject({
      code: 'backup.not-the-noted',
    });
  });
});

describe('a set of a newer version', () => {
  it.each([
    ['with another format', { format: 'an-thu-backup-2' }, 'backup.newer-format'],
    ['with a newer schema', { schemaVersion: 99 }, 'store.newer-version'],
    [
      'made after a newer program had worked',
      { program: { version: '0.1.0', highest: '9.0.0' } },
      'update.older-program',
    ],
  ])('%s is left to that version', async (_what, edit, code) => {
    const target = await copyOfTarget();
    change(target, (manifest) => void Object.assign(manifest, edit));
    const to = world.newPath();
    await expect(world.restore(target, { to })).rejects.toMatchObject({ code });
    expect(existsSync(to)).toBe(false);
  });

  it('is not called damaged', async () => {
    const target = await copyOfTarget();
    change(target, (manifest) => void (manifest['format'] = 'an-thu-backup-2'));
    expect(await problemsOf(target)).toEqual([
      { part: 'manifest', name: 'an-thu-backup-2', problem: 'newer' },
    ]);
  });
});

it('a set that is not there is not restored', async () => {
  const name = '20200101-000000-0000';
  await expect(world.restore(whole, { name })).rejects.toMatchObject({ code: 'backup.no-set' });
  await expect(world.restore(whole, { name: '../..' })).rejects.toMatchObject({ code: 'backup.no-set' });
  await expect(world.restore(world.newPath())).rejects.toMatchObject({ code: 'backup.no-target' });
});
