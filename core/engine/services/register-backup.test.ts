import { readdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { AnThuError } from '../../shared/errors.ts';
import { prepareDataFolder } from '../../store/data-folder.ts';
import type { Database } from '../../store/database.ts';
import { ObjectStore } from '../../store/object-store.ts';
import { snapshotRegister } from './register-backup.ts';

let office: SampleOffice;
beforeEach(async () => {
  office = await SampleOffice.open();
  await prepareDataFolder(office.folder);
});
afterEach(() => office.close());

const snapshot = (database: Pick<Database, 'snapshot'> = office.database) =>
  snapshotRegister({ database, folder: office.folder, objects: new ObjectStore(office.folder) });
const copies = () => readdirSync(office.folder.scratch);

describe('a copy of the register for a backup', () => {
  it('goes with the next one where the backup that asked for it died', async () => {
    await snapshot();
    expect(copies()).toHaveLength(1);
    const path = await snapshot();
    expect(copies().map((name) => path.endsWith(name))).toEqual([true]);
  });

  it('does not stay by half on a disk that is full', async () => {
    const full = new AnThuError('store.disk-full', { needed: 1, free: 0 });
    const database = {
      snapshot: async (path: string) => {
        writeFileSync(path, 'half a register');
        throw full;
      },
    };
    await expect(snapshot(database)).rejects.toBe(full);
    expect(copies()).toEqual([]);
  });
});
