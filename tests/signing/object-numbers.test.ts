import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withPdf } from '../../core/pdf/document.ts';
import { extendPdf } from '../../core/signing/extend-pdf.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { startDemoOcsp, startDemoTsa, type DemoOcsp, type DemoService } from '../../scripts/pki/index.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

/** The workshop's letter names object 99 as a picture on its page, and has only seven objects. */
const DEAD = 99;

let shop: Workshop;
let tsa: DemoService;
let ocsp: DemoOcsp;
beforeAll(async () => {
  shop = await openWorkshop();
  [tsa, ocsp] = await Promise.all([startDemoTsa(shop.pki), startDemoOcsp(shop.pki)]);
});
afterAll(async () => {
  await Promise.all([tsa.close(), ocsp.close()]);
  await shop.close();
});

const numbersOf = (path: string): { dead: unknown; highest: number } =>
  withPdf(path, (pdf) => ({ dead: pdf.load(DEAD), highest: pdf.firstFree - 1 }));

describe('a reference into nothing', () => {
  test('means nothing after 40 signatures either: their objects pass the number over, and every signature holds', async () => {
    let path = shop.letter;
    for (let number = 1; number <= 40; number++) path = await shop.sign(path, `signature-${number}.pdf`);
    const { dead, highest } = numbersOf(path);
    expect(highest).toBeGreaterThan(DEAD);
    expect(dead).toBeNull();
    const report = await shop.verify(path);
    expect(report.signatures).toHaveLength(40);
    expect(
      report.signatures.filter(({ integrity, later }) => integrity !== true || later === 'forbidden'),
    ).toEqual([]);
    expect(report.verdict).toBe('valid');
  });

  test('means nothing after renewals up to B-LTA either', async () => {
    const trust = { anchors: await loadAnchors([shop.pki.rootPath], 'signature') };
    let path = shop.letter;
    for (let number = 1; number <= 28; number++) path = await shop.sign(path, `before-${number}.pdf`);
    for (let number = 1; number <= 3; number++) {
      const outputPath = shop.path(`renewed-${number}.pdf`);
      await extendPdf({ inputPath: path, outputPath, level: 'B-LTA', tsa: { url: tsa.url }, trust });
      path = outputPath;
    }
    const { dead, highest } = numbersOf(path);
    expect(highest).toBeGreaterThan(DEAD);
    expect(dead).toBeNull();
    expect((await shop.verify(path)).verdict).toBe('valid');
  });
});
