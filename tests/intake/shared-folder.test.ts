import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { rawPdf } from '../lib/raw-pdf.ts';

/**
 * Two offices, each with a register and a process of its own, take files out of one scan folder. Each is killed once at a
 * place that the seed chooses, and started again.
 */
const SEED = Number(process.env['AN_THU_SHARED_SEED'] ?? 1);
const FILES = 100;
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
  base = await mkdtemp(join(tmpdir(), 'an-thu-chung-'));
  scans = join(base, 'quét');
  await mkdir(scans);
});
afterAll(() => rm(base, { recursive: true, force: true }));

/** A number below `below`, the same for the same seed. */
function chosen(what: string, below: number): number {
  return createHash('sha256').update(`${SEED} ${what}`).digest().readUInt32BE(0) % below;
}

it(`two computers on one folder register each of ${FILES} files exactly once, also when both are killed meanwhile (seed ${SEED})`, async () => {
  const offices = ['van-thu-1', 'van-thu-2'].map((name) => join(base, name));
  await Promise.all(offices.map(setUp));
  const hashes: string[] = [];
  const half = FILES / 2;
  for (let number = 0; number < half; number++) hashes.push(await drop(number));
  const first = offices.map((office) =>
    start(office, { diesAt: chosen(office.at(-1) ?? '', places.length) }),
  );
  for (let number = half; number < FILES; number++) hashes.push(await drop(number));
  expect(await Promise.all(first.map(({ ended }) => ended))).toEqual(['SIGKILL', 'SIGKILL']);
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

function setUp(dataDir: string): Promise<void> {
  return setUpAgency(dataDir, {
    agency: { name: 'UBND xã Mẫu', organId: 'H99.1', demo: true },
    registers: [{ name: 'Sổ đến' }],
    settings: {
      watchedFolders: [{ path: scans, polling: true }],
      scanner: { mode: 'left-out' },
      settle: { quietMs: 100 },
    },
  });
}

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
