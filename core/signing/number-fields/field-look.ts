import { reason } from '../../shared/reasons.ts';
import type { PdfDocument } from '../../pdf/document.ts';
import { inheritedValue } from '../../pdf/inherited.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from '../../pdf/objects.ts';
import { numberText } from '../../pdf/serialize.ts';
import { AnThuError } from '../../shared/errors.ts';

/** Space between the text and the box, in units of the page. */
const PADDING = 2;
const SMALLEST = 6;
const LARGEST_AUTOMATIC = 12;
/** Where a serif text sits in its line, as a part of its size. */
const DESCENT = 0.22;

/** A font that values are written in. */
export interface ValueFont {
  readonly name: string;
  readonly ref: PdfRef;
  /** Width at size 1. */
  measure(value: string): number;
  /** The value as a string operand. Throws `signing.text-not-drawable`. */
  operand(value: string): string;
}

/** How a text field shows its value: its font, size and place in the box. */
export interface FieldLook {
  readonly font: ValueFont;
  readonly size: number;
  readonly align: 'left' | 'center' | 'right';
}

/** Whether the font of a field itself can show a value: a simple one knows its ASCII codes. */
export const isAscii = (value: string): boolean => /^[\x20-\x7e]*$/.test(value);

/** The embedded font with ASCII codes that a field names. */
export function simpleFont(name: string, ref: PdfRef, widthOf: (code: number) => number): ValueFont {
  return {
    name,
    ref,
    measure: (value) => [...value].reduce((sum, character) => sum + widthOf(character.charCodeAt(0)), 0),
    operand: (value) => {
      const odd = [...value].find((character) => !isAscii(character));
      if (odd !== undefined) throw new AnThuError('signing.text-not-drawable', { character: odd });
      return `(${value.replace(/[\\()]/g, '\\$&')})`;
    },
  };
}

/**
 * Reads a field's default appearance (/DA, /Q). The font must be a simple one of the form's resources with widths:
 * what a signed form already holds is all that a filling may use. Throws `signing.field-not-fillable`.
 */
export function readFieldLook(pdf: PdfDocument, field: PdfDict, name: string): FieldLook {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
  const inherited = (key: string): PdfObject => inheritedValue(pdf, field, key) ?? pdf.get(form, key);
  const unfit = (why: string): AnThuError =>
    new AnThuError('signing.field-not-fillable', { field: name, reason: why });
  const written = inherited('DA');
  const text = written instanceof PdfString ? Buffer.from(written.bytes).toString('latin1') : '';
  const [, fontName, size] = /\/(\S+)\s+(\d+(?:\.\d+)?)\s+Tf/.exec(text) ?? [];
  if (fontName === undefined) throw unfit(reason('field.no-look'));
  const resources = pdf.getDict(form, 'DR');
  const fonts = resources && pdf.getDict(resources, 'Font');
  const font = fonts?.get(fontName);
  const dict = pdf.resolve(font);
  if (!(font instanceof PdfRef) || !(dict instanceof PdfDict))
    throw unfit(reason('field.font-missing', fontName));
  const align = inherited('Q');
  return {
    font: simpleFont(
      fontName,
      font,
      widthsOf(pdf, dict, () => unfit(reason('field.font-not-simple', fontName))),
    ),
    size: Number(size),
    align: align === 1 ? 'center' : align === 2 ? 'right' : 'left',
  };
}

function widthsOf(pdf: PdfDocument, font: PdfDict, unfit: () => AnThuError): (code: number) => number {
  const kind = pdf.get(font, 'Subtype');
  const widths = pdf.get(font, 'Widths');
  const first = pdf.get(font, 'FirstChar');
  const isSimple = kind instanceof PdfName && (kind.value === 'TrueType' || kind.value === 'Type1');
  if (!isSimple || !Array.isArray(widths) || typeof first !== 'number') throw unfit();
  return (code) => {
    const width = pdf.resolve(widths[code - first]);
    return typeof width === 'number' ? width / 1000 : 0;
  };
}

/**
 * The appearance of a value in a box of `width` × `height` units: text alone, shrunk to fit. Throws
 * `signing.value-too-long`, `signing.text-not-drawable` for what the font has not.
 */
export function drawValue(
  value: string,
  look: FieldLook,
  box: { readonly width: number; readonly height: number; readonly matrix: readonly number[] },
): PdfStream {
  const { font } = look;
  const operand = font.operand(value);
  const { width, height } = box;
  const wanted = look.size || Math.min(LARGEST_AUTOMATIC, height * 0.7);
  const unitWidth = font.measure(value);
  const room = width - 2 * PADDING;
  const size = Math.min(wanted, unitWidth > 0 ? room / unitWidth : wanted);
  if (size < Math.min(SMALLEST, wanted)) throw new AnThuError('signing.value-too-long', { value });
  const free = room - unitWidth * size;
  const x = PADDING + (look.align === 'left' ? 0 : look.align === 'center' ? free / 2 : free);
  const y = (height - size) / 2 + DESCENT * size;
  const [sizeText, xText, yText] = [size, x, y].map((number) => numberText(Math.round(number * 1000) / 1000));
  const text = `BT\n/${font.name} ${sizeText} Tf\n0 g\n1 0 0 1 ${xText} ${yText} Tm\n${operand} Tj\nET`;
  return new PdfStream(
    new PdfDict({
      Type: new PdfName('XObject'),
      Subtype: new PdfName('Form'),
      BBox: [0, 0, width, height],
      Matrix: [...box.matrix],
      Resources: new PdfDict({ Font: new PdfDict({ [font.name]: font.ref }) }),
    }),
    { bytes: Buffer.from(`/Tx BMC\nq\n${value === '' ? '' : `${text}\n`}Q\nEMC\n`, 'latin1') },
  );
}
