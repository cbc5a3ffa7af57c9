import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Office } from '../bad-input/office.ts';
import { packageOf } from '../kill/stimuli.ts';

let office: Office;
beforeEach(async () => {
  office = await Office.create();
});
afterEach(() => office.close());

async function open(name: string, bytes: string | Uint8Array) {
  const path = join(office.workplace.root, name);
  await writeFile(path, bytes);
  await office.engine.call('intake.add', { paths: [path] });
  return office.item(name);
}

test('an e-document package that came on a disk is unpacked and judged like one from the province, and nobody is told', async () => {
  const letter = await office.goodLetter();
  const item = await open('van-ban-01.edxml', packageOf(7, letter.bytes));
  expect(item).toMatchObject({ state: 'proposed', origin: 'electronic', source: 'command' });
  expect(item.verification?.signatures).toEqual([]);
  const { entries } = await office.engine.call('sync.list', {});
  expect(entries).toEqual([]);
});

test('a file that only calls itself a package is held with its reason', async () => {
  const item = await open('gia-mao.edxml', '\u0000\u0001 no XML at all');
  expect(item).toMatchObject({ origin: 'paper' });
  expect(['held', 'failed']).toContain(item.state);
  expect(item.error?.message).toBeTruthy();
});
