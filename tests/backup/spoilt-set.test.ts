import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
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
import { nothingSince } from '../../core/backup/last-numbers.ts';
import { registerGoesThrough } from '../../core/backup/register-facts.ts';
import { BackedUpOffice, problemsOf } from './office.ts';
import { WholeSet } from './whole-set.ts';

let set: WholeSet;
beforeAll(async () => {
  set = await WholeSet.make();
});
afterAll(() => set.close());

describe('damage in a set', () => {
  const spoil = (path: string) => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
  };

  it.each([
    ['a changed file', (target: string) => spoil(set.pooled(target)), 'object', 'changed'],
    ['a missing file', (target: string) => unlinkSync(set.pooled(target)), 'object', 'missing'],
    [
      'a file that is a link',
      (target: string) => (
        unlinkSync(set.pooled(target)),
        symlinkSync(set.pooled(target, 1), set.pooled(target))
      ),
      'object',
      'not-a-file',
    ],
    [
      'a file that is a folder',
      (target: string) => (unlinkSync(set.pooled(target)), mkdirSync(set.pooled(target))),
      'object',
      'not-a-file',
    ],
    ['a huge file', (target: string) => truncateSync(set.pooled(target), 2 ** 40), 'object', 'changed'],
    [
      'a changed register',
      (target: string) => spoil(set.inSet(target, 'register.db')),
      'register',
      'changed',
    ],
    [
      'a truncated register',
      (target: string) => truncateSync(set.inSet(target, 'register.db'), 8192),
      'register',
      'changed',
    ],
    ['no register', (target: string) => unlinkSync(set.inSet(target, 'register.db')), 'register', 'missing'],
    ['no manifest', (target: string) => unlinkSync(set.inSet(target, 'manifest.json')), 'manifest', 'broken'],
  ] as const)('%s is told by name, and the set is not restored', async (_what, damage, part, problem) => {
    const target = await set.copy();
    damage(target);
    expect(await problemsOf(target)).toMatchObject([{ part, problem }]);
    const to = set.world.newPath();
    await expect(set.world.restore(target, { to })).rejects.toMatchObject({
      code: expect.stringMatching(/^backup\.(damaged|manifest-damaged)$/),
    });
    expect(existsSync(to)).toBe(false);
  });

  it('of stored files only can be left out on purpose; the register is never restored damaged', async () => {
    const target = await set.copy();
    spoil(set.pooled(target));
    const done = await set.world.restore(target, { damagedFiles: 'leave-out' });
    expect(done).toMatchObject({ files: 2, absent: [set.made.manifest.objects[0]?.sha256] });
    spoil(set.inSet(target, 'register.db'));
    await expect(set.world.restore(target, { damagedFiles: 'leave-out' })).rejects.toMatchObject({
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
      const target = await set.copy();
      const { default: BetterSqlite } = await import('better-sqlite3');
      const handle = new BetterSqlite(set.inSet(target, 'register.db'));
      handle.exec(sql);
      handle.close();
      set.rehash(target);
      expect(await problemsOf(target)).toMatchObject([
        { part: 'register', name: expect.stringMatching(/^schema: /) },
      ]);
      await expect(set.world.restore(target)).rejects.toMatchObject({ code: 'backup.damaged' });
    },
  );

  it('that the hashes agree with shows in the register itself', async () => {
    const target = await set.copy();
    const path = set.inSet(target, 'register.db');
    const { default: BetterSqlite } = await import('better-sqlite3');
    const handle = new BetterSqlite(path);
    handle.exec(`DROP TRIGGER audit_unchanged; UPDATE audit SET actor = 'ai đó' WHERE sequence = 2`);
    handle.close();
    set.rehash(target);
    expect(await problemsOf(target)).toMatchObject([{ part: 'audit', name: '2', problem: 'broken' }]);
  });
});
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
    const target = await set.copy();
    set.change(target, (manifest) => void Object.assign(manifest, edit));
    const to = set.world.newPath();
    await expect(set.world.restore(target, { to })).rejects.toMatchObject({
      code: 'backup.manifest-damaged',
    });
    expect(await problemsOf(target)).toMatchObject([{ part: 'manifest', problem: 'broken' }]);
    expect(existsSync(to)).toBe(false);
  });

  it.each([
    ['is far too large', (path: string) => truncateSync(path, 2 ** 32)],
    ['is nested without end', (path: string) => writeFileSync(path, '['.repeat(1_000_000))],
    ['is a link', (path: string) => (rmSync(path), symlinkSync('/etc/passwd', path))],
    ['is no JSON', (path: string) => writeFileSync(path, 'an-thu-backup-1')],
  ])('that %s is refused', async (_what, edit) => {
    const target = await set.copy();
    edit(set.inSet(target, 'manifest.json'));
    await expect(set.world.restore(target)).rejects.toMatchObject({ code: 'backup.manifest-damaged' });
  });

  it('that leaves out a file which the register names is shown', async () => {
    const target = await set.copy();
    set.change(target, (manifest) => void (manifest['objects'] = set.made.manifest.objects.slice(1)));
    expect(await problemsOf(target)).toMatchObject([{ part: 'object', problem: 'not-listed' }]);
    await expect(set.world.restore(target, { damagedFiles: 'leave-out' })).rejects.toMatchObject({
      code: 'backup.damaged',
    });
  });

  it('with another certificate than its hash says is shown', async () => {
    const target = await set.copy();
    set.change(target, (manifest) => {
      const [first] = manifest['trust'] as object[];
      manifest['trust'] = [{ ...first, base64: Buffer.from('another').toString('base64') }];
    });
    expect(await problemsOf(target)).toMatchObject([{ part: 'trust', name: 'gốc.pem', problem: 'changed' }]);
  });

  it('that lowers the last number is shown, so that no number is given twice', async () => {
    const target = await set.copy();
    set.change(target, (manifest) => void (manifest['lastNumbers'] = []));
    expect(await problemsOf(target)).toMatchObject([{ part: 'register', name: 'last numbers' }]);
  });

  it.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['hides a register', (manifest) => (manifest['registers'] = set.made.manifest.registers.slice(0, 1))],
    ['counts otherwise', (manifest) => (manifest['counts'] = { ...set.made.manifest.counts, arrivals: 0 })],
  ])('that %s is shown, so that no number is given twice', async (_what, edit) => {
    const target = await set.copy();
    set.change(target, edit);
    expect(await problemsOf(target)).toMatchObject([{ part: 'register', problem: 'broken' }]);
  });

  it('of another office among the sets of this one is shown, and not restored as its newest', async () => {
    const target = await set.copy();
    const other = await BackedUpOffice.open('2026-11-21T02:00:00Z');
    try {
      const theirs = other.newTarget();
      const foreign = (await other.create(theirs)).manifest;
      await cp(join(theirs, 'sets', foreign.name), join(target, 'sets', foreign.name), { recursive: true });
      expect(await problemsOf(target)).toMatchObject([{ part: 'manifest', name: 'agency' }]);
      const lastNumbers = nothingSince(foreign, set.world.office.clock.now());
      await expect(set.world.restore(target, { name: foreign.name, lastNumbers })).rejects.toMatchObject({
        code: 'backup.damaged',
      });
    } finally {
      other.close();
    }
  });

  it('whose set was altered with all its hashes differs from the noted one', async () => {
    const target = await set.copy();
    set.change(target, (manifest) => void (manifest['createdAt'] = '2026-11-20T00:00:00.000Z'));
    await expect(set.world.restore(target, { noted: set.made.manifestSha256 })).rejects.toMatchObject({
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
    const target = await set.copy();
    set.change(target, (manifest) => void Object.assign(manifest, edit));
    const to = set.world.newPath();
    await expect(set.world.restore(target, { to })).rejects.toMatchObject({ code });
    expect(existsSync(to)).toBe(false);
  });

  it('is not called damaged', async () => {
    const target = await set.copy();
    set.change(target, (manifest) => void (manifest['format'] = 'an-thu-backup-2'));
    expect(await problemsOf(target)).toEqual([
      { part: 'manifest', name: 'an-thu-backup-2', problem: 'newer' },
    ]);
  });
});

it.each([
  ['a link to what never ends', (path: string) => symlinkSync('/dev/zero', path)],
  ['a folder', (path: string) => mkdirSync(path)],
  ['far too large', (path: string) => (writeFileSync(path, ''), truncateSync(path, 2 ** 33))],
  ['another JSON', (path: string) => writeFileSync(path, '{}')],
])('a folder whose marker is %s holds no sets', async (_what, put) => {
  const target = await set.copy();
  const marker = join(target, 'an-thu-backup.json');
  rmSync(marker);
  put(marker);
  await expect(problemsOf(target)).rejects.toMatchObject({ code: 'backup.no-target' });
  await expect(set.world.create(target)).rejects.toMatchObject({ code: 'backup.no-target' });
});

it('a register that is a pipe keeps nobody waiting who looks for the latest set', async () => {
  const target = await set.copy();
  const path = set.inSet(target, 'register.db');
  const { head } = set.made.manifest.audit;
  expect(registerGoesThrough(path, head ?? '')).toBe(true);
  rmSync(path);
  execFileSync('mkfifo', [path]);
  expect(registerGoesThrough(path, head ?? '')).toBe(false);
  expect(await problemsOf(target)).toMatchObject([{ part: 'register', problem: 'not-a-file' }]);
});
