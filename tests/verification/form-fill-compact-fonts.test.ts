import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { timesMetricFont } from '../../core/shared/times-metric-font.ts';
import { CompactFont } from '../../core/verification/appearance/compact-font.ts';
import { sameShape } from '../../core/verification/appearance/shape.ts';
import { TrueTypeFont } from '../../core/verification/appearance/true-type.ts';
import { writeCompactFont, type WrittenGlyph } from '../lib/compact-font-writer.ts';
import { formBytes, signWithRules } from './certified-files.ts';
import type { Change } from './changes.ts';
import { appendUpdate, codes, openWorkshop, type Workshop } from './signed-files.ts';

// Fields filled in with fonts whose program is CFF, or TrueType with codes of its own: a glyph that draws what it says is
// no forgery, whatever format it is written in; one that draws another letter is one.

const serif = readFileSync(
  createRequire(import.meta.url).resolve('pdfjs-dist/standard_fonts/FoxitSerif.pfb'),
);
const ours = new TrueTypeFont(timesMetricFont('regular'));
const letters = ours.characters();
const value = 'Số 12/QĐ';

/** Our own font's letters as CFF, numbered from 1 on in the order of `text`. */
const copied = (text: string): WrittenGlyph[] =>
  [...text].map((letter) => {
    const shape = ours.shape(letters.get(letter.codePointAt(0) ?? 0) ?? 0);
    if (!shape) throw new Error(letter);
    return { name: `u${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`, shape };
  });

let shop: Workshop;
let signed: string;

const name = (text: string): PdfName => new PdfName(text);
const stream = (bytes: Uint8Array, more: Record<string, PdfObject> = {}): PdfStream =>
  new PdfStream(new PdfDict(more), { bytes });

interface SimpleFont {
  readonly program: Uint8Array;
  readonly encoding?: PdfObject;
  readonly descriptor?: Record<string, PdfObject>;
}

const widths = Array.from({ length: 224 }, () => 500);
const simpleFont = (update: IncrementalUpdate, { program, encoding = name('WinAnsiEncoding'), descriptor = {} }: SimpleFont): PdfRef =>
  update.add(
    new PdfDict({
      Type: name('Font'), Subtype: name('Type1'), BaseFont: name('ABCDEF+Serif'), FirstChar: 32, LastChar: 255, Widths: widths,
      Encoding: encoding,
      FontDescriptor: update.add(
        new PdfDict({
          Type: name('FontDescriptor'), FontName: name('ABCDEF+Serif'), Flags: 32,
          FontFile3: update.add(stream(program, { Subtype: name('Type1C') })), ...descriptor,
        }),
      ),
    }),
  ); // prettier-ignore

/** A composite font whose codes are the glyphs' numbers, from 1 on; `map` is the text of each. */
function compositeFont(update: IncrementalUpdate, kind: 'CIDFontType0' | 'CIDFontType2', program: Uint8Array, map: string, glyphs?: Uint8Array): PdfRef {
  const lines = [...map].map((letter, index) => `<${(index + 1).toString(16).padStart(4, '0')}> <${Buffer.from(letter, 'utf16le').swap16().toString('hex')}>`);
  const unicode = `begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange ${lines.length} beginbfchar ${lines.join(' ')} endbfchar endcmap`;
  const file = update.add(stream(program, kind === 'CIDFontType0' ? { Subtype: name('CIDFontType0C') } : {}));
  const descendant = new PdfDict({
    Type: name('Font'), Subtype: name(kind), BaseFont: name('Copy'), DW: 500,
    FontDescriptor: update.add(new PdfDict({ Type: name('FontDescriptor'), Flags: 4, [kind === 'CIDFontType0' ? 'FontFile3' : 'FontFile2']: file })),
    ...(glyphs ? { CIDToGIDMap: update.add(stream(glyphs)) } : {}),
  });
  return update.add(
    new PdfDict({
      Type: name('Font'), Subtype: name('Type0'), BaseFont: name('Copy'), Encoding: name('Identity-H'),
      DescendantFonts: [update.add(descendant)], ToUnicode: update.add(stream(Buffer.from(unicode))),
    }),
  );
} // prettier-ignore

const fill =
  (text: string, shown: string, font: (update: IncrementalUpdate) => PdfRef): Change =>
  (update, pdf) => {
    const field = pdf.load(11);
    if (!(field instanceof PdfDict)) throw new Error('no field');
    const content = `/Tx BMC q BT /T 12 Tf 0 g 2 5 Td ${shown} Tj ET Q EMC`;
    const look = stream(Buffer.from(content), {
      Type: name('XObject'), Subtype: name('Form'), BBox: [0, 0, 200, 20],
      Resources: new PdfDict({ Font: new PdfDict({ T: font(update) }) }),
    });
    update.put(new PdfRef(11), field.with({ V: textString(text), AP: new PdfDict({ N: update.add(look) }) }));
  }; // prettier-ignore

/** `<0001 0002 …>` for as many glyphs. */
const numbered = (text: string): string =>
  `<${[...text].map((_, index) => (index + 1).toString(16).padStart(4, '0')).join('')}>`;

beforeAll(async () => {
  shop = await openWorkshop();
  const raw = await shop.write('raw.pdf', formBytes());
  const bytes = await appendUpdate(raw, (update, pdf) => {
    const form = pdf.getDict(pdf.catalog(), 'AcroForm');
    if (!form) throw new Error('no form');
    const fonts = new PdfDict({ F1: new PdfRef(5), Serif: simpleFont(update, { program: serif }) });
    update.changeCatalog({ AcroForm: form.with({ DR: new PdfDict({ Font: fonts }) }) });
  });
  signed = await signWithRules(shop, await shop.write('form.pdf', bytes), 'signed.pdf');
});

afterAll(() => shop.close());

const judge = async (change: Change) =>
  await shop.verify(await shop.write('now.pdf', await appendUpdate(signed, change)));

it('a CFF font that a real maker wrote is read: digits differ from each other, and are like themselves', () => {
  const font = new CompactFont(serif);
  const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'O', 'l'];
  const shapes = digits.map((digit) => {
    const shape = font.shape(font.glyphNamed(digit) ?? -1);
    if (!shape) throw new Error(digit);
    return shape;
  });
  for (const [row, a] of shapes.entries())
    for (const [column, b] of shapes.entries())
      expect(sameShape(a, b), `${row} ${column}`).toBe(row === column);
});

/** The same font with two glyph names exchanged: what is called 1 draws 9. */
function renamed(from: string, to: string): Buffer {
  const glyphs = copied('0123456789').map((glyph, digit) => ({ ...glyph, name: String(digit) }));
  const named = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
  return writeCompactFont(
    glyphs.map(({ shape }, digit) => {
      const own = named[digit] ?? '';
      return { name: own === from ? to : own === to ? from : own, shape };
    }),
  );
}

describe('clean twins', () => {
  it.each<[string, Change]>([
    ['in a new CFF font like one that the signed form embeds', fill('900', '(900)', (update) => simpleFont(update, { program: Buffer.from(serif) }))],
    ['in a CFF copy of the font that this program ships', fill(value, numbered(value), (update) => compositeFont(update, 'CIDFontType0', writeCompactFont(copied(value)), value))],
    ['in a simple CFF copy with names', fill('901', '(901)', (update) => simpleFont(update, { program: renamed('', '') }))],
    [
      'in a simple CFF font with differences',
      fill('901', '(CAB)', (update) => {
        const differences = [65, name('zero'), name('one'), name('nine')];
        return simpleFont(update, { program: Buffer.from(serif), encoding: new PdfDict({ Differences: differences }) });
      }),
    ],
    ['in a TrueType font with codes of its own, as poppler adds them', fill(value, numbered(value), (update) => compositeFont(update, 'CIDFontType2', timesMetricFont('regular'), value, glyphMapOf(value)))],
  ])('filled in %s', async (_name, change) => {
    const report = await judge(change);
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED', later: 'permitted' });
    expect(report.signatures[0] && codes(report.signatures[0])).toContain('verify.form-filled');
  });
}); // prettier-ignore

/** Two bytes for each code: the glyph of our font. */
function glyphMapOf(text: string): Buffer {
  const map = Buffer.alloc(([...text].length + 1) * 2);
  [...text].forEach((letter, index) => map.writeUInt16BE(letters.get(letter.codePointAt(0) ?? 0) ?? 0, (index + 1) * 2));
  return map;
} // prettier-ignore

/** One contour of a glyph turned round: its hole is filled. */
const filled = ({ name: own, shape }: WrittenGlyph): WrittenGlyph => ({
  name: own,
  shape: shape.map((contour, index) => (index === 0 ? contour : contour.toReversed())),
});

describe('shadow: replace', () => {
  it.each<[string, Change]>([
    ['a new CFF font whose names are exchanged', fill('901', '(901)', (update) => simpleFont(update, { program: renamed('one', 'nine') }))],
    ['a new CFF font whose glyphs are exchanged', fill(value, numbered(value), (update) => compositeFont(update, 'CIDFontType0', writeCompactFont(copied('Số 21/QĐ')), value))],
    ['a new CFF font whose glyph is empty', fill(value, numbered(value), (update) => compositeFont(update, 'CIDFontType0', writeCompactFont(copied(value).map((glyph, index) => (index === 3 ? { ...glyph, shape: [] } : glyph))), value))],
    ['a new CFF font whose holes are filled', fill('80', numbered('80'), (update) => compositeFont(update, 'CIDFontType0', writeCompactFont(copied('80').map(filled)), '80'))],
    ['a new CFF font with a part moved', fill(value, numbered(value), (update) => compositeFont(update, 'CIDFontType0', writeCompactFont(copied(value).map((glyph) => ({ ...glyph, shape: glyph.shape.map((contour, index) => (index === 0 ? contour.map(({ x, y }) => ({ x, y: y + 5 })) : contour)) }))), value))],
    ['a new CFF font whose differences name other glyphs', fill('901', '(CAB)', (update) => simpleFont(update, { program: Buffer.from(serif), encoding: new PdfDict({ Differences: [65, name('zero'), name('nine'), name('one')] }) }))],
    ['a new CFF font that names a glyph it has not', fill('901', '(901)', (update) => simpleFont(update, { program: writeCompactFont(copied('01').map((glyph, index) => ({ ...glyph, name: index === 0 ? 'zero' : 'one' }))) }))],
    ['a new CFF font with its own encoding', fill('901', '(901)', (update) => simpleFont(update, { program: Buffer.from(serif), encoding: new PdfDict({ Differences: [] }) }))],
    [
      'a new font with two programs',
      fill('901', '(901)', (update) => {
        const other = update.add(stream(renamed('one', 'nine'), { Subtype: name('Type1C') }));
        return simpleFont(update, { program: Buffer.from(serif), descriptor: { FontFile: other } });
      }),
    ],
    ['a TrueType font with codes for other glyphs', fill(value, numbered(value), (update) => compositeFont(update, 'CIDFontType2', timesMetricFont('regular'), value, glyphMapOf('Số 21/QĐ')))],
  ])('%s', async (_name, change) => {
    const report = await judge(change);
    expect(report.verdict).toBe('invalid');
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_FAILED', later: 'forbidden' });
  });
}); // prettier-ignore
