import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PdfDocument } from '../../core/pdf/document.ts';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef } from '../../core/pdf/objects.ts';
import { rawStream } from '../lib/raw-pdf.ts';
import { formBytes, signWithRules, textAppearance } from './certified-files.ts';
import { expectFailed, expectNeverPassed, found, lastRoot, lastSection } from './changes.ts';
import { append, entry, letter, type Body } from './raw-letters.ts';
import { appendDocumentTimestamp, appendUpdate, openWorkshop, type Workshop } from './signed-files.ts';

// Files that were prepared, or changed after signing, so that other readers take another road through them than the one that
// was judged; each beside its clean twin.

let shop: Workshop;
let files = 0;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop.close());

const evil = 'BT /F1 40 Tf 60 400 Td (GIA MAO) Tj ET';
const verdictOf = async (file: Uint8Array): Promise<string> =>
  (await shop.verify(await shop.write('judged.pdf', file))).verdict;
const fresh = (): string => `base-${++files}.pdf`;

/** Signs a file as another program does, which looks at nothing. */
async function signed(file: Buffer): Promise<Buffer> {
  return await readFile(await signWithRules(shop, await shop.write('raw.pdf', file), fresh()));
}

describe('roads past the newest section', () => {
  /** A letter behind a linearization dictionary that tells `length` and a table of its own, which leads to another page. */
  function withLinearization(length: number | string): Buffer {
    const other = [
      rawStream('', evil),
      '<< /Type /Page /Parent 8 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
      '<< /Type /Pages /Kids [7 0 R] /Count 1 >>',
      '<< /Type /Catalog /Pages 8 0 R >>',
    ];
    const objects = letter({ more: other }).toString('latin1').replace(/^%PDF-1.7\n/, '').replace(/xref\n[^]*/, ''); // prettier-ignore
    const head = `%PDF-1.7\n10 0 obj\n<< /Linearized 1 /L ${length} /H [600 10] /O 7 /E 900 /N 1 /T 700 >>\nendobj\n`;
    const table = (rows: readonly number[], more: string, tail: string): string =>
      `xref\n0 ${rows.length + 1}\n0000000000 65535 f \n${rows.map((at) => entry(at)).join('')}trailer\n<< /Size 11 ${more} >>\n${tail}`;
    const first = (rows: readonly number[]): string => table(rows, '/Root 9 0 R', 'startxref\n0\n%%EOF\n');
    const start = head.length + first(Array<number>(9).fill(0)).length;
    const offsets = [...objects.matchAll(/^\d+ 0 obj/gm)].map(({ index }) => index + start);
    const end = `startxref\n${start + objects.length}\n%%EOF\n`;
    return Buffer.from(
      head + first(offsets) + objects + table([...offsets, 9], '/Root 1 0 R', end),
      'latin1',
    );
  }
  /** An update that makes the file so long, one object that nothing leads to. */
  function filledUp(file: Buffer, size: number): Buffer {
    const of = (bytes: number): Buffer => append(file, [[80, rawStream('', 'x'.repeat(bytes))]]);
    const guess = size - of(1000).length + 1000;
    return of(guess + size - of(guess).length);
  }

  it('a linearization that fits once the file has grown', async () => {
    const base = await signed(withLinearization(30_000));
    expect(await verdictOf(base)).toBe('valid');
    const [shorter, fitting] = [filledUp(base, 29_999), filledUp(base, 30_000)];
    expect(fitting).toHaveLength(30_000);
    expect(await verdictOf(shorter)).toBe('valid');
    await expectNeverPassed(shop, fitting);
  });

  it('a linearization that fits when the file is signed', async () => {
    const { length } = await signed(withLinearization(30_000));
    await expectNeverPassed(shop, await signed(withLinearization(String(length).padStart(5, '0'))));
    await expectNeverPassed(shop, await signed(withLinearization(`${length} /L 1`)));
    const path = await shop.write(
      'fits.pdf',
      withLinearization(String(withLinearization(30_000).length).padStart(5, '0')),
    );
    await expect(shop.sign(path, 'refused.pdf')).rejects.toMatchObject({ code: 'pdf.damaged' });
  });

  it('a hybrid section whose stream goes on to the draft', async () => {
    const draft = Buffer.from(letter().toString('latin1').replace('So tien: 100', 'So tien: 900'), 'latin1');
    const base = await signed(
      append(draft, [[4, rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET')]]),
    );
    const row = Buffer.alloc(6);
    row.writeUInt8(1);
    row.writeUInt32BE(base.length, 1);
    const hybrid = (previous: string): Buffer => {
      const more = `/Type /XRef /Size 900 /Root ${lastRoot(base)} ${previous} /W [1 4 1] /Index [70 1]`;
      return append(base, [[70, rawStream(more, row)]], `/XRefStm ${base.length}`);
    };
    expect(await verdictOf(hybrid(''))).toBe('valid');
    expect(await verdictOf(hybrid(`/Prev ${lastSection(base)}`))).toBe('valid');
    await expectNeverPassed(shop, hybrid(`/Prev ${lastSection(draft)}`));
  });
});

describe('sections that make readers repair the file, and find an object inside a stream', () => {
  const hidden = `\n4 0 obj\n<< /Length ${evil.length} >>\nstream\n${evil}\nendstream\nendobj\n`;
  let base: Buffer;
  beforeAll(async () => {
    base = await signed(letter({ catalog: '/PieceInfo 6 0 R', more: [rawStream('', hidden)] }));
  });
  /** An update with a cross-reference stream that lists itself. */
  function withStream(size: string, widths: string): Buffer {
    const row = Buffer.alloc(6);
    row.writeUInt8(1);
    row.writeUInt32BE(base.length, 1);
    const head = `/Type /XRef /Size ${size} /Root ${lastRoot(base)} /Prev ${lastSection(base)} /W ${widths} /Index [70 1]`;
    const end = `\nendobj\nstartxref\n${base.length}\n%%EOF\n`;
    return Buffer.concat([base, Buffer.from('70 0 obj\n'), rawStream(head, row), Buffer.from(end)]);
  }
  const withPrevious = (ending: string): Buffer => {
    const update = append(base, [[80, '(x)']])
      .subarray(base.length)
      .toString('latin1');
    return Buffer.concat([base, Buffer.from(update.replace(/(\/Prev \d+)/, `$1${ending}`), 'latin1')]);
  };

  it('the plain ones are valid', async () => {
    expect(await verdictOf(withPrevious(''))).toBe('valid');
    expect(await verdictOf(withStream('900', '[1 4 1]'))).toBe('valid');
  });

  it.each<[string, () => Buffer]>([
    ['a /Prev written with a point', () => withPrevious('.0')],
    ['widths written with a point', () => withStream('900', '[1.0 4 1]')],
    ['a /Size beyond all measure', () => withStream('3000000000', '[1 4 1]')],
  ])('%s', async (_name, file) => {
    await expectNeverPassed(shop, file());
  });
});

describe('places and references told beforehand', () => {
  it('a place behind the signed bytes that its table already names', async () => {
    const prepared = (at: number): Buffer => {
      const text = letter({ page: '/Contents [4 0 R 6 0 R]', more: [rawStream('', evil)] }).toString(
        'latin1',
      );
      const cut = text.replace(/6 0 obj[^]*?endobj\n/, '');
      const moved = cut.replace(/startxref\n\d+/, `startxref\n${cut.indexOf('xref\n')}`);
      return Buffer.from(moved.replace(/\d{10} 00000 n \ntrailer/, `${entry(at)}trailer`), 'latin1');
    };
    const { length } = await signed(prepared(99_999));
    await expectNeverPassed(shop, append(await signed(prepared(length)), [[6, rawStream('', evil)]]));
  });

  it('a title that the document information refers to already', async () => {
    const base = await signed(letter({ trailer: '/Root 1 0 R /Info 6 0 R', more: ['<< /Title 60 0 R >>'] }));
    expect(await verdictOf(append(base, [[61, '(Gia mao)']], '/Info 6 0 R'))).toBe('valid');
    await expectFailed(shop, append(base, [[60, '(Gia mao)']], '/Info 6 0 R'));
  });
});

describe('keys, values and names that readers take otherwise', () => {
  const mark: readonly (readonly [number, Body])[] = [
    [80, '<< /Type /Annot /Subtype /Stamp /F 4 /Rect [60 740 300 790] /AP << /N 81 0 R >> >>'],
    [81, rawStream('/Type /XObject /Subtype /Form /BBox [0 0 240 50]', '1 g 0 0 240 50 re f')],
  ];

  it('/Annots twice in a page', async () => {
    const base = await signed(letter());
    const page = found(base, /\n3 0 obj\n([^]*?)\nendobj(?![^]*\n3 0 obj)/);
    expect(page).toContain('/Annots');
    await expectFailed(
      shop,
      append(base, [...mark, [3, page.replace('/Annots', '/Annots [80 0 R] /Annots')]]),
    );
  });

  it.each([
    ['an appearance twice in a filled field', '/AP << /N 80 0 R >> /AP << /N 81 0 R >>'],
    ['a look twice in the appearance of a filled field', '/AP << /N 80 0 R /N 81 0 R >>'],
  ])('%s', async (_name, appearance) => {
    const base = await signed(formBytes());
    const field = (look: string): string =>
      `<< /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /FT /Tx /T (SoTien) /V (900) /Rect [60 700 260 720] ${look} >>`;
    const looks = [[80, textAppearance('999')], [81, textAppearance('900')]] as const; // prettier-ignore
    expect(await verdictOf(append(base, [...looks, [6, field('/AP << /N 81 0 R >>')]]))).toBe('valid');
    await expectFailed(shop, append(base, [...looks, [6, field(appearance)]]));
  });

  it('a value of its own in the widget of a filled field', async () => {
    const field = (value: string): string => `<< /FT /Tx /T (SoTien) /V (${value}) /Kids [14 0 R] >>`;
    const kid = (more: string): string =>
      `<< /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Parent 6 0 R /Rect [60 700 260 720] ${more} >>`;
    const page = found(formBytes(), /\n3 0 obj\n([^]*?)\nendobj/).replace('[6 0 R', '[14 0 R');
    const split: [number, Body][] = [[6, field('100')], [14, kid('/AP << /N 7 0 R >>')], [3, page]]; // prettier-ignore
    const base = await signed(append(formBytes(), split));
    const filled = (more: string): Buffer =>
      append(base, [[80, textAppearance('900')], [6, field('900')], [14, kid(`${more} /AP << /N 80 0 R >>`)]]); // prettier-ignore
    expect(await verdictOf(filled(''))).toBe('valid');
    expect(await verdictOf(filled('/V (900)'))).toBe('valid');
    await expectFailed(shop, filled('/V (999)'));
  });

  it.each([
    ['a default font whose name is written in escapes', '/H#65lv 12 Tf 0 g'],
    ['a default font whose name ends with a zero byte', '/Helv\\000 12 Tf 0 g'],
    ['a default font with a comment behind its name', '/Helv %x\\n 12 Tf 0 g'],
  ])('%s', async (_name, look) => {
    const widget = `<< /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /FT /Tx /T (GhiChu) /DA (${look}) /V (111) /Rect [60 620 260 640] >>`;
    const base = await shop.write('look.pdf', await signed(append(formBytes(), [[11, widget]])));
    const withFont = async (name: string): Promise<Buffer> =>
      await appendUpdate(base, (update, pdf) => {
        const form = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
        const resources = pdf.getDict(form, 'DR') ?? new PdfDict();
        const fonts = pdf.getDict(resources, 'Font') ?? new PdfDict();
        const liar = new PdfDict({
          Type: new PdfName('Font'), Subtype: new PdfName('Type1'), BaseFont: new PdfName('Helvetica'),
          Encoding: new PdfDict({ Differences: [49, new PdfName('nine')] }),
        }); // prettier-ignore
        const more = resources.with({ Font: fonts.with({ [name]: update.add(liar) }) });
        update.changeCatalog({ AcroForm: form.with({ DR: more }) });
      });
    expect(await verdictOf(await withFont('Other'))).toBe('valid');
    await expectFailed(shop, await withFont('Helv'));
  });
});

/** A file whose objects were lengthened, with a table of where they lie now. */
function rebuilt(file: string): Buffer {
  const body = file.slice(0, file.lastIndexOf('xref\n0'));
  const places = [...body.matchAll(/^\d+ 0 obj/gm)].map(({ index }) => entry(index));
  const size = places.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}

describe('a filled field whose look readers draw differently', () => {
  const field = '<< /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /FT /Tx /T (SoTien) /V (900) /Rect [60 700 260 720] /AP << /N 80 0 R >> >>'; // prettier-ignore
  const look = (content: string): Buffer =>
    rawStream('/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 5 0 R >> >>', `/Tx BMC ${content} EMC`); // prettier-ignore
  let base: Buffer;
  beforeAll(async () => {
    base = await signed(formBytes());
  });
  const filled = (content: string): Buffer => append(base, [[80, look(content)], [6, field]]); // prettier-ignore

  it('the plain ones are valid', async () => {
    for (const content of [
      'q BT /F1 12 Tf 0 g 2 5 Td (900) Tj ET Q',
      'q 0 0 200 20 re W n BT /F1 12 Tf 0 0 0 rg 1 Ts 2 5 Td [(9) 90 (0) -50 (0) -10] TJ ET Q',
    ])
      expect(await verdictOf(filled(content))).toBe('valid');
  });

  it('a border that fills a small box which is drawn large', async () => {
    const bordered = formBytes().toString('latin1').replace('/T (SoTien)', '/MK << /BC [0] >> /T (SoTien)'); // prettier-ignore
    const framed = await signed(rebuilt(bordered));
    const own = found(framed, /\n6 0 obj\n([^]*?)\nendobj/).replace('(100)', '(900)').replace('/N 7 0 R', '/N 80 0 R'); // prettier-ignore
    const small = (width: number): Buffer => {
      const content = `${width} w 0 0 20 2 re S q BT /F1 2 Tf 0 g 1 0.4 Td (900) Tj ET Q`;
      const large = look(content).toString('latin1').replace('[0 0 200 20]', '[0 0 20 2]');
      return append(framed, [[80, Buffer.from(large, 'latin1')], [6, own]]); // prettier-ignore
    };
    expect(await verdictOf(small(0.2))).toBe('valid');
    await expectFailed(shop, small(3));
  });

  it('letters cut off in a small box that is drawn large', async () => {
    const small = (x: number): Buffer => {
      const content = `q BT /F1 2 Tf 0 g ${x} 0.4 Td (900) Tj ET Q`;
      const large = look(content).toString('latin1').replace('[0 0 200 20]', '[0 0 20 2]');
      return append(base, [[80, Buffer.from(large, 'latin1')], [6, field]]); // prettier-ignore
    };
    expect(await verdictOf(small(1))).toBe('valid');
    await expectFailed(shop, small(-1));
  });

  it.each([
    ['two strings before one operator', 'q BT /F1 12 Tf 0 g 2 5 Td (900) (999) Tj ET Q'],
    ['two lists before one operator', 'q BT /F1 12 Tf 0 g 2 5 Td [(900)] [(999)] TJ ET Q'],
    ['two grays before one operator', 'q BT /F1 12 Tf 0 1 g 2 5 Td (900) Tj ET Q'],
    ['places too many', 'q BT /F1 12 Tf 0 g 2 5 900 5 Td (900) Tj ET Q'],
    ['a box too many', 'q 0 0 200 20 0 0 1 1 re W n BT /F1 12 Tf 0 g 2 5 Td (900) Tj ET Q'],
    ['a place kept only by some', 'BT /F1 12 Tf 0 g 2 5 Td q (9) Tj Q (00) Tj ET'],
    ['a text inside a text', 'BT /F1 12 Tf 0 g 2 5 Td (9) Tj BT 9 5 Td (00) Tj ET'],
    ['a gray that readers take for white', 'q BT /F1 12 Tf 5 g 2 5 Td (9) Tj 0 g (00) Tj ET Q'],
    ['a colour that readers take for white', 'q BT /F1 12 Tf 9 9 9 rg 2 5 Td (9) Tj 0 g (00) Tj ET Q'],
    ['letters raised out of the box', 'q BT /F1 90 Tf 40 Ts /F1 12 Tf 0 g 2 5 Td (9) Tj 0 Ts (00) Tj ET Q'],
    [
      'many steps back to before what was written',
      'q BT /F1 12 Tf 0 g 50 5 Td [(90) 250 250 250 250 250 250 250 250 (0)] TJ ET Q',
    ],
    [
      'steps back with nothing between them',
      'q BT /F1 12 Tf 0 g 50 5 Td [(90) 250 () 250 () 250 () 250 (0)] TJ ET Q',
    ],
    [
      'steps back with nothing written',
      'q BT /F1 12 Tf 0 g 50 5 Td (90) Tj [250] TJ [250] TJ [250] TJ (0) Tj ET Q',
    ],
    ['a digit cut off in a standard font', 'q 0 0 15.2 20 re W n BT /F1 12 Tf 0 g 0 5 Td (900) Tj ET Q'],
    ['a box inside a text', 'BT 0 0 1 1 re W n /F1 12 Tf 0 g 2 5 Td (900) Tj ET'],
  ])('%s', async (_name, content) => {
    await expectFailed(shop, filled(content));
  });
});

describe('objects that are two things at once', () => {
  it('the look of a filled field that is also the content of the page', async () => {
    const field = '<< /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /FT /Tx /T (SoTien) /V (900) /Rect [60 700 260 720] /AP << /N 7 0 R >> >>'; // prettier-ignore
    const filled = (base: Buffer): Buffer => append(base, [[6, field], [7, textAppearance('900')]]); // prettier-ignore
    expect(await verdictOf(filled(await signed(formBytes())))).toBe('valid');
    const shared = formBytes().toString('latin1').replace('/Contents 4 0 R', '/Contents 7 0 R');
    await expectFailed(shop, filled(await signed(Buffer.from(shared, 'latin1'))));
  });

  it('the list of fields that is also the content of the page', async () => {
    const keepList = (update: IncrementalUpdate, pdf: PdfDocument): void => {
      const root = pdf.trailer.get('Root');
      const catalog = update.resolve(root);
      const form = catalog instanceof PdfDict ? catalog.get('AcroForm') : null;
      if (!(root instanceof PdfRef && catalog instanceof PdfDict && form instanceof PdfDict))
        throw new Error('odd sample');
      update.put(new PdfRef(6), form.get('Fields') ?? null);
      update.put(root, catalog.with({ AcroForm: form.with({ Fields: new PdfRef(6) }) }));
    };
    const stamp = async (path: string, field: string): Promise<string> =>
      await appendDocumentTimestamp(shop, path, fresh(), new Date(), keepList, field);
    const twice = async (page: string): Promise<Buffer> => {
      const catalog = '/AcroForm << /SigFlags 3 /Fields 6 0 R >>';
      const path = await shop.write('list.pdf', letter({ page, catalog, more: ['[4 0 R]'] }));
      return await readFile(await stamp(await stamp(path, 'First'), 'Second'));
    };
    expect(await verdictOf(await twice('/Contents 4 0 R'))).toBe('valid');
    await expectFailed(shop, await twice('/Contents 6 0 R'), 'first');
  });
});
