import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { prepareDataFolder } from '../../store/data-folder.ts';
import { recordObject } from '../../store/object-rows.ts';
import { ObjectStore } from '../../store/object-store.ts';
import { checkArchive } from './archive-check.ts';

let office: SampleOffice;
let objects: ObjectStore;
/** A stored file that a test spoils; the one before and the one after it stay whole. */
let spoilt: string;
beforeAll(async () => {
  office = await SampleOffice.open();
  await prepareDataFolder(office.folder);
  objects = new ObjectStore(office.folder);
  const stored = [];
  for (const content of ['một', 'hai', 'ba']) {
    const path = join(office.folder.scratch, 'incoming');
    writeFileSync(path, content);
    const object = await objects.put(path);
    recordObject(office.database, { ...object, mediaType: 'application/pdf' }, office.clock.now());
    stored.push(object.sha256);
  }
  spoilt = stored.toSorted()[1] ?? '';
});
afterAll(() => office.close());

const check = () =>
  checkArchive({ documents: office.documents, objects, audit: office.audit, actor: 'chị Lan' });

it.each([
  // Linux gives EIO to whoever reads there.
  ['cannot be read', (path: string) => symlinkSync('/proc/self/mem', path), 'unreadable'],
  ['is no file', (path: string) => mkdirSync(path), 'unreadable'],
  ['is gone', () => undefined, 'missing'],
  ['was changed', (path: string) => writeFileSync(path, 'bốn'), 'changed'],
])('a stored file that %s costs the check only itself', async (_what, put, problem) => {
  const path = objects.path(spoilt);
  renameSync(path, `${path}.kept`);
  try {
    put(path);
    const damaged = [{ sha256: spoilt, problem }];
    expect(await check()).toMatchObject({ checked: 3, damaged });
    const [entry] = office.audit.list({ limit: 1 });
    expect(entry).toMatchObject({ action: 'archive.checked', data: { checked: 3, broken: 1, damaged } });
  } finally {
    rmSync(path, { recursive: true, force: true });
    renameSync(`${path}.kept`, path);
  }
});

it('thousands of lost files do not make an entry of the log that no export could hold', async () => {
  const lost = Array.from({ length: 3000 }, (_, n) => ({ sha256: String(n).padStart(64, '0'), bytes: 1 }));
  const documents = { storedFiles: () => lost } as SampleOffice['documents'];
  const found = await checkArchive({ documents, objects, audit: office.audit, actor: 'chị Lan' });
  expect(found.damaged).toHaveLength(3000);
  const [entry] = office.audit.list({ limit: 1 });
  expect(entry?.data).toMatchObject({ broken: 3000 });
  expect(entry?.data['damaged']).toHaveLength(1000);
});
