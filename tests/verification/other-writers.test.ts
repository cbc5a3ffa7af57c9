import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import {
  PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
  textString,
  type PdfObject,
} from '../../core/pdf/objects.ts';
import { firstPage } from '../../core/pdf/pages.ts';
import { lastRoot, lastSection, type Change } from './changes.ts';
import { formBytes, signWithRules } from './certified-files.ts';
import { appendDocumentTimestamp, appendUpdate, openWorkshop, type Workshop } from './signed-files.ts';

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
    ['whose field names the form of its look among its resources', change('widget', () => ({ DR: new PdfDict({ XObject: new PdfDict({ FRM: new PdfRef(5) }) }) }))],
    ['with such a form among the default resources', form({ DR: new PdfDict({ XObject: new PdfDict({ FRM: new PdfRef(5) }) }) })],
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

// iText 5, which local programs are made with (findings/signing-peers.md §2.5), signed these ways; PDFBox wrote such trailers.
describe('what iText and PDFBox do to a signed file', () => {
  const touchXmp: Change = (update) =>
    update.put(
      new PdfRef(7),
      new PdfStream(new PdfDict({ Type: new PdfName('Metadata'), Subtype: new PdfName('XML') }), {
        bytes: Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- saved --></x:xmpmeta>'),
      }),
    );

  test.each([1, 2, 3] as const)('XMP written anew behind a certification P=%i whose /Data names the catalog', async (permission) => {
    const certified = await signWithRules(shop, shop.letter, `data-${permission}.pdf`, { permission, data: 'catalog' });
    expect((await shop.verify(await shop.write('xmp.pdf', await appendUpdate(certified, touchXmp)))).verdict).toBe('valid');
    const evil = await appendUpdate(certified, (update) => update.put(new PdfRef(4), new PdfStream(new PdfDict(), { bytes: Buffer.from('0 g') })));
    expect((await shop.verify(await shop.write('evil.pdf', evil))).verdict).toBe('invalid');
  });

  test.each([
    ['printed and locked', 4, 132, 'permitted'],
    ['without flags, printed and locked', undefined, 132, 'permitted'],
    ['hidden', 4, 134, 'forbidden'],
    ['not printed any more', 4, 128, 'forbidden'],
  ] as const)('a prepared field is signed: %s', async (_, before, after, later) => {
    const plain = await shop.write('fields.pdf', formBytes());
    const prepared = await appendUpdate(plain, (update) => {
      const [ref, field] = stagedDict(update, new PdfRef(13));
      update.put(ref, field.with({ F: before }));
    });
    const first = await signWithRules(shop, await shop.write('prepared.pdf', prepared), `first-${after}-${before}.pdf`);
    const stamped = await appendDocumentTimestamp(shop, first, `s-${after}-${before}.pdf`, new Date(), (update, pdf) => {
      const [, page] = stagedDict(update, firstPage(pdf).ref);
      const list = update.resolve(page.get('Annots'));
      const [, widget] = stagedDict(update, Array.isArray(list) ? list.at(-1) : undefined);
      const [ref, field] = stagedDict(update, new PdfRef(13));
      update.put(ref, field.with({ V: widget.get('V') ?? null, F: after }));
      update.changeCatalog({ AcroForm: pdf.catalog().get('AcroForm') ?? null });
      const own = firstPage(pdf);
      if (own.ref) update.put(own.ref, own.dict);
    });
    expect((await shop.verify(stamped)).signatures[0]).toMatchObject({ later });
  });

  test('a trailer that counts its own section alone', async () => {
    const bytes = await readFile(signed);
    const tail = `xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root ${lastRoot(bytes)} /Prev ${lastSection(bytes)} >>\nstartxref\n${bytes.length}\n%%EOF\n`;
    const file = await shop.write('size.pdf', Buffer.concat([bytes, Buffer.from(tail)]));
    expect((await shop.verify(file)).verdict).toBe('valid');
  });
}); // prettier-ignore
