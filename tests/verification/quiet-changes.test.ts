import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { formBytes, signWithRules } from './certified-files.ts';
import {
  dict,
  expectFailed,
  expectNeverPassed,
  lastRoot,
  lastSection,
  restream,
  set,
  type Change,
} from './changes.ts';
import { appendUpdate, openWorkshop, type Workshop } from './signed-files.ts';

// Changes that no page content shows, or that a permitted change could carry along: none of them passes.

let shop: Workshop;
/** A letter with structure, attachments, labels, an annotation list of its own; object numbers below. */
let rich: string;
let richBytes: Buffer;
/** A form: see certified-files.ts; `GhiChu` (11) has a ground, `SoTien` (6) may not be filled in by hand. */
let form: string;

/**
 * Objects: 4 content, 5 font, 6 information, 7 XMP, 8 structure tree with element 9, 10 name tree of attachments, 11 file
 * specification, 12 attached file, 13 page labels, 14 output intent with profile 15, 16 number object, 17 content of nothing.
 */
function richLetter(): Buffer {
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog:
      '/Metadata 7 0 R /StructTreeRoot 8 0 R /MarkInfo << /Marked true >> /Lang (vi) /Names << /EmbeddedFiles 10 0 R >> ' +
      '/PageLabels 13 0 R /OutputIntents [14 0 R] /ViewerPreferences << /DisplayDocTitle true >>',
    page: '/Contents [4 0 R 0 0 R] /Resources << /Font << /F1 5 0 R >> >> /StructParents 0',
  });
  return rawPdf({
    objects: [
      catalog,
      pages,
      page,
      rawStream('', '/P << /MCID 0 >> BDC BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET EMC'),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      "<< /Title (Cong van) /Author (UBND) /ModDate (D:20261120080000+07'00') >>",
      rawStream('/Type /Metadata /Subtype /XML', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'),
      '<< /Type /StructTreeRoot /K 9 0 R /ParentTree << /Nums [0 [9 0 R]] >> >>',
      '<< /Type /StructElem /S /P /P 8 0 R /Pg 3 0 R /K 0 /ActualText (So tien: 100) >>',
      '<< /Names [(phu-luc.txt) 11 0 R] >>',
      '<< /Type /Filespec /F (phu-luc.txt) /UF (phu-luc.txt) /EF << /F 12 0 R >> >>',
      rawStream('/Type /EmbeddedFile', '100'),
      '<< /Nums [0 << /S /D >>] >>',
      '<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /DestOutputProfile 15 0 R >>',
      rawStream('/N 3', 'profile'),
      '12',
      rawStream('', 'BT /F1 12 Tf 60 700 Td (prepared) Tj ET'),
    ],
    trailer: '/Root 1 0 R /Info 6 0 R',
  });
}

const stream = (text: string, more: Record<string, PdfObject> = {}): PdfStream =>
  new PdfStream(new PdfDict(more), { bytes: Buffer.from(text) });
const name = (text: string): PdfName => new PdfName(text);

beforeAll(async () => {
  shop = await openWorkshop();
  rich = await shop.sign(await shop.write('rich.pdf', richLetter()), 'rich-signed.pdf');
  richBytes = await readFile(rich);
  const raw = await shop.write('raw.pdf', formBytes());
  const bytes = await appendUpdate(raw, (update, pdf) => {
    set(11, { MK: new PdfDict({ BG: [0.9], BC: [0] }), DA: textString('/Chu 12 Tf 0 g') })(update, pdf);
    set(6, { Ff: 1 })(update, pdf);
  });
  form = await signWithRules(shop, await shop.write('form.pdf', bytes), 'form-signed.pdf');
});

afterAll(() => shop.close());

it.each([
  ['the rich letter', () => rich],
  ['the form', () => form],
])('%s itself is valid', async (_name, path) => {
  expect((await shop.verify(path())).verdict).toBe('valid');
});

describe('what a page does not show', () => {
  it.each<[string, Change]>([
    ['spoken text: /ActualText', set(9, { ActualText: textString('So tien: 900') })],
    ['spoken text: /Alt added', set(9, { Alt: textString('So tien: 900') })],
    ['the structure tree exchanged', set(1, { StructTreeRoot: new PdfDict({ Type: name('StructTreeRoot') }) })],
    ['the class map of the structure', set(8, { ClassMap: new PdfDict() })],
    ['an attached file', restream(12, '900')],
    ['the name of an attached file', set(11, { UF: textString('khac.txt') })],
    ['another file in the name tree', (update) => update.put(new PdfRef(10), new PdfDict({ Names: [textString('phu-luc.txt'), update.add(new PdfDict())] }))],
    ['a second attached file', (update, pdf) => set(1, { Names: new PdfDict({ EmbeddedFiles: update.add(dict(pdf, 10)) }) })(update, pdf)],
    ['an associated file', (update, pdf) => set(1, { AF: [update.add(new PdfDict({ Type: name('Filespec') }))] })(update, pdf)],
    ['a portfolio: /Collection', set(1, { Collection: new PdfDict({ View: name('H') }) })],
    ['page labels', set(13, { Nums: [0, new PdfDict({ S: name('r') })] })],
    ['the output intent', set(14, { OutputConditionIdentifier: textString('khac') })],
    ['the colour profile', restream(15, 'other')],
    ['output intents taken out', set(1, { OutputIntents: undefined })],
    ['/Perms added', (update, pdf) => set(1, { Perms: new PdfDict({ DocMDP: update.add(new PdfDict()) }) })(update, pdf)],
    ['usage rights added', (update, pdf) => set(1, { Perms: new PdfDict({ UR3: update.add(new PdfDict()) }) })(update, pdf)],
    ['viewer preferences', set(1, { ViewerPreferences: new PdfDict() })],
    ['the language', set(1, { Lang: textString('en') })],
    ['/MarkInfo', set(1, { MarkInfo: new PdfDict() })],
    ['article threads', set(1, { Threads: [] })],
    ['an outline', (update, pdf) => set(1, { Outlines: update.add(new PdfDict()), PageMode: name('UseOutlines') })(update, pdf)],
    ['legal attestations', set(1, { Legal: new PdfDict() })],
    ['requirements', set(1, { Requirements: [] })],
    ['a base address', set(1, { URI: new PdfDict({ Base: textString('http://x') }) })],
    ['XMP emptied into another kind of stream', (update) => update.put(new PdfRef(7), stream('<x/>', { Type: name('XObject') }))],
    ['the title of the document information', set(6, { Title: textString('Gia mao') })],
    ['transparency of the page', set(3, { Group: new PdfDict({ S: name('Transparency') }) })],
    ['a thumbnail', (update, pdf) => set(3, { Thumb: update.add(stream('x')) })(update, pdf)],
    ['page pieces', set(3, { PieceInfo: new PdfDict() })],
    ['a viewport', set(3, { VP: [] })],
  ])('%s', async (_name, change) => {
    await expectFailed(shop, await appendUpdate(rich, change));
  });
}); // prettier-ignore

describe('sections and objects', () => {
  const entry = (at: number, kind = 'n', generation = '00000'): string => `${String(at).padStart(10, '0')} ${generation} ${kind} \n`;
  const append = (text: string): Buffer => Buffer.concat([richBytes, Buffer.from(text, 'latin1')]);
  const table = (at: number, entries: string, more = '', info = '/Info 6 0 R'): string =>
    `xref\n${entries}trailer\n<< /Size 90 /Root ${lastRoot(richBytes)} ${info} /Prev ${lastSection(richBytes)} ${more} >>\nstartxref\n${at}\n%%EOF\n`;
  const evil = 'BT /F1 40 Tf 60 400 Td (GIA MAO) Tj ET';
  const object = (num: number, generation = 0): string => `${num} ${generation} obj\n<< /Length ${evil.length} >>\nstream\n${evil}\nendstream\nendobj\n`;
  const plain = (num: number, text: string): string => `${num} 0 obj\n${text}\nendobj\n`;
  const start = (): number => richBytes.length;
  /** An appended cross-reference stream; rows are [type, second, third]. */
  const xrefStream = (num: number, before: string, index: string, rows: readonly (readonly [number, number, number])[]): Buffer => {
    const content = Buffer.concat(rows.map(([a, b, c]) => Buffer.from([a, b >> 24, (b >> 16) & 255, (b >> 8) & 255, b & 255, c])));
    const at = start() + before.length;
    const head = `<< /Type /XRef /Size 90 /Root ${lastRoot(richBytes)} /Info 6 0 R /Prev ${lastSection(richBytes)} /W [1 4 1] /Index [${index}] /Length ${content.length} >>`;
    return append(`${before}${num} 0 obj\n${head}\nstream\n${content.toString('latin1')}\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`);
  };

  it.each<[string, () => Buffer]>([
    ['object 0, which a page names, gets a content', () => append(object(0) + table(start() + object(0).length, `0 1\n${entry(start())}`))],
    ['a title by another /Info in the trailer', () => {
      const info = plain(60, "<< /Title (Gia mao) /Author (Ke gian) /ModDate (D:20261120080000+07'00') >>");
      return append(info + table(start() + info.length, `60 1\n${entry(start())}`, '', '/Info 60 0 R'));
    }],
    ['a title by an /Info in the trailer itself', () => append(table(start(), '0 0\n', '', '/Info << /Title (Gia mao) >>'))],
    ['a cross-reference stream with the number of the content', () => xrefStream(4, '', '90 1', [[0, 0, 0]])],
    ['an object stream with an object that no section lists', () => {
      const inner = '70 0 4 8 << /A 1>> << /B 2>>';
      const holder = `71 0 obj\n<< /Type /ObjStm /N 2 /First 9 /Length ${inner.length + 1} >>\nstream\n70 0 4 9 << /A 1>> << /B 2>>\nendstream\nendobj\n`;
      return xrefStream(72, holder, '70 3', [[2, 71, 0], [1, start(), 0], [1, start() + holder.length, 0]]);
    }],
    ['an object stream with one number twice', () => {
      const inner = '70 0 70 9 << /A 1>> << /B 2>>';
      const holder = `71 0 obj\n<< /Type /ObjStm /N 2 /First 10 /Length ${inner.length} >>\nstream\n${inner}\nendstream\nendobj\n`;
      return xrefStream(72, holder, '70 3', [[2, 71, 0], [1, start(), 0], [1, start() + holder.length, 0]]);
    }],
    ['/Prev that leads into a stream of the signed bytes first', () => append(object(4) + `xref\n4 1\n${entry(start())}trailer\n<< /Size 90 /Root ${lastRoot(richBytes)} /Info 6 0 R /Prev ${richBytes.indexOf('xref')} >>\nstartxref\n${start() + object(4).length}\n%%EOF\n`)],
    ['the content freed', () => append(table(start(), `4 1\n${entry(0, 'f', '00001')}`))],
    ['one number twice in a section', () => append(object(4) + object(61) + table(start() + object(4).length + object(61).length, `4 1\n${entry(start())}4 1\n${entry(start() + object(4).length)}`))],
    ['an object under another number than the section says', () => append(object(4) + table(start() + object(4).length, `61 1\n${entry(start())}`))],
    ['an object in the tail of another', () => {
      const outer = `62 0 obj\n<< /Length ${object(4).length} >>\nstream\n${object(4)}\nendstream\nendobj\n`;
      const inside = start() + outer.indexOf('4 0 obj');
      return append(outer + table(start() + outer.length, `4 1\n${entry(inside)}62 1\n${entry(start())}`));
    }],
  ])('%s', async (_name, make) => {
    await expectNeverPassed(shop, make());
  });
}); // prettier-ignore

describe('what a permitted change carries along', () => {
  const look = (content: string, more: Record<string, PdfObject> = {}): PdfStream =>
    stream(content, {
      Type: name('XObject'), Subtype: name('Form'), BBox: [0, 0, 200, 20],
      Resources: new PdfDict({ Font: new PdfDict({ F1: new PdfRef(5) }) }), ...more,
    });
  const fill = (num: number, value: string, content: string): Change => (update, pdf) =>
    set(num, { V: textString(value), AP: new PdfDict({ N: update.add(look(content)) }) })(update, pdf);
  const text = '/Tx BMC q BT /F1 12 Tf 0 g 2 5 Td (900) Tj ET Q EMC';
  const withForm = (changes: (form: PdfDict, update: IncrementalUpdate) => Record<string, PdfObject>): Change => (update, pdf) => {
    const old = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
    update.changeCatalog({ AcroForm: old.with({ SigFlags: 3, ...changes(old, update) }) });
  };
  const liar = (update: IncrementalUpdate): PdfRef =>
    update.add(new PdfDict({ Type: name('Font'), Subtype: name('Type1'), BaseFont: name('Helvetica'), Encoding: new PdfDict({ Differences: [49, name('nine')] }) }));

  it.each<[string, Change]>([
    ['a field that nobody may fill in', fill(6, '900', text)],
    ['a ground painted over in black', fill(11, '900', `0 g 0 0 200 20 re f ${text}`)],
    ['a border so thick that it is the ground', fill(11, '900', `0 G 60 w 0 0 200 20 re S ${text}`)],
    ['a ground put together of borders', fill(11, '900', `0 G 4 w ${[2, 5, 8, 11, 14, 17].map((y) => `0 ${y} 200 0 re S`).join(' ')} ${text}`)],
    ['a default font for a name that a field already uses', withForm((_old, update) => ({ DR: new PdfDict({ Font: new PdfDict({ F1: new PdfRef(5), Chu: liar(update) }) }) }))],
  ])('%s', async (_name, change) => {
    await expectFailed(shop, await appendUpdate(form, change));
  });

  it('a lock that names its fields oddly locks all', async () => {
    const raw = await shop.write('lock-raw.pdf', formBytes());
    const locks: Record<string, PdfObject>[] = [
      { Action: name('Include'), Fields: [name('SoTien')] },
      { Action: name('Include') },
      { Action: name('include'), Fields: [textString('GhiChu')] },
    ];
    for (const lock of locks) {
      const locked = await signWithRules(shop, raw, 'locked.pdf', { lock });
      await expectFailed(shop, await appendUpdate(locked, fill(6, '900', text)));
    }
  });
}); // prettier-ignore
