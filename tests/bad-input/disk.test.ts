import { createHash } from 'node:crypto';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { CLAIM_ID } from '../../core/intake/claim-folders.ts';
import { CLAIM_FOLDER } from '../../core/intake/ignored-names.ts';
import { convertToPdf } from '../../core/intake/to-pdf.ts';
import { toErrorValue } from '../../core/shared/errors.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { dropFile } from '../kill/stimuli.ts';
import { Volume } from '../lib/volume.ts';
import { changeSettings, expectShown, failureOf, Office, until } from './office.ts';

let office: Office;
let volume: Volume;
beforeEach(async () => {
  office = await Office.create();
});
afterEach(async () => {
  await office.close();
});

/** Moves the office's data to a volume of its own and opens it there. */
async function moveDataTo(megabytes: number): Promise<void> {
  await office.engine.close();
  const { dataDir, root } = office.workplace;
  const aside = join(root, 'aside');
  await cp(dataDir, aside, { recursive: true });
  await rm(dataDir, { recursive: true });
  volume = new Volume(dataDir, megabytes);
  await cp(aside, dataDir, { recursive: true });
}

const shownWith = (name: string, code: string) =>
  until(`${name} to be shown with ${code}`, async () => {
    const { candidates } = await office.engine.call('intake.list', {});
    return candidates.find((found) => found.name === name && found.error?.code === code);
  });

describe('a full disk', () => {
  afterEach(async () => {
    await office.engine.close();
    volume.unmount();
  });

  it('takes no new file, loses none, and goes on by itself when there is room again', async () => {
    await moveDataTo(96);
    await office.reopen();
    await office.expectGoesOn();
    const { name, bytes } = await office.goodLetter();
    const giveBack = volume.fill();
    await office.drop(name, bytes);
    const shown = await shownWith(name, 'store.disk-full');
    expectShown(shown.error, 'store.disk-full');
    const claims = join(office.workplace.scanFolder, CLAIM_FOLDER);
    const claimed = await readdir(join(claims, (await readdir(claims))[0] ?? ''));
    expect(claimed.filter((entry) => CLAIM_ID.test(entry))).toHaveLength(1);
    expect((await office.engine.call('engine.status', {})).counts.proposed).toBe(1);
    giveBack();
    const item = await office.item(name);
    expect(item.state).toBe('proposed');
    expect(item.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('gives no number, and the document is entered once there is room', async () => {
    await moveDataTo(96);
    await office.reopen();
    const item = await office.expectGoesOn();
    const giveBack = volume.fill();
    const failed = await failureOf(
      (async () => {
        // The write-ahead log may still have some room: it ends soon.
        for (let round = 0; round < 2_000; round++) {
          await office.engine.call('settings.set', { sync: { everySeconds: 5 + (round % 50) } });
        }
      })(),
    );
    expect(failed.code).toBe('store.disk-full');
    await expect(office.accept(item)).rejects.toMatchObject({ code: 'store.disk-full' });
    expect((await office.engine.call('intake.get', { id: item.id })).state).toBe('proposed');
    giveBack();
    const accepted = await office.accept(item);
    expect(accepted.number).toBe(1);
    await until('the document to be sealed', async () => {
      const detail = await office.engine.call('document.get', { id: accepted.documentId });
      return detail.arrival?.documentState === 'sealed' ? detail : undefined;
    });
    expect((await office.engine.call('audit.verify', {})).ok).toBe(true);
  });
});

describe('a disk that fills while a PDF is made', () => {
  it('is told as a full disk, whatever the scan is, and leaves no half file', async () => {
    const share = new Volume(join(office.workplace.root, 'o-day'), 8);
    try {
      const { default: sharp } = await import('sharp');
      const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
      const picture = sharp({
        create: { width: 1000, height: 1400, channels: 3, background: '#fff', noise },
      });
      const png = join(office.workplace.root, 'anh.png');
      const pdf = join(office.workplace.root, 'thu.pdf');
      writeFileSync(png, await picture.png().toBuffer());
      writeFileSync(pdf, (await office.goodLetter()).bytes);
      share.fill();
      for (const inputPath of [png, pdf]) {
        const failed = await convertToPdf({ inputPath, outputPath: join(share.path, 'ra.pdf') }).then(
          () => undefined,
          (thrown: unknown) => toErrorValue(thrown),
        );
        expectShown(failed, 'store.disk-full');
        expect(existsSync(join(share.path, 'ra.pdf'))).toBe(false);
      }
    } finally {
      share.unmount();
    }
  });
});

describe('a read-only folder', () => {
  it('of data is refused at the start with its code, and nothing is changed', async () => {
    await moveDataTo(96);
    try {
      volume.remount('ro');
      const error = await openEngine({ dataDir: volume.path, spawner: createNodeSpawner() }).then(
        () => undefined,
        (thrown: unknown) => toErrorValue(thrown),
      );
      expectShown(error, 'store.cannot-write');
      volume.remount('rw');
      await office.reopen();
      await office.expectGoesOn();
    } finally {
      await office.engine.close();
      volume.unmount();
    }
  });

  it('of scans is read all the same: each scan is copied once and stays where it is', async () => {
    await office.engine.close();
    const path = join(office.workplace.root, 'o-chi-doc');
    const share = new Volume(path, 16);
    try {
      const { name, bytes } = await office.goodLetter();
      await dropFile(path, name, bytes);
      share.remount('ro');
      changeSettings(office.workplace.dataDir, { watchedFolders: [{ path, polling: false }] });
      await office.reopen();
      const item = await office.item(name);
      expect(item.state).toBe('proposed');
      expect(existsSync(join(path, name))).toBe(true);
      // A network share that is connected again has another number.
      await office.engine.close();
      const database = Database.open(dataFolderAt(office.workplace.dataDir).database);
      database.run('UPDATE taken_source SET dev = dev + 1', {});
      database.close();
      await office.reopen();
      await office.engine.call('engine.settled', { timeoutMs: 10_000 });
      const { items } = await office.engine.call('intake.list', {});
      expect(items).toHaveLength(1);
    } finally {
      await office.engine.close();
      share.unmount();
    }
  });

  it('that is missing is shown with its path while other folders are watched', async () => {
    await office.engine.close();
    const missing = join(office.workplace.root, 'o-mang-da-ngat');
    // Nothing below it can be looked at, not even whether there is a folder of ours.
    const loop = join(office.workplace.root, 'vong');
    symlinkSync(loop, loop);
    changeSettings(office.workplace.dataDir, {
      watchedFolders: [
        { path: missing, polling: true },
        { path: loop, polling: true },
        { path: office.workplace.scanFolder, polling: false },
      ],
    });
    await office.reopen();
    const shown = await shownWith('o-mang-da-ngat', 'intake.folder-missing');
    expectShown(shown.error, 'intake.folder-missing');
    await office.expectGoesOn();
  });
});
