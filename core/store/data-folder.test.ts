import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  dataFolderAt,
  hasData,
  isFree,
  lockDataFolder,
  mayHaveData,
  prepareDataFolder,
  type DataFolder,
} from './data-folder.ts';

let folder: DataFolder;
beforeEach(async () => {
  folder = dataFolderAt(mkdtempSync(join(tmpdir(), 'an-thu-folder-')));
  await prepareDataFolder(folder);
});
afterEach(() => rmSync(folder.root, { recursive: true, force: true }));

const busy = expect.objectContaining({ code: 'store.busy' });

describe('the lock of a data folder', () => {
  it('is held by one engine at a time', () => {
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(busy);
    lock.release();
    lockDataFolder(folder).release();
  });

  it('keeps out another process, and is free again the moment that process is killed', async () => {
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { dataFolderAt, lockDataFolder } = await import(${JSON.stringify(new URL('data-folder.ts', import.meta.url).href)});
         globalThis.lock = lockDataFolder(dataFolderAt(process.argv[1]));
         console.log('held'); setInterval(() => {}, 1000);`,
        folder.root,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(holder.stdout, 'data');
    expect(() => lockDataFolder(folder)).toThrow(busy);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockDataFolder(folder).release();
  });
});

describe('preparing a data folder', () => {
  it('keeps others out of it', () => {
    for (const path of [folder.root, folder.objects, folder.quarantine, folder.scratch]) {
      expect(statSync(path).mode & 0o077).toBe(0);
    }
  });

  it('throws away unfinished files and nothing else', async () => {
    writeFileSync(join(folder.scratch, 'half.object'), 'x');
    writeFileSync(join(folder.objects, 'kept'), 'x');
    await prepareDataFolder(folder);
    expect(readdirSync(folder.scratch)).toEqual([]);
    expect(existsSync(join(folder.objects, 'kept'))).toBe(true);
  });

  it('does not take it for data of an agency', async () => {
    expect(await hasData(folder)).toBe(false);
  });

  it('says so when it cannot be made', async () => {
    const file = join(folder.root, 'a-file');
    writeFileSync(file, '');
    await expect(prepareDataFolder(dataFolderAt(join(file, 'data')))).rejects.toMatchObject({
      code: 'store.cannot-write',
    });
  });
});

describe('who would make data', () => {
  it('finds none in a new folder, nor where no folder can be', async () => {
    expect(await mayHaveData(folder)).toBe(false);
    const file = join(folder.root, 'a-file');
    writeFileSync(file, '');
    expect(await mayHaveData(dataFolderAt(join(file, 'data')))).toBe(false);
  });

  it('takes anything under the register’s name for data', async () => {
    mkdirSync(folder.database);
    expect(await hasData(folder)).toBe(false);
    expect(await mayHaveData(folder)).toBe(true);
  });

  it('is told where the system does not say what is there', async () => {
    const untold = { ...folder, database: join(folder.root, 'x'.repeat(300)) };
    await expect(mayHaveData(untold)).rejects.toMatchObject({ code: 'store.cannot-write' });
    expect(await isFree(dataFolderAt(join(folder.root, 'x'.repeat(300))))).toBe(false);
  });
});

it('a deep data folder has a short socket path', () => {
  const deep = dataFolderAt(join(tmpdir(), 'x'.repeat(200)));
  expect(Buffer.byteLength(deep.socket)).toBeLessThanOrEqual(100);
  expect(deep.socket).not.toBe(dataFolderAt(join(tmpdir(), 'y'.repeat(200))).socket);
});
