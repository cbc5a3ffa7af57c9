import { bufferSource } from '../pdf/byte-source.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { ObjectParser } from '../pdf/object-parser.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from '../pdf/objects.ts';

/** Operators of a field's appearance that only place text; anything that draws shapes or images is not among them. */
const textOperators: ReadonlySet<string> = new Set([
  'q', 'Q', 'BT', 'ET', 'Tf', 'Td', 'TD', 'Tm', 'T*', 'Tj', 'TJ', "'", '"', 'Tc', 'Tw', 'Tz', 'TL', 'Ts',
  'g', 'rg', 'k', 'G', 'RG', 'K', 're', 'W', 'W*', 'n', 'BMC', 'EMC',
]); // prettier-ignore

const maximumBytes = 256 * 1024;
const maximumTokens = 20_000;

/** Text that an appearance shows, one character a byte; undefined when it does more than show text. */
function shownText(pdf: PdfDocument, stream: PdfStream): string | undefined {
  const bytes = pdf.decodeStream(stream);
  if (bytes.length > maximumBytes) return undefined;
  const source = bufferSource(bytes);
  const parser = new ObjectParser(source, 0, pdf.limits, 'none');
  let operands: PdfObject[] = [];
  let text = '';
  for (let tokens = 0; tokens < maximumTokens; tokens++) {
    parser.skipSpace();
    const byte = source.byteAt(parser.position);
    if (byte < 0) return text;
    if (!/[A-Za-z'"*]/.test(String.fromCharCode(byte))) {
      operands.push(parser.object());
      continue;
    }
    const operator = parser.keyword();
    if (!textOperators.has(operator)) return undefined;
    if (['Tj', 'TJ', "'", '"'].includes(operator)) {
      const last = operands.at(-1) ?? null;
      const parts = Array.isArray(last) ? last : [last];
      for (const part of parts)
        if (part instanceof PdfString) text += Buffer.from(part.bytes).toString('latin1');
      text += ' ';
    }
    operands = [];
  }
  return undefined;
}

const standardFont =
  /^(?:Helvetica|Times-Roman|Times|Courier)(?:-(?:Bold|Oblique|BoldOblique|Italic|BoldItalic))?$/;

/** A font that shows what its bytes say: one of the signed revision, or a new standard one without a mapping of its own. */
function isHonestFont(pdf: PdfDocument, before: PdfDocument, reference: PdfObject): boolean {
  if (reference instanceof PdfRef && before.load(reference.num) !== null) return true;
  const font = pdf.resolve(reference);
  if (!(font instanceof PdfDict) || font.duplicates.length > 0) return false;
  const name = pdf.get(font, 'BaseFont');
  const encoding = pdf.get(font, 'Encoding');
  const keys = [...font.entries.keys()];
  return (
    keys.every((key) => ['Type', 'Subtype', 'BaseFont', 'Encoding', 'Name'].includes(key)) &&
    name instanceof PdfName &&
    standardFont.test(name.value) &&
    (encoding === null || encoding instanceof PdfName)
  );
}

function hasHonestResources(pdf: PdfDocument, before: PdfDocument, stream: PdfStream): boolean {
  const resources = pdf.get(stream.dict, 'Resources');
  if (resources === null) return true;
  if (!(resources instanceof PdfDict)) return false;
  return [...resources.entries].every(([key, written]) => {
    if (key === 'ProcSet') return true;
    const fonts = pdf.resolve(written);
    if (key !== 'Font' || !(fonts instanceof PdfDict)) return false;
    return [...fonts.entries.values()].every((font) => isHonestFont(pdf, before, font));
  });
}

const plain = (text: string): string => text.normalize('NFC').replace(/[\s\0]+/g, '');

/**
 * Whether a field's appearance shows its value and nothing else: text alone, in fonts that do not lie, in a box
 * no larger than the field (findings/pdf-attacks.md, "value versus appearance").
 */
export function appearanceShows(
  { after: pdf, before }: { readonly after: PdfDocument; readonly before: PdfDocument },
  appearance: PdfObject,
  value: string,
  rect: PdfObject,
): boolean {
  if (!(appearance instanceof PdfStream) || !hasHonestResources(pdf, before, appearance)) return false;
  if (pdf.get(appearance.dict, 'OC') !== null) return false;
  if (!fitsField(pdf, pdf.get(appearance.dict, 'BBox'), rect)) return false;
  const text = shownText(pdf, appearance);
  return text !== undefined && plain(text) === plain(value);
}

function numbers(pdf: PdfDocument, object: PdfObject): number[] | undefined {
  if (!Array.isArray(object) || object.length !== 4) return undefined;
  const found = object.map((item) => pdf.resolve(item));
  return found.every((item) => typeof item === 'number') ? found : undefined;
}

function fitsField(pdf: PdfDocument, box: PdfObject, rect: PdfObject): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = numbers(pdf, box) ?? [];
  const place = numbers(pdf, rect);
  if (!numbers(pdf, box) || !place) return false;
  const [left = 0, bottom = 0, right = 0, top = 0] = place;
  const tolerance = 1;
  const [width, height] = [Math.abs(right - left) + tolerance, Math.abs(top - bottom) + tolerance];
  const [boxWidth, boxHeight] = [Math.abs(c - a), Math.abs(d - b)];
  return (
    (boxWidth <= width && boxHeight <= height) || (boxWidth <= height && boxHeight <= width) // turned by /MK /R
  );
}
