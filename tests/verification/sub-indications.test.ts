import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oid, sequence } from '../../core/asn1/der.ts';
import { subIndicationSchema } from '../../core/contract/verification.ts';
import { type PdfObject, PdfRef } from '../../core/pdf/objects.ts';
import { appendUpdate, codes, openWorkshop, type Workshop } from './signed-files.ts';
import { timestampedWith, TrickShop } from './trick-cms.ts';

// docs/verification-report.md lists every sub-indication with the test that shows it; those without a better place are here.

let shop: Workshop;
let tricks: TrickShop;
beforeAll(async () => {
  shop = await openWorkshop();
  tricks = await TrickShop.open(shop);
});
afterAll(() => shop.close());

it('the document lists every sub-indication, and the tests it names speak of it', async () => {
  const text = await readFile(new URL('../../docs/verification-report.md', import.meta.url), 'utf8');
  const rows = new Map(
    [...text.matchAll(/^\| `([A-Z_]+)`.*\| (?:`([a-z-]+)`|–) *\|$/gm)].map(([, name, test]) => [name, test]),
  );
  expect([...rows.keys()].toSorted()).toEqual([...subIndicationSchema.options].toSorted());
  for (const [name, test] of rows) {
    if (!name || !test) continue;
    const file = new URL(`${test}.test.ts`, import.meta.url);
    expect(existsSync(file), test).toBe(true);
    // The stem: a test may look for OUT_OF_BOUNDS… by a pattern.
    expect(await readFile(file, 'utf8'), `${test} and ${name}`).toContain(
      name.split('_').slice(0, 2).join('_'),
    );
  }
});

it('CRYPTO_CONSTRAINTS_FAILURE: an algorithm that we do not support', async () => {
  const signature = await tricks.verify({ signatureId: sequence(oid('1.3.101.112')) });
  expect(signature).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
  });
  expect(codes(signature)).toContain('verify.algorithm-unsupported');
});

it('CRYPTO_CONSTRAINTS_FAILURE: an algorithm that was weak already when it was proved to be used', async () => {
  const signature = await tricks.verify({
    digestName: 'sha1',
    unsigned: timestampedWith(shop, 'sha256', new Date()),
  });
  expect(signature).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
  });
});

it('POLICY_PROCESSING_ERROR: an update with an object of more levels than are looked at', async () => {
  const signed = await shop.sign(shop.letter, 'signed.pdf');
  let deep: PdfObject = null;
  for (let level = 0; level < 150; level++) deep = [deep];
  const bytes = await appendUpdate(signed, (update) => update.put(new PdfRef(900), deep));
  const report = await shop.verify(await shop.write('many.pdf', bytes));
  expect(report).toMatchObject({
    verdict: 'indeterminate',
    signatures: [{ indication: 'INDETERMINATE', subIndication: 'POLICY_PROCESSING_ERROR' }],
  });
  expect(report.signatures[0] && codes(report.signatures[0])).toContain('verify.limit-reached');
});
