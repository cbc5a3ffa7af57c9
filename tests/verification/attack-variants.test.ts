import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PdfDocument } from '../../core/pdf/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { signWithRules } from './certified-files.ts';
import { dict, expectFailed, expectNeverPassed, lastSection, restream, set, type Change } from './changes.ts';
import { appendUpdate, codes, openWorkshop, type Workshop } from './signed-files.ts';

// Variants of findings/pdf-attacks.md beyond pdf-attacks.test.ts: a letter that its author prepared.

let shop: Workshop;
let signed: string;
let bytes: Buffer;

/**
 * Objects: 4 content, 5 font, 6 image that covers the sum, 7 form that draws it, 8 stamp over the sum with
 * appearance 9, 10 layer, 11 font of drawn glyphs with 12 and 13, 14 to 16 a page tree of the forger's that nothing
 * leads to, 17 a catalog for it, 18 mapping of font 5.
 */
function preparedLetter(): Buffer {
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog: '/OCProperties << /OCGs [10 0 R] /D << /ON [10 0 R] >> >>',
    page:
      '/Contents 4 0 R /Annots [8 0 R] /Resources << /Font << /F1 5 0 R /F2 11 0 R >> ' +
      '/XObject << /I1 6 0 R /X1 7 0 R >> /Properties << /L1 10 0 R >> >>',
  });
  const glyph = (text: string): Buffer => rawStream('', `100 0 0 0 100 100 d1 ${text}`);
  return rawPdf({
    objects: [
      catalog,
      pages,
      page,
      rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET /X1 Do /OC /L1 BDC /I1 Do EMC'),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 18 0 R >>',
      rawStream('/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8', 'x'),
      rawStream('/Type /XObject /Subtype /Form /BBox [0 0 300 50]', '1 g 0 0 300 50 re f'),
      '<< /Type /Annot /Subtype /Stamp /F 4 /P 3 0 R /Rect [60 740 300 790] /AP << /N 9 0 R >> /OC 10 0 R >>',
      rawStream('/Type /XObject /Subtype /Form /BBox [0 0 240 50]', '1 g 0 0 240 50 re f'),
      '<< /Type /OCG /Name (Lop) >>',
      '<< /Type /Font /Subtype /Type3 /FontBBox [0 0 100 100] /FontMatrix [0.01 0 0 0.01 0 0] /FirstChar 49 /LastChar 50 ' +
        '/Widths [100 100] /Encoding << /Differences [49 /one /nine] >> /CharProcs << /one 12 0 R /nine 13 0 R >> >>',
      glyph('0 0 20 100 re f'),
      glyph('0 0 100 100 re f'),
      '<< /Type /Pages /Kids [15 0 R] /Count 1 >>',
      '<< /Type /Page /Parent 14 0 R /MediaBox [0 0 595 842] /Contents 16 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
      rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 900) Tj ET'),
      '<< /Type /Catalog /Pages 14 0 R >>',
      rawStream('', '/CIDInit /ProcSet findresource begin'),
    ],
  }); // prettier-ignore
}

beforeAll(async () => {
  shop = await openWorkshop();
  const letter = await shop.write('prepared.pdf', preparedLetter());
  signed = await shop.sign(letter, 'signed.pdf');
  bytes = await readFile(signed);
});

afterAll(() => shop.close());

const annotations = (pdf: PdfDocument): PdfObject[] => {
  const list = pdf.get(dict(pdf, 3), 'Annots');
  return Array.isArray(list) ? list : [];
};

async function judge(file: Uint8Array) {
  return await shop.verify(await shop.write('attack.pdf', file));
}

it('the prepared letter itself is valid when nothing was changed', async () => {
  expect((await judge(bytes)).verdict).toBe('valid');
});

describe('shadow attacks', () => {
  it.each<[string, Change]>([
    ['hide: the image removed from the page', set(3, { Resources: new PdfDict() })],
    ['hide: the image emptied', restream(6, '\u00ff')],
    ['hide: the form emptied', restream(7, '')],
    ['hide: the form shrunk by /BBox', restream(7, '1 g 0 0 300 50 re f', { BBox: [0, 0, 1, 1] })],
    ['hide: the form moved by /Matrix', restream(7, '1 g 0 0 300 50 re f', { Matrix: [1, 0, 0, 1, 900, 900] })],
    ['hide: the stamp hidden by /F', set(8, { F: 2 })],
    ['hide: the stamp not printed by /F', set(8, { F: 0 })],
    ['hide: the stamp shrunk by /Rect', set(8, { Rect: [0, 0, 0, 0] })],
    ["hide: the stamp's appearance emptied", restream(9, '')],
    ["hide: the stamp's appearance deleted", set(8, { AP: undefined })],
    ['hide: the stamp taken off the page', (update, pdf) => update.put(new PdfRef(3), dict(pdf, 3).with({ Annots: annotations(pdf).slice(1) }))],
    ['hide: the stamp freed', (update) => update.put(new PdfRef(8), null)],
    ['hide: the stamp made another kind by /Subtype', set(8, { Subtype: new PdfName('Popup') })],
    ['hide: the stamp turned into something else by /Type', set(8, { Type: new PdfName('X') })],
    ['hide: the layer switched off', (update, pdf) => update.put(new PdfRef(1), pdf.catalog().with({ OCProperties: new PdfDict({ OCGs: [new PdfRef(10)], D: new PdfDict({ OFF: [new PdfRef(10)] }) }) }))],
    ['hide: the layer redefined', set(10, { Usage: new PdfDict() })],
    ["replace: a font's encoding", set(5, { Encoding: new PdfDict({ Differences: [49, new PdfName('nine')] }) })],
    ["replace: a font's text mapping", restream(18, 'other')],
    ["replace: a font's drawn glyph", restream(12, '100 0 0 0 100 100 d1 0 0 100 100 re f')],
    ["replace: a font's glyph table", set(11, { CharProcs: new PdfDict({ one: new PdfRef(13), nine: new PdfRef(12) }) })],
    ["replace: a font's widths", set(11, { Widths: [0, 0] })],
    ["replace: the stamp's appearance", restream(9, 'BT (900) Tj ET')],
    ['hide and replace: the page tree exchanged', set(1, { Pages: new PdfRef(14) })],
    ['hide and replace: the page exchanged in /Kids', set(2, { Kids: [new PdfRef(15)] })],
    ['hide and replace: the content exchanged', set(3, { Contents: new PdfRef(16) })],
    ['hide and replace: the page redefined', (update, pdf) => update.put(new PdfRef(3), dict(pdf, 15))],
    ['a page turned', set(3, { Rotate: 180 })],
    ['a page cut by /CropBox', set(3, { CropBox: [0, 0, 100, 100] })],
    ['a page scaled by /UserUnit', set(3, { UserUnit: 10 })],
    ['a page with an action', set(3, { AA: new PdfDict() })],
  ])('%s', async (_name, change) => {
    await expectFailed(shop, await appendUpdate(signed, change));
  }); // prettier-ignore

  it('hide and replace: another /Root in the trailer', async () => {
    const at = bytes.length;
    const tail = `xref\n0 0\ntrailer\n<< /Size 40 /Root 17 0 R /Prev ${lastSection(bytes)} >>\nstartxref\n${at}\n%%EOF\n`;
    const report = await judge(Buffer.concat([bytes, Buffer.from(tail)]));
    expect(report.verdict).toBe('indeterminate'); // no signature can be reached any more, and its trace is seen
    expect(report.messages.map(({ code }) => code)).toEqual(['verify.signature-removed']);
  });
});

describe('incremental saving without an honest end', () => {
  const object = '4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n';
  it.each<[string, () => string]>([
    ['a section without trailer', () => `${object}xref\n4 1\n${String(bytes.length).padStart(10, '0')} 00000 n \nstartxref\n${bytes.length + object.length}\n%%EOF\n`],
    ['an end that points to the signed section', () => `${object}startxref\n${lastSection(bytes)}\n%%EOF\n`],
    ['a trailer without section', () => `${object}trailer\n<< /Size 40 /Root 1 0 R /Prev ${lastSection(bytes)} >>\nstartxref\n${lastSection(bytes)}\n%%EOF\n`],
    ['a section some bytes off', () => `xref\n0 0\ntrailer\n<< /Size 40 /Root 1 0 R /Prev ${lastSection(bytes)} >>\nstartxref\n${bytes.length + 3}\n%%EOF\n`],
    ['an object hidden in a comment', () => `%${object.replaceAll('\n', '\r')}xref\n0 0\ntrailer\n<< /Size 40 /Root 1 0 R /Prev ${lastSection(bytes)} >>\nstartxref\n${bytes.length + 1 + object.length}\n%%EOF\n`],
    ['a second signature that only scanning readers find', () => `90 0 obj\n<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>\nendobj\nxref\n0 0\ntrailer\n<< /Size 40 /Root 1 0 R /Prev ${lastSection(bytes)} >>\nstartxref\n${bytes.length + 73}\n%%EOF\n`],
  ])('%s', async (_name, tail) => {
    await expectNeverPassed(shop, Buffer.concat([bytes, Buffer.from(tail(), 'latin1')]));
  }); // prettier-ignore
});

describe('readers led astray', () => {
  const append = (text: string): Buffer => Buffer.concat([bytes, Buffer.from(text, 'latin1')]);
  const section = (at: number, entries: string, more = ''): string =>
    `xref\n${entries}trailer\n<< /Size 60 /Root 1 0 R /Prev ${lastSection(bytes)} ${more} >>\nstartxref\n${at}\n%%EOF\n`;
  const entry = (at: number, generation = '00000'): string =>
    `${String(at).padStart(10, '0')} ${generation} n \n`;

  it.each<[string, () => Buffer]>([
    ['a stream whose /Length is too short', () => {
      const object = '50 0 obj\n<< /Length 3 >>\nstream\nabcdef\nendstream\nendobj\n';
      return append(object + section(bytes.length + object.length, `50 1\n${entry(bytes.length)}`));
    }],
    ['a hybrid file whose table and stream disagree', () => {
      const content = Buffer.concat([Buffer.from([1]), Buffer.from([0, 0, 9]), Buffer.from([0])]);
      const stream = `51 0 obj\n<< /Type /XRef /Size 60 /W [1 3 1] /Index [4 1] /Length ${content.length} >>\nstream\n${content.toString('latin1')}\nendstream\nendobj\n`;
      const object = '4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n';
      const at = bytes.length + stream.length + object.length;
      const table = `4 1\n${entry(bytes.length + stream.length)}51 1\n${entry(bytes.length)}`;
      return append(stream + object + section(at, table, `/XRefStm ${bytes.length}`));
    }],
    ['an object of the signed revision put into an object stream', () => {
      const inner = '4 0 << /Length 0 >>';
      const holder = `52 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length ${inner.length} >>\nstream\n${inner}\nendstream\nendobj\n`;
      const content = Buffer.from([2, 0, 0, 52, 0, 1, 0, 0, 0, 0]);
      const at = bytes.length + holder.length;
      content.writeUIntBE(bytes.length, 6, 3);
      const dictionary = `<< /Type /XRef /Size 60 /Root 1 0 R /Prev ${lastSection(bytes)} /W [1 3 1] /Index [4 1 52 1] /Length ${content.length} >>`;
      return append(`${holder}53 0 obj\n${dictionary}\nstream\n${content.toString('latin1')}\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`);
    }],
    ['an object of another generation', () => {
      const object = '4 1 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n';
      return append(object + section(bytes.length + object.length, `4 1\n${entry(bytes.length, '00001')}`));
    }],
    ['encryption claimed later', () => {
      const object = '54 0 obj\n<< /Filter /Standard /V 1 /R 2 /P -4 /O (x) /U (x) >>\nendobj\n';
      return append(object + section(bytes.length + object.length, `54 1\n${entry(bytes.length)}`, '/Encrypt 54 0 R'));
    }],
    ['two objects at one place', () => {
      const object = '55 0 obj\n<< >>\nendobj\n';
      return append(object + section(bytes.length + object.length, `55 2\n${entry(bytes.length)}${entry(bytes.length)}`));
    }],
    ['an endless chain of sections', () => append(`xref\n0 0\ntrailer\n<< /Size 60 /Root 1 0 R /Prev ${bytes.length} >>\nstartxref\n${bytes.length}\n%%EOF\n`)],
  ])('%s', async (_name, make) => {
    await expectNeverPassed(shop, make());
  }); // prettier-ignore
});

describe('signatures that stand in for others', () => {
  it('the signed dictionary replaced by another valid one', async () => {
    const other = await signWithRules(shop, signed, 'other.pdf', { fieldName: 'Other' });
    const fieldNumber = (pdf: PdfDocument, index: number): number => {
      const form = pdf.getDict(pdf.catalog(), 'AcroForm');
      const fields = form && pdf.get(form, 'Fields');
      const field = Array.isArray(fields) ? fields[index] : undefined;
      if (!(field instanceof PdfRef)) throw new Error('no field');
      return field.num;
    };
    const swapped = await appendUpdate(other, (update, pdf) => {
      const [first, second] = [fieldNumber(pdf, 0), fieldNumber(pdf, 1)];
      update.put(new PdfRef(first), dict(pdf, first).with({ V: dict(pdf, second).get('V') }));
    });
    await expectFailed(shop, swapped);
  });

  it('ranges nested into each other', async () => {
    const other = await readFile(await signWithRules(shop, signed, 'nested.pdf', { fieldName: 'Other' }));
    const text = other.toString('latin1');
    const ranges = [...text.matchAll(/\/ByteRange\s*\[\d+ \d+ \d+ \d+\s*\]/g)];
    const [first, second] = ranges;
    if (!first || !second) throw new Error('two ranges expected');
    other.write(first[0].padEnd(second[0].length), second.index, 'latin1');
    const report = await judge(other);
    expect(report.verdict).toBe('invalid');
    expect(report.signatures.every(({ indication }) => indication !== 'TOTAL_PASSED')).toBe(true);
  });

  it('a later signature whose look covers text is never silent', async () => {
    const file = await signWithRules(shop, signed, 'sneaky.pdf', {
      fieldName: 'Sneaky',
      widget: (update) => ({
        Rect: [0, 0, 595, 842],
        AP: new PdfDict({
          N: update.add(
            new PdfStream(new PdfDict({ Subtype: new PdfName('Form'), BBox: [0, 0, 595, 842] }), {
              bytes: Buffer.from('1 g 0 0 595 842 re f'),
            }),
          ),
        }),
      }),
    });
    const [first] = (await shop.verify(file)).signatures;
    expect(first?.changes.some((change) => change.class === 'new-signature')).toBe(true);
    expect(first && codes(first)).toContain('verify.signature-covers-page');
  });

  it('a field made a signature of nothing', async () => {
    const update = await appendUpdate(signed, (change, pdf) => {
      const form = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
      const fields = pdf.get(form, 'Fields');
      const value = new PdfDict({ Type: new PdfName('Sig'), SubFilter: new PdfName('ETSI.CAdES.detached') });
      const field = change.add(
        new PdfDict({ FT: new PdfName('Sig'), T: textString('Rong'), V: change.add(value) }),
      );
      const list = [...(Array.isArray(fields) ? fields : []), field];
      change.put(new PdfRef(1), pdf.catalog().with({ AcroForm: form.with({ Fields: list }) }));
    });
    await expectFailed(shop, update);
  });
});
