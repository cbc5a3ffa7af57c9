import type { PdfDocument } from '../../pdf/document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from '../../pdf/objects.ts';
import { numberText } from '../../pdf/serialize.ts';
import { AnThuError } from '../../shared/errors.ts';

/** Space between the text and the box, in units of the page. */
const PADDING = 2;
const SMALLEST = 6;
const LARGEST_AUTOMATIC = 12;
/** Where a serif text sits in its line, as a part of its size. */
const DESCENT = 0.22;

/** How a text field shows its value: its font, size and place in the box. */
export interface FieldLook {
  readonly fontName: string;
  readonly font: PdfRef;
  readonly size: number;
  /** Width of a character code at size 1. */
  readonly widthOf: (code: number) => number;
  readonly align: 'left' | 'center' | 'right';
}

/**
 * Reads a field's default appearance (/DA, /Q). The font must be a simple one of the form's resources with widths:
 * what a signed form already holds is all that a filling may use. Throws `signing.field-not-fillable`.
 */
export function readFieldLook(pdf: PdfDocument, field: PdfDict, name: string): FieldLook {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
  const inherited = (key: string): PdfObject => inheritedValue(pdf, field, key) ?? pdf.get(form, key);
  const unfit = (reason: string): AnThuError =>
    new AnThuError('signing.field-not-fillable', { field: name, reason });
  const written = inherited('DA');
  const text = written instanceof PdfString ? Buffer.from(written.bytes).toString('latin1') : '';
  const [, fontName, size] = /\/(\S+)\s+(\d+(?:\.\d+)?)\s+Tf/.exec(text) ?? [];
  if (fontName === undefined) throw unfit('no default appearance');
  const resources = pdf.getDict(form, 'DR');
  const fonts = resources && pdf.getDict(resources, 'Font');
  const font = fonts?.get(fontName);
  const dict = pdf.resolve(font);
  if (!(font instanceof PdfRef) || !(dict instanceof PdfDict)) throw unfit(`font ${fontName} missing`);
  const align = inherited('Q');
  return {
    fontName,
    font,
    size: Number(size),
    widthOf: widthsOf(pdf, dict, () => unfit(`font ${fontName} is not simple`)),
    align: align === 1 ? 'center' : align === 2 ? 'right' : 'left',
  };
}

function inheritedValue(pdf: PdfDocument, field: PdfDict, key: string): PdfObject | undefined {
  let current: PdfDict | undefined = field;
  for (let depth = 0; current && depth < 32; depth++) {
    const value = pdf.get(current, key);
    if (value !== null) return value;
    current = pdf.getDict(current, 'Parent');
  }
  return undefined;
}

function widthsOf(pdf: PdfDocument, font: PdfDict, unfit: () => AnThuError): FieldLook['widthOf'] {
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
 * `signing.value-too-long`, `signing.text-not-drawable` for what is not ASCII.
 */
export function drawValue(
  value: string,
  look: FieldLook,
  box: { readonly width: number; readonly height: number; readonly matrix: readonly number[] },
): PdfStream {
  const odd = [...value].find((character) => !/^[\x20-\x7e]$/.test(character));
  if (odd !== undefined) throw new AnThuError('signing.text-not-drawable', { character: odd });
  const { width, height } = box;
  const wanted = look.size || Math.min(LARGEST_AUTOMATIC, height * 0.7);
  const unitWidth = [...value].reduce((sum, character) => sum + look.widthOf(character.charCodeAt(0)), 0);
  const room = width - 2 * PADDING;
  const size = Math.min(wanted, unitWidth > 0 ? room / unitWidth : wanted);
  if (size < Math.min(SMALLEST, wanted)) throw new AnThuError('signing.value-too-long', { value });
  const free = room - unitWidth * size;
  const x = PADDING + (look.align === 'left' ? 0 : look.align === 'center' ? free / 2 : free);
  const y = (height - size) / 2 + DESCENT * size;
  const escaped = value.replace(/[\\()]/g, '\\$&');
  const [sizeText, xText, yText] = [size, x, y].map((number) => numberText(Math.round(number * 1000) / 1000));
  const text = `BT\n/${look.fontName} ${sizeText} Tf\n0 g\n1 0 0 1 ${xText} ${yText} Tm\n(${escaped}) Tj\nET`;
  return new PdfStream(
    new PdfDict({
      Type: new PdfName('XObject'),
      Subtype: new PdfName('Form'),
      BBox: [0, 0, width, height],
      Matrix: [...box.matrix],
      Resources: new PdfDict({ Font: new PdfDict({ [look.fontName]: look.font }) }),
    }),
    { bytes: Buffer.from(`/Tx BMC\nq\n${value === '' ? '' : `${text}\n`}Q\nEMC\n`, 'latin1') },
  );
}
