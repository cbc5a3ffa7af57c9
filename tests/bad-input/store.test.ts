import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import BetterSqlite from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { toErrorValue } from '../../core/shared/errors.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { expectShown, Office } from './office.ts';

let office: Office;
let database: string;
beforeAll(async () => {
  office = await Office.create();
  database = dataFolderAt(office.workplace.dataDir).database;
  await office.expectGoesOn();
});
afterAll(() => office.close());

const another = () => openEngine({ dataDir: office.workplace.dataDir, spawner: createNodeSpawner() });
const failure = async () =>
  another().then(
    async (engine) => {
      await engine.close();
      throw new Error('it opened');
    },
    (thrown: unknown) => toErrorValue(thrown),
  );

describe('a data folder', () => {
  it('that another engine works on is not opened a second time, and the first goes on', async () => {
    expectShown(await failure(), 'store.busy');
    await office.expectGoesOn();
  });
});

describe('a database', () => {
  let good: Buffer;
  beforeAll(async () => {
    await office.engine.close();
    good = readFileSync(database);
  });
  beforeEach(() => {
    for (const suffix of ['-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true });
    writeFileSync(database, good);
  });

  it('of a newer version is refused and stays as it is', async () => {
    const handle = new BetterSqlite(database);
    handle.pragma('user_version = 999');
    handle.close();
    const before = readFileSync(database);
    const error = await failure();
    expectShown(error, 'store.newer-version');
    expect(error.message).toContain('999');
    expect(readFileSync(database).equals(before)).toBe(true);
  });

  it('that is no database at all is refused and stays as it is', async () => {
    const rubbish = Buffer.alloc(8192, 'không phải cơ sở dữ liệu ');
    writeFileSync(database, rubbish);
    expectShown(await failure(), 'store.damaged');
    expect(readFileSync(database).equals(rubbish)).toBe(true);
  });

  it('whose inner pages were overwritten says so when they are read, with its own code', async () => {
    const spoiled = Buffer.from(good);
    spoiled.fill(0x5a, 4096, spoiled.length);
    writeFileSync(database, spoiled);
    expectShown(await failure(), 'store.damaged');
  });

  it('that is whole again is opened again', async () => {
    const copy = `${database}.copy`;
    copyFileSync(database, copy);
    await office.reopen();
    await office.expectGoesOn();
    rmSync(copy);
  });
});
