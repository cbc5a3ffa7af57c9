import type { PdfDocument } from '../../pdf/document.ts';
import { PdfDict, PdfName, PdfStream, type PdfObject } from '../../pdf/objects.ts';
import { readCodeMap, type CodeMap } from './code-map.ts';
import { glyphText } from './glyph-names.ts';
import { readEncoding, standardLatin, type Encoding } from './simple-encoding.ts';

/** What a font shows for the codes of a string. */
export interface FontText {
  /** Bytes of one code. */
  readonly codeBytes: 1 | 2;
  /** Text of a code; undefined when the font does not tell, or tells two things. */
  textOf(code: number): string | undefined;
  /** Width of a code at size 1. */
  widthOf(code: number): number;
}

const nameOf = (object: PdfObject): string | undefined =>
  object instanceof PdfName ? object.value : undefined;

/**
 * Reads what a font shows from its own dictionary: names of its /Encoding and its /ToUnicode map, which must agree where
 * both speak, since one draws and the other is what programs read. Undefined for fonts whose drawing is not told by
 * names (Type3, vertical or other composite maps, symbol fonts).
 */
export function readFontText(pdf: PdfDocument, font: PdfDict): FontText | undefined {
  if (font.duplicates.length > 0) return undefined;
  const map = font.get('ToUnicode') === undefined ? null : unicodeMap(pdf, pdf.get(font, 'ToUnicode'));
  if (map === undefined) return undefined;
  switch (nameOf(pdf.get(font, 'Subtype'))) {
    case 'Type0':
      return nameOf(pdf.get(font, 'Encoding')) === 'Identity-H' && map
        ? { codeBytes: 2, textOf: (code) => map.get(code), widthOf: compositeWidths(pdf, font) }
        : undefined;
    case 'Type1':
    case 'MMType1':
    case 'TrueType': {
      const drawn = drawnText(pdf, font, map !== null);
      return (
        drawn && {
          codeBytes: 1,
          textOf: (code) => agreed(drawn(code), map?.get(code)),
          widthOf: simpleWidths(pdf, font),
        }
      );
    }
    default:
      return undefined;
  }
}

function unicodeMap(pdf: PdfDocument, object: PdfObject): CodeMap | undefined {
  return object instanceof PdfStream ? readCodeMap(pdf.decodeStream(object), pdf.limits) : undefined;
}

const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\u00ad\u2010\u2011]/g, '-')
    .replace(/\s/g, ' ');

/** Both, either, or nothing when they contradict each other. */
function agreed(drawn: string | undefined, told: string | undefined): string | undefined {
  if (drawn === undefined || told === undefined) return drawn ?? told;
  return folded(drawn) === folded(told) ? drawn : undefined;
}

const symbolFonts = /^(?:[A-Z]{6}\+)?(?:Symbol|ZapfDingbats|Wingdings|Webdings)/;
const nothing: Encoding = () => undefined;

/** Text of the glyphs that a simple font's /Encoding names. */
function drawnText(pdf: PdfDocument, font: PdfDict, hasMap: boolean): Encoding | undefined {
  if (symbolFonts.test(nameOf(pdf.get(font, 'BaseFont')) ?? '')) return undefined;
  const written = pdf.get(font, 'Encoding');
  if (written === null) return hasMap && isEmbedded(pdf, font) ? nothing : standardLatin;
  const encoding = readEncoding(pdf, written);
  if (!encoding) return undefined;
  const { base = standardLatin, names } = encoding;
  return (code) => {
    const name = names.get(code);
    return name === undefined ? base(code) : glyphText(name);
  };
}

function isEmbedded(pdf: PdfDocument, font: PdfDict): boolean {
  const descriptor = pdf.getDict(font, 'FontDescriptor');
  return ['FontFile', 'FontFile2', 'FontFile3'].some((key) => descriptor?.get(key) !== undefined);
}

/** What is not told: most letters of the standard fonts are about so wide. */
const usualWidth = 0.45;

/** Widths of digits and of what separates them in the standard fonts, by the beginning of their names (Adobe's metrics of the 14 fonts). */
const digitWidths: readonly (readonly [RegExp, digit: number, point: number])[] = [
  [/^Helvetica|^Arial/, 0.556, 0.278],
  [/^Times/, 0.5, 0.25],
  [/^Courier/, 0.6, 0.6],
];

/** A font without /Widths: a standard one. A digit taken for narrower than it is could be cut off. */
function standardWidths(name: string | undefined): FontText['widthOf'] {
  const [, digit = usualWidth, point = usualWidth] = digitWidths.find(([pattern]) => pattern.test(name ?? '')) ?? [];
  return (code) => {
    const letter = String.fromCharCode(code);
    if (/[0-9]/.test(letter)) return digit;
    return /[ .,]/.test(letter) ? point : usualWidth;
  };
} // prettier-ignore

function simpleWidths(pdf: PdfDocument, font: PdfDict): FontText['widthOf'] {
  const first = pdf.get(font, 'FirstChar');
  const widths = pdf.get(font, 'Widths');
  const standard = standardWidths(nameOf(pdf.get(font, 'BaseFont')));
  if (!Array.isArray(widths) || typeof first !== 'number') return standard;
  return (code) => {
    const width = pdf.resolve(widths[code - first]);
    return typeof width === 'number' ? width / 1000 : standard(code);
  };
}

const maximumWidths = 70_000;

/** /W of a composite font's descendant (ISO 32000-1 9.7.4.3). */
function compositeWidths(pdf: PdfDocument, font: PdfDict): FontText['widthOf'] {
  const [descendant] = [pdf.get(font, 'DescendantFonts')].flat();
  const dict = pdf.resolve(descendant);
  if (!(dict instanceof PdfDict)) return () => 1;
  const written = pdf.get(dict, 'DW');
  const usual = typeof written === 'number' ? written : 1000;
  const known = new Map<number, number>();
  const list = pdf.get(dict, 'W');
  const items = Array.isArray(list) ? list.map((item) => pdf.resolve(item)) : [];
  for (let at = 0; at < items.length;) {
    const [first, second, third] = [items[at], items[at + 1], items[at + 2]];
    if (typeof first !== 'number' || known.size > maximumWidths) break;
    if (Array.isArray(second)) {
      second.forEach((item, index) => {
        const width = pdf.resolve(item);
        if (typeof width === 'number') known.set(first + index, width);
      });
      at += 2;
    } else if (typeof second === 'number' && typeof third === 'number' && second - first < maximumWidths) {
      for (let code = first; code <= second; code++) known.set(code, third);
      at += 3;
    } else break;
  }
  return (code) => (known.get(code) ?? usual) / 1000;
}
