import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfString, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { firstPage } from '../../core/pdf/pages.ts';
import type { Change } from './changes.ts';
import { appendDocumentTimestamp, openWorkshop, type Workshop } from './signed-files.ts';

// What LibreOffice, iText and Acrobat write beside a later signature, found in their files: no alarm, nor a way in.

let shop: Workshop;
let signed: string;
beforeAll(async () => {
  shop = await openWorkshop();
  signed = await shop.sign(shop.letter, 'signed.pdf');
});
afterAll(() => shop.close());

type Entries = Record<string, PdfObject>;

function stagedDict(update: IncrementalUpdate, ref: PdfObject | undefined): [PdfRef, PdfDict] {
  const object = update.resolve(ref);
  if (ref instanceof PdfRef && object instanceof PdfDict) return [ref, object];
  throw new Error('no dictionary');
}

/** Changes the new widget, or its signature dictionary. */
const change =
  (what: 'widget' | 'signature', entries: (widget: PdfDict) => Entries): Change =>
  (update, pdf) => {
    const [, page] = stagedDict(update, firstPage(pdf).ref);
    const annotations = update.resolve(page.get('Annots'));
    const [ref, widget] = stagedDict(update, Array.isArray(annotations) ? annotations.at(-1) : undefined);
    const [target, dict] = what === 'widget' ? [ref, widget] : stagedDict(update, widget.get('V'));
    update.put(target, dict.with(entries(widget)));
  };

const form =
  (entries: Entries): Change =>
  (update, pdf) => {
    const [root, catalog] = stagedDict(update, pdf.trailer.get('Root'));
    const known = update.resolve(catalog.get('AcroForm'));
    if (known instanceof PdfDict) update.put(root, catalog.with({ AcroForm: known.with(entries) }));
  };

const information =
  (entries: Entries): Change =>
  (update, pdf) => {
    const [ref, dict] = stagedDict(update, pdf.trailer.get('Info'));
    update.put(ref, dict.with(entries));
  };

/** Text as LibreOffice writes it. */
const utf16 = (text: string): PdfObject =>
  new PdfString(Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), 'hex');

describe('a signature behind another one', () => {
  test.each<[string, Change]>([
    ['whose field has it as default value too', change('widget', (widget) => ({ DV: widget.get('V') ?? null }))],
    ['whose field has resources without any', change('widget', () => ({ DR: new PdfDict() }))],
    ['a document timestamp that calls itself a signature', change('signature', () => ({ Type: new PdfName('Sig') }))],
    ['with a default look for a form of signatures alone', form({ DA: textString('/Helv 0 Tf 0 g') })],
    ['with a title in another encoding', information({ Title: utf16('Cong van') })],
  ])('%s: both hold', async (_, more) => {
    const file = await appendDocumentTimestamp(shop, signed, 'more.pdf', new Date(), more);
    const { signatures, verdict } = await shop.verify(file);
    expect(signatures.map(({ indication, later }) => `${indication} ${later}`)).toEqual([
      'TOTAL_PASSED permitted',
      'TOTAL_PASSED none',
    ]);
    expect(verdict).toBe('valid');
  }); // prettier-ignore

  test.each<[string, Change]>([
    ['whose field has another default value', change('widget', () => ({ DV: new PdfRef(6) }))],
    ['whose field brings fonts', change('widget', () => ({ DR: new PdfDict({ Font: new PdfDict({ F1: new PdfRef(5) }) }) }))],
    ['with another title', information({ Title: utf16('Cong van khac') })],
  ])('%s: changed after signing', async (_, more) => {
    const file = await appendDocumentTimestamp(shop, signed, 'less.pdf', new Date(), more);
    expect((await shop.verify(file)).signatures[0]).toMatchObject({ integrity: true, later: 'forbidden' });
  }); // prettier-ignore
});
