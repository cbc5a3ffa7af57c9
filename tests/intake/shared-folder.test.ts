import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { Database } from '../../core/store/database.ts';
import { rawPdf } from '../lib/raw-pdf.ts';

/**
 * Two offices, each with a register and a process of its own, take files out of one scan folder. Each is killed once at a
 * place that the seed chooses, and started again.
 */
const SEED = Number(process.env['AN_THU_SHARED_SEED'] ?? 1);
/** At least so many. */
const FILES = 100;
/** Windows knows no signals: who is killed there ends with status 1. */
const killed = process.platform === 'win32' ? 1 : 'SIGKILL';
const places = [
  'intake.before-claim',
  'intake.after-claim',
  'store.object-copied',
  'intake.object-stored',
  'intake.recorded',
  'intake.after-release',
  'intake.converted',
  'register.before-commit',
];

let base: string;
let scans: string;
beforeAll(async () => {
  base = await mkdtemp(join(await quickFolder(), 'an-thu-chung-'));
  scans = join(base, 'quét');
  await mkdir(scans);
});
afterAll(() => rm(base, { recursive: true, force: true }));

/** In memory where there is room: nobody pulls a plug here, and thousands of syncs to a busy disk take long. */
async function quickFolder(): Promise<string> {
  const memory = '/dev/shm';
  const free = await statfs(memory).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return free > 2 ** 29 ? memory : tmpdir();
}

/** A number below `below`, the same for the same seed. */
function chosen(what: string, below: number): number {
  return createHash('sha256').update(`${SEED} ${what}`).digest().readUInt32BE(0) % below;
}

it(`two computers on one folder register every file exactly once, also when both are killed meanwhile (seed ${SEED})`, async () => {
  const offices = ['van-thu-1', 'van-thu-2'].map((name) => join(base, name));
  await Promise.all(offices.map((office) => setUp(office)));
  const hashes: string[] = [];
  const half = FILES / 2;
  for (let number = 0; number < half; number++) hashes.push(await drop(number));
  const first = offices.map((office) =>
    start(office, { diesAt: chosen(office.at(-1) ?? '', places.length) }),
  );
  for (let number = half; number < FILES; number++) hashes.push(await drop(number));
  const ends = Promise.all(first.map(({ ended }) => ended));
  // The quicker one may have claimed nearly all before it died: files come until the other has met its place, too.
  const bothEnded = ends.then(() => 'ended' as const);
  while ((await Promise.race([bothEnded, aMoment()])) !== 'ended') hashes.push(await drop(hashes.length));
  expect(await ends).toEqual([killed, killed]);
  const second = offices.map((office) => start(office, {}));
  for (const { end } of second) end();
  expect(await Promise.all(second.map(({ ended }) => ended))).toEqual([0, 0]);
  const registered = offices.map(registeredIn);
  expect(registered.flat().toSorted()).toEqual(hashes.toSorted());
  for (const each of registered) expect(each.length).toBeGreaterThan(0);
  // Nothing is left behind: what was taken lies in its owner's folder, put aside.
  expect(await readdir(scans)).toEqual(['.an-thu']);
  const owners = await readdir(join(scans, '.an-thu'));
  expect(owners).toHaveLength(2);
  for (const owner of owners)
    expect((await readdir(join(scans, '.an-thu', owner))).toSorted()).toEqual(['da-nhan', 'noi-nhan.json']);
});

it('what an earlier version claimed without an owner is put aside when the register knows it, else left and told', async () => {
  const dataDir = join(base, 'van-thu-1');
  const all = join(scans, '.an-thu');
  const owners = await Promise.all(
    (await readdir(all)).map(async (name) => ({
      name,
      isOurs: (await readFile(join(all, name, 'noi-nhan.json'), 'utf8')).includes(
        JSON.stringify(resolve(dataDir)),
      ),
    })),
  );
  const ours = owners.find(({ isOurs }) => isOurs)?.name ?? '';
  const theirs = owners.find(({ isOurs }) => !isOurs)?.name ?? '';
  const [day = ''] = await readdir(join(all, ours, 'da-nhan'));
  const [known = ''] = await readdir(join(all, ours, 'da-nhan', day));
  const unknown = '0193f0aa-1111-7222-8333-444455556666';
  await rename(join(all, ours, 'da-nhan', day, known), join(all, known));
  await mkdir(join(all, unknown));
  await writeFile(join(all, unknown, 'không rõ.pdf'), 'x');
  const engine = await openEngine({ dataDir, spawner: createNodeSpawner() });
  try {
    await engine.call('engine.settled', { timeoutMs: 10_000 });
    expect((await readdir(all)).toSorted()).toEqual([unknown, 'da-nhan', ours, theirs].toSorted());
    expect(await readdir(join(all, 'da-nhan', day))).toEqual([known]);
    const { folders } = await engine.call('intake.elsewhere', {});
    expect(folders.map(({ owner, files }) => [owner, files.map(({ name }) => name)]).toSorted()).toEqual([
      [null, ['không rõ.pdf']],
      [theirs, []],
    ]);
    const { services } = await engine.call('services.status', {});
    const told = services.find(({ name }) => name === 'folders');
    expect(told).toMatchObject({ state: 'ok', detail: { folders: 1 } });
    expect(told?.said.map(({ code }) => code)).toEqual([
      'service.folders-ready',
      'service.folders-shared',
      'service.folders-held',
    ]);
    expect(told?.said[1]?.message).toContain(join(base, 'van-thu-2'));
    expect((await engine.call('intake.list', { limit: 500 })).items.length).toBe(
      registeredIn(dataDir).length,
    );
  } finally {
    await engine.close();
  }
});

it('a scan folder that holds the data folder, or lies in it, is not watched: the register would be taken for a scan', async () => {
  const around = join(base, 'nhà');
  const dataDir = join(around, 'dữ liệu');
  await setUp(dataDir, [around, join(dataDir, 'quét'), scans]);
  await mkdir(join(dataDir, 'quét'));
  const engine = await openEngine({ dataDir, spawner: createNodeSpawner() });
  try {
    await engine.call('engine.settled', { timeoutMs: 10_000 });
    const { items, candidates } = await engine.call('intake.list', {});
    expect(items).toEqual([]);
    expect(candidates.map(({ path, error }) => [path, error?.code])).toEqual([
      [around, 'intake.folder-holds-data'],
      [join(dataDir, 'quét'), 'intake.folder-holds-data'],
    ]);
    expect(await readdir(dataDir)).toContain('register.db');
  } finally {
    await engine.close();
  }
});

it('of several files that are added, one that cannot be taken is told and the others are taken once', async () => {
  const paths = ['lớn.pdf', 'vừa.pdf'].map((name) => join(base, name));
  const { bavail, bsize } = await statfs(base);
  for (const path of paths) await writeFile(path, '%PDF-');
  // Twice what is free: other tests may give some back meanwhile.
  await truncate(paths[0] ?? '', 2 * bavail * bsize);
  const dataDir = join(base, 'van-thu-3');
  await setUp(dataDir);
  const engine = await openEngine({ dataDir, spawner: createNodeSpawner(), mode: 'idle' });
  try {
    const { items, failed } = await engine.call('intake.add', { paths });
    expect(items.map(({ originalName }) => originalName)).toEqual(['vừa.pdf']);
    expect(failed).toMatchObject([{ path: paths[0], error: { code: 'store.disk-full' } }]);
    await expect(engine.call('intake.add', { paths: paths.slice(0, 1) })).rejects.toMatchObject({
      code: 'store.disk-full',
    });
  } finally {
    await engine.close();
  }
});

function setUp(dataDir: string, folders = [scans]): Promise<void> {
  return setUpAgency(dataDir, {
    agency: { name: 'UBND xã Mẫu', organId: 'H99.1', demo: true },
    registers: [{ name: 'Sổ đến' }],
    settings: {
      watchedFolders: folders.map((path) => ({ path, polling: true })),
      scanner: { mode: 'left-out' },
      settle: { quietMs: 100 },
    },
  });
}

const aMoment = (): Promise<unknown> => new Promise((later) => setTimeout(later, 50));

/** As a scanner does: under a name that is left alone first. Returns its SHA-256. */
async function drop(number: number): Promise<string> {
  const bytes = rawPdf({
    objects: [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /AnThu ${number} >>`,
    ],
  });
  const name = `scan ${number}.pdf`;
  await writeFile(join(scans, `.${name}`), bytes);
  await rename(join(scans, `.${name}`), join(scans, name));
  return createHash('sha256').update(bytes).digest('hex');
}

function start(
  dataDir: string,
  { diesAt }: { diesAt?: number },
): { ended: Promise<number | NodeJS.Signals | null>; end: () => void } {
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_COMPILE_CACHE: join(base, 'compile-cache') };
  if (diesAt !== undefined) {
    env['AN_THU_FAILPOINT'] = places[diesAt];
    env['AN_THU_FAILPOINT_SKIP'] = String(chosen(`${dataDir.at(-1)} skip`, FILES / 8));
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'office-at-folder.ts'), dataDir], {
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  return { ended, end: () => child.stdin.end() };
}

/** SHA-256 of every registered file. */
function registeredIn(dataDir: string): string[] {
  const database = Database.open(dataFolderAt(dataDir).database);
  try {
    return database
      .all(
        z.object({ sha256: z.string() }),
        'SELECT i.sha256 FROM arrival a JOIN intake i ON i.document_id = a.document_id',
        {},
      )
      .map(({ sha256 }) => sha256);
  } finally {
    database.close();
  }
}
