import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { openWorkshop, type Workshop } from './signed-files.ts';

// The signed letter that a test file attacks, and what a forger would like it to say.

export let shop: Workshop;
export let signed: string;
export let bytes: Buffer;
/** The four numbers of the signature's /ByteRange. */
export let range: readonly [number, number, number, number];

beforeAll(async () => {
  shop = await openWorkshop();
  signed = await shop.sign(shop.letter, 'signed.pdf');
  bytes = await readFile(signed);
  const match = /\/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)\s*\]/.exec(bytes.toString('latin1'));
  const [a = 0, b = 0, c = 0, d = 0] = (match ?? []).slice(1).map(Number);
  range = [a, b, c, d];
});

afterAll(() => shop.close());

export const evil = 'BT /F1 40 Tf 60 400 Td (GIA MAO) Tj ET';

export async function judge(file: Uint8Array) {
  return await shop.verify(await shop.write('attack.pdf', file));
}
