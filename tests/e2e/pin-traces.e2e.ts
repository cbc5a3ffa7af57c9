import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { commandOf, descendants, findInMemory } from '../lib/process-memory.ts';
import { openFaultOffice, type FaultOffice } from './fault-office.ts';

/*
 * A wrong and the right PIN are typed, a letter is sealed, and then every place is searched in which neither may be. Each
 * search proves itself by a planted text that it must find.
 */
test.describe.configure({ mode: 'serial' });

const wrongPin = `sai${randomBytes(6).toString('hex')}`;
const planted = `gieo-${randomBytes(8).toString('hex')}`;
let office: FaultOffice;
let log = '';

test.beforeAll(async () => {
  office = await openFaultOffice();
  for (const stream of [office.app.process().stdout, office.app.process().stderr])
    stream?.on('data', (chunk) => (log += String(chunk)));
});
test.afterAll(async () => {
  await office?.close();
});

const pins = (): string[] => [wrongPin, office.pin];

/** The heap of the page as Chromium writes it down for developers: every string that is still reachable. */
async function heapSnapshot(): Promise<string> {
  const session = await office.page.context().newCDPSession(office.page);
  const pieces: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => pieces.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', {});
  await session.detach();
  return pieces.join('');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('a letter is sealed after one wrong PIN and the right one', async () => {
  const { page, token } = office;
  await office.scan(office.letters[0] ?? '');
  await expect(page.locator('[data-intake-state="proposed"]')).toHaveCount(1, { timeout: 60_000 });
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('F2');
  await expect(page.locator('[data-field="docNumber"]')).toBeFocused();
  await page.keyboard.press('Control+Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Mở khóa thiết bị ký')).toBeVisible();
  token.forget();
  for (const pin of [wrongPin, office.pin]) {
    await expect(dialog.getByLabel('Mã PIN', { exact: true })).toBeFocused();
    await page.keyboard.type(pin);
    if (pin === office.pin)
      await page.evaluate((text) => Object.assign(window, { planted: `${text}!` }), planted);
    await page.keyboard.press('Enter');
    if (pin === wrongPin) await expect(dialog.getByText(/Mã PIN không đúng/)).toBeVisible();
  }
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Alt+2');
  await expect(page.getByRole('row').nth(1)).toContainText('Đã gửi, có biên nhận', { timeout: 45_000 });
  expect(token.loginsSent()).toBe(2);
});

test('neither PIN is in the page after it was sent', async () => {
  const snapshot = await heapSnapshot();
  expect(snapshot).toContain(planted);
  for (const pin of pins()) expect(snapshot.includes(pin)).toBe(false);
});

test('neither PIN is in the memory of the main process, the engine or a worker', async () => {
  // A text that comes the same way as a sealed PIN does, and is kept.
  await office.page.evaluate(
    async (tsaUrl) => await window.anThu!.call('settings.set', { signing: { tsaUrl } }),
    `http://127.0.0.1/${planted}`,
  );
  const main = office.app.process().pid ?? 0;
  const all = [main, ...descendants(main)];
  // Chromium's own processes took the keystrokes; they are no part of this promise (docs/not-run-here.md).
  const ours = /(boot|engine|document-worker|ocr-worker)\.mjs/;
  const programs = all.filter((pid) => ours.test(commandOf(pid)));
  expect(programs.length).toBeGreaterThanOrEqual(2);
  const engine = all.find((pid) => commandOf(pid).includes('engine.mjs')) ?? 0;
  expect(findInMemory(engine, [planted])).toEqual([planted]);
  for (const pid of programs)
    expect([commandOf(pid), findInMemory(pid, pins())]).toEqual([commandOf(pid), []]);
  // Where it must be known it is found: the search can see it.
  const host = all.find((pid) => commandOf(pid).includes('token-host.mjs')) ?? 0;
  expect(findInMemory(host, pins())).toContain(office.pin);
});

test('neither PIN is in the data folder or in what the program wrote out', async () => {
  const files = filesBelow(office.workplace.dataDir);
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const content = readFileSync(file);
    for (const pin of pins()) expect([file, content.includes(pin)]).toEqual([file, false]);
  }
  for (const pin of pins()) expect(log.includes(pin)).toBe(false);
});
