import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { formBytes, signWithRules } from './certified-files.ts';
import { dict, expectFailed, expectNeverPassed, lastRoot, lastSection, set, type Change } from './changes.ts';
import { appendDocumentTimestamp, appendUpdate, openWorkshop, type Workshop } from './signed-files.ts';

// Forgeries behind what is permitted or behind what only some readers read; each beside its clean twin.

let shop: Workshop;
let form: string;
let files = 0;

beforeAll(async () => {
  shop = await openWorkshop();
  form = await shop.write('form.pdf', formBytes());
});

afterAll(() => shop.close());

const name = (text: string): PdfName => new PdfName(text);
const look = (content: string): PdfStream =>
  new PdfStream(
    new PdfDict({
      Type: name('XObject'),
      Subtype: name('Form'),
      BBox: [0, 0, 200, 20],
      Resources: new PdfDict({ Font: new PdfDict({ F1: new PdfRef(5) }) }),
    }),
    { bytes: Buffer.from(content) },
  );
const shows = (text: string): PdfStream => look(`/Tx BMC q BT /F1 12 Tf 0 g 2 5 Td (${text}) Tj ET Q EMC`);
const evil = (): PdfStream => look('1 g 0 0 200 20 re f 0 g BT /F1 12 Tf 2 5 Td (9.000.000) Tj ET');
const fill =
  (num: number, value: PdfObject, appearance: PdfStream): Change =>
  (update, pdf) =>
    set(num, { V: value, AP: new PdfDict({ N: update.add(appearance) }) })(update, pdf);

const fresh = (): string => `base-${++files}.pdf`;

const verdictOf = async (file: Uint8Array) => await shop.verify(await shop.write('judged.pdf', file));

describe('a document timestamp, which anybody can get', () => {
  /** Gives the timestamp's widget (or the prepared field 13) a place and a look. */
  const dress =
    (entries: (update: IncrementalUpdate) => Record<string, PdfObject>): Change =>
    (update, pdf) => {
      for (let num = pdf.firstFree; num < pdf.firstFree + 4; num++) {
        const widget = update.resolve(new PdfRef(num));
        if (widget instanceof PdfDict && widget.get('T') !== undefined)
          update.put(new PdfRef(num), widget.with(entries(update)));
      }
    };
  const over = { Rect: [60, 740, 260, 760] };
  const bases = { plain: {}, 'P=1': { permission: 1 }, 'P=2': { permission: 2 } } as const;

  it.each<[keyof typeof bases]>([['plain'], ['P=1'], ['P=2']])(
    'a visible document timestamp behind %s',
    async (base) => {
      const signed = await signWithRules(shop, form, 'base.pdf', bases[base]);
      const stamped = async (more: Change): Promise<Buffer> =>
        await readFile(await appendDocumentTimestamp(shop, signed, 'stamped.pdf', new Date(), more));
      expect((await verdictOf(await stamped(() => {}))).verdict).toBe('valid');
      expect((await verdictOf(await stamped(dress(() => over)))).verdict).toBe('valid'); // nothing to show there
      await expectFailed(
        shop,
        await stamped(dress((update) => ({ ...over, AP: new PdfDict({ N: update.add(evil()) }) }))),
        'first',
      );
      await expectFailed(
        shop,
        await stamped(dress(() => ({ ...over, MK: new PdfDict({ BG: [1] }) }))),
        'first',
      );
      // By its other mark alone.
      await expectFailed(
        shop,
        await stamped((update, pdf) => {
          dress((inner) => ({ ...over, AP: new PdfDict({ N: inner.add(evil()) }) }))(update, pdf);
          for (let num = pdf.firstFree; num < pdf.firstFree + 4; num++) {
            const signature = update.resolve(new PdfRef(num));
            if (signature instanceof PdfDict && signature.get('ByteRange') !== undefined)
              update.put(new PdfRef(num), signature.with({ Type: name('Sig') }));
          }
        }),
        'first',
      );
    },
  );

  it.each<[string, number]>([
    ['a prepared signature field dressed by a document timestamp', 0],
    ['the same field with another generation than 0', 3],
  ])('%s', async (_name, gen) => {
    const text = formBytes()
      .toString('latin1')
      .replaceAll(/\b13 0 (?=obj|R)/g, `13 ${gen} `)
      .replace(/ 00000 n \ntrailer/, ` 0000${gen} n \ntrailer`);
    const prepared = await shop.write('prepared.pdf', Buffer.from(text, 'latin1'));
    const signed = await signWithRules(shop, prepared, 'base.pdf');
    const inField = async (entries: Record<string, PdfObject>): Promise<Buffer> =>
      await readFile(
        await appendDocumentTimestamp(shop, signed, 'stamped.pdf', new Date(), (update, pdf) => {
          let value: PdfRef | undefined;
          for (let num = pdf.firstFree; num < pdf.firstFree + 4; num++) {
            const object = update.resolve(new PdfRef(num));
            if (object instanceof PdfDict && object.get('ByteRange') !== undefined) value = new PdfRef(num);
          }
          const appearance = entries['AP'] === null ? { AP: new PdfDict({ N: update.add(evil()) }) } : {};
          update.put(new PdfRef(13, gen), dict(pdf, 13).with({ V: value ?? null, ...appearance }));
          const root = pdf.trailer.get('Root');
          if (root instanceof PdfRef) update.put(root, pdf.catalog());
          update.put(new PdfRef(3), dict(pdf, 3));
        }),
      );
    expect((await verdictOf(await inField({}))).verdict).toBe('valid');
    await expectFailed(shop, await inField({ AP: null }), 'first');
  });
});

describe('what a filled field carries along', () => {
  it('a second field of the same name that shows something else', async () => {
    const twins = Buffer.from(formBytes().toString('latin1').replace('/T (GhiChu)', '/T (SoTien)'), 'latin1');
    const signed = await signWithRules(shop, await shop.write('twins.pdf', twins), 'base.pdf');
    const both =
      (second: PdfStream, value: string): Change =>
      (update, pdf) => {
        fill(6, textString('900'), shows('900'))(update, pdf);
        fill(11, textString(value), second)(update, pdf);
      };
    expect((await verdictOf(await appendUpdate(signed, both(shows('900'), '900')))).verdict).toBe('valid');
    await expectFailed(shop, await appendUpdate(signed, both(evil(), '900')));
    await expectFailed(shop, await appendUpdate(signed, both(evil(), '')));
  });

  it('small digits behind a large one', async () => {
    const signed = await signWithRules(shop, form, 'base.pdf');
    const sized = (size: number): PdfStream => look(`BT /F1 12 Tf 2 5 Td (9) Tj /F1 ${size} Tf (00) Tj ET`);
    expect((await verdictOf(await appendUpdate(signed, fill(6, textString('900'), sized(11))))).verdict).toBe(
      'valid',
    );
    await expectFailed(shop, await appendUpdate(signed, fill(6, textString('900'), sized(3))));
  });

  it('a new signature field that takes a mark of the page for its own', async () => {
    const [catalog = '', pages = '', page = ''] = onePageObjects({
      page: '/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R]',
    });
    const letter = rawPdf({
      objects: [
        catalog, pages, page,
        rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET'),
        '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
        '<< /Type /Annot /Subtype /Stamp /F 4 /Rect [60 740 300 790] /Contents (TRU) >>',
      ],
    }); // prettier-ignore
    const signed = await shop.sign(await shop.write('stamp.pdf', letter), fresh());
    const second = async (kid: (update: IncrementalUpdate) => PdfRef): Promise<Buffer> =>
      await readFile(
        await signWithRules(shop, signed, 'second.pdf', {
          fieldName: 'Second',
          widget: (update) => ({ Subtype: null, Kids: [kid(update)] }),
        }),
      );
    const own = (update: IncrementalUpdate): PdfRef =>
      update.add(new PdfDict({ Type: name('Annot'), Subtype: name('Widget'), Rect: [0, 0, 0, 0] }));
    expect((await verdictOf(await second(own))).verdict).toBe('valid');
    await expectFailed(shop, await second(() => new PdfRef(6)), 'first');
  });

  it('a default look for a box that belongs to no form', async () => {
    const [catalog = '', pages = '', page = ''] = onePageObjects({
      page: '/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R]',
    });
    const letter = (box: string): Buffer =>
      rawPdf({
        objects: [
          catalog, pages, page,
          rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET'),
          '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
          `<< /Type /Annot ${box} /F 4 /Rect [60 740 300 790] >>`,
        ],
      }); // prettier-ignore
    const liar = new PdfDict({
      Type: name('Font'), Subtype: name('Type1'), BaseFont: name('Helvetica'),
      Encoding: new PdfDict({ Differences: [49, name('nine')] }),
    }); // prettier-ignore
    const looks =
      (entries: (update: IncrementalUpdate) => Record<string, PdfObject>): Change =>
      (update, pdf) => {
        const old = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
        update.changeCatalog({ AcroForm: old.with(entries(update)) });
      };
    const font = looks((update) => ({ DR: new PdfDict({ Font: new PdfDict({ Helv: update.add(liar) }) }) }));
    const style = looks(() => ({ DA: textString('/Helv 12 Tf 1 g') }));
    const sign = async (box: string): Promise<string> =>
      await shop.sign(await shop.write('box.pdf', letter(box)), fresh());
    const stray = await sign('/Subtype /Widget /FT /Tx /T (a) /V (111) /DA (/Helv 12 Tf 0 g)');
    await expectFailed(shop, await appendUpdate(stray, font));
    await expectFailed(shop, await appendUpdate(stray, style));
    const none = await sign('/Subtype /Stamp');
    expect((await verdictOf(await appendUpdate(none, font))).verdict).toBe('valid');
    expect((await verdictOf(await appendUpdate(none, style))).verdict).toBe('valid');
  });
});

describe('trailers and numbers', () => {
  /** An empty update whose trailer says `entries` beside /Prev. */
  async function withTrailer(
    entries: (root: string, previous: string) => string,
    behind = '',
  ): Promise<Buffer> {
    const signed = await readFile(await shop.sign(form, fresh()));
    const trailer = `<< ${entries(lastRoot(signed), lastSection(signed))} >>`;
    const tail = `xref\n0 0\ntrailer\n${trailer}\nstartxref\n${signed.length}\n${behind}%%EOF\n`;
    return Buffer.concat([signed, Buffer.from(tail, 'latin1')]);
  }
  const usual = (root: string, previous: string): string => `/Size 60 /Root ${root} /Prev ${previous}`;

  it('an empty update that says nothing new is valid', async () => {
    expect((await verdictOf(await withTrailer(usual))).verdict).toBe('valid');
    expect((await verdictOf(await withTrailer(usual, '% saved\n'))).verdict).toBe('valid');
  });

  it.each<[string, (root: string, previous: string) => string]>([
    ['a /Size that leaves objects out', (root, previous) => `/Size 8 /Root ${root} /Prev ${previous}`],
    ['a /Size of zero', (root, previous) => `/Size 0 /Root ${root} /Prev ${previous}`],
    ['a /Size that is no whole number', (root, previous) => `/Size 60.5 /Root ${root} /Prev ${previous}`],
    ['no /Size', (root, previous) => `/Root ${root} /Prev ${previous}`],
    ['/Root twice', (root, previous) => `/Size 60 /Root 2 0 R /Root ${root} /Prev ${previous}`],
    [
      '/Root twice, once in escapes',
      (root, previous) => `/Size 60 /#52oot 2 0 R /Root ${root} /Prev ${previous}`,
    ],
    ['/Prev twice', (root, previous) => `/Size 60 /Root ${root} /Prev 15 /Prev ${previous}`],
  ])('%s', async (_name, entries) => {
    await expectNeverPassed(shop, await withTrailer(entries));
  });

  it('a trailer inside a comment behind startxref', async () => {
    await expectNeverPassed(shop, await withTrailer(usual, '%trailer << /Root 2 0 R >>\n'));
  });

  it('a trailer that says /Root twice when it is signed', async () => {
    const twice = formBytes().toString('latin1').replace('/Root 1 0 R', '/Root 2 0 R /Root 1 0 R');
    const path = await shop.write('twice.pdf', Buffer.from(twice, 'latin1'));
    await expectNeverPassed(shop, await readFile(await signWithRules(shop, path, 'base.pdf')));
    await expect(shop.sign(path, 'refused.pdf')).rejects.toMatchObject({ code: 'pdf.damaged' });
  });

  it('an object of generation 3 put into an object stream', async () => {
    const [catalog = '', pages = '', page = ''] = onePageObjects({
      page: '/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [6 3 R]',
    });
    const stamp = '<< /Type /Annot /Subtype /Stamp /F 4 /Rect [60 740 300 790] /Contents (TRU) >>';
    const text = rawPdf({
      objects: [
        catalog, pages, page,
        rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET'),
        '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
        stamp,
      ],
    }).toString('latin1').replace('6 0 obj', '6 3 obj').replace(/ 00000 n \ntrailer/, ' 00003 n \ntrailer'); // prettier-ignore
    const path = await shop.write('generation.pdf', Buffer.from(text, 'latin1'));
    const signed = await readFile(await shop.sign(path, fresh()));
    expect((await verdictOf(signed)).verdict).toBe('valid');
    const holder = Buffer.concat([
      Buffer.from('71 0 obj\n'),
      rawStream('/Type /ObjStm /N 1 /First 4', `6 0 ${stamp}`),
      Buffer.from('\nendobj\n'),
    ]);
    const rows = Buffer.alloc(18);
    [[2, 71], [1, signed.length], [1, signed.length + holder.length]].forEach(([kind = 0, at = 0], index) => {
      rows.writeUInt8(kind, index * 6);
      rows.writeUInt32BE(at, index * 6 + 1);
    }); // prettier-ignore
    const section = rawStream(
      `/Type /XRef /Size 90 /Root ${lastRoot(signed)} /Prev ${lastSection(signed)} /W [1 4 1] /Index [6 1 71 2]`,
      rows,
    );
    const end = `\nendobj\nstartxref\n${signed.length + holder.length}\n%%EOF\n`;
    await expectFailed(
      shop,
      Buffer.concat([signed, holder, Buffer.from('72 0 obj\n'), section, Buffer.from(end)]),
    );
  });
});
