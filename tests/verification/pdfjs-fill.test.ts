import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { formBytes, signWithRules, type SignatureRules } from './certified-files.ts';
import { codes, openWorkshop, type Workshop } from './signed-files.ts';

// A form that was signed and then filled in and saved by a viewer people use (pdf.js, as in Firefox): no false alarm.

// pdf.js wants a slash at the end, on Windows too.
const fonts = fileURLToPath(
  new URL('../../node_modules/pdfjs-dist/standard_fonts/', import.meta.url),
).replaceAll('\\', '/');
let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop.close());

async function filledInByPdfJs(path: string): Promise<Uint8Array> {
  const task = getDocument({
    data: new Uint8Array(await readFile(path)),
    standardFontDataUrl: fonts,
    verbosity: 0,
  });
  const pdf = await task.promise;
  const fields = (await (await pdf.getPage(1)).getAnnotations()) as { fieldName?: string; id: string }[];
  const idOf = (name: string): string => fields.find(({ fieldName }) => fieldName === name)?.id ?? '';
  pdf.annotationStorage.setValue(idOf('GhiChu'), { value: 'Da thu du 900' });
  pdf.annotationStorage.setValue(idOf('DongY'), { value: true });
  const bytes = await pdf.saveDocument();
  await task.destroy();
  return bytes;
}

it.each<[string, SignatureRules]>([
  ['without certification', {}],
  ['behind P=2', { permission: 2 }],
])('a form %s, filled in and saved by pdf.js', async (_name, rules) => {
  const raw = await shop.write('raw.pdf', formBytes());
  const signed = await signWithRules(shop, raw, `signed-${rules.permission ?? 0}.pdf`, rules);
  const report = await shop.verify(await shop.write('filled.pdf', await filledInByPdfJs(signed)));
  expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', later: 'permitted' });
  expect(report.signatures[0] && codes(report.signatures[0])).toContain('verify.form-filled');
});
