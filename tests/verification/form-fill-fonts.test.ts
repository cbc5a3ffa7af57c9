import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { subsetFontFor } from '../../core/signing/appearance/subset-font.ts';
import { formBytes, signWithRules } from './certified-files.ts';
import type { Change } from './changes.ts';
import { appendUpdate, codes, openWorkshop, type Workshop } from './signed-files.ts';

// Fields filled in with embedded fonts: what counts is whether the letters people see are the field's value.

const value = 'Số 12/QĐ-UBND ngày 20 tháng 11';
let shop: Workshop;
/** The signed form, with an embedded font `Tinos` in its resources (object `signedFont`). */
let signed: string;
let signedFont: PdfRef;
/** A font prepared in the signed bytes that nothing leads to. */
let preparedFont: PdfRef;
const subset = await subsetFontFor(`${value}0123456789`);

const dict = (object: PdfObject): PdfDict => {
  if (object instanceof PdfDict) return object;
  throw new Error('no dictionary');
};
const stream = (object: PdfObject): PdfStream => {
  if (object instanceof PdfStream) return object;
  throw new Error('no stream');
};

interface FontChanges {
  readonly font?: Record<string, PdfObject | undefined>;
  readonly descendant?: Record<string, PdfObject | undefined>;
  readonly program?: (bytes: Buffer) => Buffer;
  readonly map?: (text: string) => string;
}

/** Copies the subset into an update, changed as asked. */
function addFont(update: IncrementalUpdate, changes: FontChanges = {}, from = subset): PdfRef {
  const { document, ref } = from;
  const font = dict(document.resolve(ref));
  const [first] = [document.get(font, 'DescendantFonts')].flat();
  const descendant = dict(document.resolve(first));
  const descriptor = dict(document.get(descendant, 'FontDescriptor'));
  const put = (bytes: Uint8Array): PdfRef =>
    update.add(
      new PdfStream(new PdfDict({ Filter: new PdfName('FlateDecode') }), { bytes: deflateSync(bytes) }),
    );
  const program = Buffer.from(document.decodeStream(stream(document.get(descriptor, 'FontFile2'))));
  const map = Buffer.from(document.decodeStream(stream(document.get(font, 'ToUnicode')))).toString('latin1');
  const file = put(changes.program?.(program) ?? program);
  const newDescriptor = update.add(descriptor.with({ FontFile2: file, CIDSet: undefined }));
  const resolved: Record<string, PdfObject> = {};
  for (const key of descendant.entries.keys()) resolved[key] = document.get(descendant, key);
  const newDescendant = update.add(
    new PdfDict(resolved).with({ FontDescriptor: newDescriptor, ...changes.descendant }),
  );
  return update.add(
    font.with({
      DescendantFonts: [newDescendant],
      ToUnicode: put(Buffer.from(changes.map?.(map) ?? map, 'latin1')),
      ...changes.font,
    }),
  );
}

const hex = (text: string): string => subset.encode(text).replace(/[<>]/g, '');

function look(font: PdfObject, content: string, more: Record<string, PdfObject> = {}): PdfStream {
  return new PdfStream(
    new PdfDict({
      Type: new PdfName('XObject'),
      Subtype: new PdfName('Form'),
      BBox: [0, 0, 200, 20],
      Resources: new PdfDict({ Font: new PdfDict({ T: font, F1: new PdfRef(5) }) }),
      ...more,
    }),
    { bytes: Buffer.from(content, 'latin1') },
  );
}

const shows = (text: string, operators = '2 5 Td'): string =>
  `/Tx BMC q BT /T 12 Tf 0 g ${operators} <${hex(text)}> Tj ET Q EMC`;

/** Fills the field in with `text` and an appearance. */
const fill =
  (text: string, appearance: (update: IncrementalUpdate) => PdfStream, num = 11): Change =>
  (update, pdf) =>
    update.put(
      new PdfRef(num),
      dict(pdf.load(num)).with({
        V: textString(text),
        AP: new PdfDict({ N: update.add(appearance(update)) }),
      }),
    );

const withSigned = (content: string, more: Record<string, PdfObject> = {}): Change =>
  fill(value, () => look(signedFont, content, more));
const withNew = (changes: FontChanges): Change =>
  fill(value, (update) => look(addFont(update, changes), shows(value)));
const helvetica = (content: string, text = '900'): Change => fill(text, () => look(new PdfRef(5), content));

beforeAll(async () => {
  shop = await openWorkshop();
  const raw = await shop.write('raw.pdf', formBytes());
  const bytes = await appendUpdate(raw, (update, pdf) => {
    signedFont = addFont(update);
    preparedFont = addFont(update, { map: (text) => text.replaceAll('0031', '0039') });
    const catalog = pdf.catalog();
    const form = dict(pdf.get(catalog, 'AcroForm'));
    const fonts = new PdfDict({ F1: new PdfRef(5), Tinos: signedFont });
    update.changeCatalog({ AcroForm: form.with({ DR: new PdfDict({ Font: fonts }) }) });
    // GhiChu gets a ground and a border.
    const marks = new PdfDict({ BG: [0.9], BC: [0] });
    update.put(new PdfRef(11), dict(pdf.load(11)).with({ MK: marks }));
  });
  signed = await signWithRules(shop, await shop.write('form.pdf', bytes), 'signed.pdf');
});

afterAll(() => shop.close());

const judge = async (change: Change) =>
  await shop.verify(await shop.write('now.pdf', await appendUpdate(signed, change)));

describe('clean twins', () => {
  it.each<[string, Change]>([
    ['in an embedded font of the signed form', withSigned(shows(value))],
    ['in a new subset of the font that this program ships', withNew({})],
    [
      'in a new subset of a font that the signed form embeds',
      fill(value, (update) => look(addFont(update, { font: { Name: new PdfName('T') } }), shows(value))),
    ],
    ['with kerning', withSigned(`BT /T 12 Tf 2 5 Td [<${hex('Số 12')}> -20 <${hex(value.slice(5))}>] TJ ET`)],
    [
      'letter by letter, as in a comb',
      withSigned(
        `BT /T 9 Tf 2 5 Td ${[...value].map((letter) => `<${hex(letter)}> Tj 6 0 Td`).join(' ')} ET`,
      ),
    ],
    [
      'on two lines',
      withSigned(
        `BT /T 8 Tf 8 TL 1 0 0 1 2 11 Tm <${hex(value.slice(0, 16))}> Tj T* <${hex(value.slice(16))}> Tj ET`,
      ),
    ],
    [
      'on the ground and in the border that the field has',
      withSigned(`q 0.9 g 0 0 200 20 re f Q q 0 G 1 w 0.5 0.5 199 19 re s Q ${shows(value)}`),
    ],
    ['clipped to the inside of the field', withSigned(`q 1 1 198 18 re W n ${shows(value)} Q`)],
    ['in a standard font of the form', helvetica('BT /F1 12 Tf 2 5 Td (900) Tj ET')],
  ])('filled in %s', async (_name, change) => {
    const report = await judge(change);
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', later: 'permitted' });
    expect(report.signatures[0] && codes(report.signatures[0])).toContain('verify.form-filled');
  });
});

/** Makes one glyph of a TrueType subset the drawing of another. */
function swapGlyphs(bytes: Buffer, a: number, b: number): Buffer {
  const copy = Buffer.from(bytes);
  const table = (tag: string): number => {
    for (let at = 12; at < 12 + copy.readUInt16BE(4) * 16; at += 16)
      if (copy.toString('latin1', at, at + 4) === tag) return copy.readUInt32BE(at + 8);
    throw new Error(tag);
  };
  const long = copy.readInt16BE(table('head') + 50) === 1;
  const size = long ? 4 : 2;
  const [from, to] = [table('loca') + a * size, table('loca') + b * size];
  const read = (at: number): number => (long ? copy.readUInt32BE(at) : copy.readUInt16BE(at) * 2);
  const [start, end, other, otherEnd] = [read(from), read(from + size), read(to), read(to + size)];
  const glyphs = table('glyf');
  const drawing = Buffer.from(copy.subarray(glyphs + other, glyphs + otherEnd));
  if (drawing.length > end - start) throw new Error('choose a larger glyph');
  drawing.copy(copy, glyphs + start);
  return copy;
}

const glyph = (letter: string): number => Number.parseInt(hex(letter), 16);

describe('shadow: replace', () => {
  it.each<[string, Change]>([
    ['a new font whose glyph draws another digit', withNew({ program: (bytes) => swapGlyphs(bytes, glyph('2'), glyph('1')) })],
    [
      'a new font whose map tells another digit',
      withNew({ map: (text) => text.replaceAll(/<(00..)> <0031>/g, '<$1> <0039>') }),
    ],
    ['a new font without a map', withNew({ font: { ToUnicode: undefined } })],
    ['a new font with a map of its own from codes to glyphs', withNew({ descendant: { CIDToGIDMap: new PdfName('Odd') } })],
    ['a new font of another kind', withNew({ font: { Subtype: new PdfName('Type3') } })],
    ['a new font with another encoding', withNew({ font: { Encoding: new PdfName('Identity-V') } })],
    ['a prepared font that nothing led to', fill(value, () => look(preparedFont, shows(value)))],
    ['a signed font that shows another value', withSigned(shows('Số 21/QĐ-UBND ngày 20 tháng 11'))],
    ['text drawn from right to left', helvetica('BT /F1 12 Tf 60 5 Td (9) Tj -20 0 Td (0) Tj -20 0 Td (1) Tj ET', '901')],
    ['letters pulled backwards', helvetica('BT /F1 12 Tf 60 5 Td [(9) 1500 (0) 1500 (1)] TJ ET', '901')],
    ['letters with negative spaces', helvetica('BT /F1 12 Tf -15 Tc 60 5 Td (901) Tj ET', '901')],
    ['text on its head', helvetica('BT /F1 12 Tf -1 0 0 -1 60 15 Tm (906) Tj ET', '906')],
    [
      'an appearance on its head',
      fill('906', () => look(new PdfRef(5), 'BT /F1 12 Tf 2 5 Td (906) Tj ET', { Matrix: [-1, 0, 0, -1, 0, 0] })),
    ],
    ['mirrored text', helvetica('BT /F1 12 Tf -100 Tz 60 5 Td (901) Tj ET', '901')],
    ['text too small to read', helvetica('BT /F1 0.5 Tf 2 5 Td (900) Tj ET')],
    ['text in the colour of the paper', helvetica('BT /F1 12 Tf 1 g 2 5 Td (900) Tj ET')],
    ['text in the colour of its ground', helvetica('0.9 g 0 0 200 20 re f BT /F1 12 Tf 0.95 g 2 5 Td (900) Tj ET')],
    ['a digit outside the box', helvetica('BT /F1 12 Tf -12 5 Td (9) Tj 14 0 Td (00) Tj ET')],
    ['a digit cut off', helvetica('q 0 0 12 20 re W n BT /F1 12 Tf 2 5 Td (900) Tj ET Q')],
    ['digits over digits', helvetica('BT /F1 12 Tf 2 5 Td (9) Tj 0 0 Td (00) Tj 1 0 Td (7) Tj ET', '9007')],
    ['a digit painted over', helvetica('BT /F1 12 Tf 2 5 Td (900) Tj ET 0.9 g 8 0 9 20 re f')],
    ['an opaque ground where the field had none', fill('900', () => look(new PdfRef(5), '1 g 0 0 200 20 re f BT /F1 12 Tf 0 g 2 5 Td (900) Tj ET'), 6)],
    ['a layer of its own', withSigned(shows(value), { Group: new PdfDict() })],
  ])('%s', async (_name, change) => {
    const report = await judge(change);
    expect(report.verdict).toBe('invalid');
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_FAILED', later: 'forbidden' });
  });
}); // prettier-ignore
