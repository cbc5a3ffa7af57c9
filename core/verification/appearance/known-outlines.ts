import type { PdfDocument } from '../../pdf/document.ts';
import { PdfDict, PdfName, PdfStream, type PdfObject } from '../../pdf/objects.ts';
import { walkPages } from '../../pdf/pages.ts';
import { timesMetricFont } from '../../shared/times-metric-font.ts';
import { readFontText, type FontText } from './font-text.ts';
import { TrueTypeFont } from './true-type.ts';

/** An embedded composite font whose codes are glyph numbers of a TrueType program. */
interface EmbeddedFont {
  readonly text: FontText;
  readonly program: TrueTypeFont;
}

/** One of the signed revision, its codes by what they show. */
interface SignedFont extends EmbeddedFont {
  readonly codes: ReadonlyMap<string, readonly number[]>;
}

const fontKeys: ReadonlySet<string> = new Set([
  'Type', 'Subtype', 'BaseFont', 'Encoding', 'DescendantFonts', 'ToUnicode', 'Name',
]); // prettier-ignore
const descendantKeys: ReadonlySet<string> = new Set([
  'Type', 'Subtype', 'BaseFont', 'CIDSystemInfo', 'FontDescriptor', 'DW', 'W', 'CIDToGIDMap',
]); // prettier-ignore

const isName = (object: PdfObject, value: string): boolean =>
  object instanceof PdfName && object.value === value;

const hasOnly = (dict: PdfDict, keys: ReadonlySet<string>): boolean =>
  dict.duplicates.length === 0 && [...dict.entries.keys()].every((key) => keys.has(key));

function readEmbeddedFont(pdf: PdfDocument, font: PdfDict): EmbeddedFont | undefined {
  if (!isName(pdf.get(font, 'Subtype'), 'Type0') || !hasOnly(font, fontKeys)) return undefined;
  const descendants = pdf.get(font, 'DescendantFonts');
  const descendant =
    Array.isArray(descendants) && descendants.length === 1 ? pdf.resolve(descendants[0]) : null;
  if (!(descendant instanceof PdfDict) || !hasOnly(descendant, descendantKeys)) return undefined;
  if (!isName(pdf.get(descendant, 'Subtype'), 'CIDFontType2')) return undefined;
  const glyphMap = pdf.get(descendant, 'CIDToGIDMap');
  if (glyphMap !== null && !isName(glyphMap, 'Identity')) return undefined;
  const descriptor = pdf.getDict(descendant, 'FontDescriptor');
  const file = descriptor ? pdf.get(descriptor, 'FontFile2') : null;
  const text = readFontText(pdf, font);
  if (!(file instanceof PdfStream) || !text) return undefined;
  try {
    return { text, program: new TrueTypeFont(pdf.decodeStream(file)) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function keyOf({ program }: Pick<EmbeddedFont, 'program'>, glyph: number): string | undefined {
  try {
    const key = program.outlineKey(glyph);
    return key === undefined ? undefined : `${program.unitsPerEm} ${key}`;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

let ours:
  readonly { readonly program: TrueTypeFont; readonly characters: ReadonlyMap<number, number> }[] | undefined;

function shippedFonts() {
  ours ??= (['regular', 'bold'] as const).map((style) => {
    const program = new TrueTypeFont(timesMetricFont(style));
    return { program, characters: program.characters() };
  });
  return ours;
}

const maximumFonts = 100;
const highestCode = 0xffff;

/** Fonts that pages and form of the signed revision name. */
function* signedFonts(pdf: PdfDocument): Generator<PdfDict> {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm');
  const holders = [form && pdf.getDict(form, 'DR')];
  for (const { dict } of walkPages(pdf)) holders.push(pdf.getDict(dict, 'Resources'));
  const seen = new Set<PdfDict>();
  for (const holder of holders) {
    const fonts = holder && pdf.getDict(holder, 'Font');
    for (const written of fonts?.entries.values() ?? []) {
      const font = pdf.resolve(written);
      if (!(font instanceof PdfDict) || seen.has(font)) continue;
      seen.add(font);
      if (seen.size > maximumFonts) return;
      yield font;
    }
  }
}

/** How the characters of the fonts that the signed revision shows, and of the one we ship, are drawn. */
export class KnownOutlines {
  readonly #signed: PdfDocument;
  #fonts: readonly SignedFont[] | undefined;

  constructor(signed: PdfDocument) {
    this.#signed = signed;
  }

  /**
   * What a font added later shows: text only of the codes whose glyph is drawn, point for point, like the same
   * character of a font that the signer signed or that we ship. Undefined for any font where this cannot be seen.
   */
  read(after: PdfDocument, font: PdfDict): FontText | undefined {
    const added = readEmbeddedFont(after, font);
    return added && { ...added.text, textOf: (code) => this.#provedText(added, code) };
  }

  #provedText(added: EmbeddedFont, code: number): string | undefined {
    const text = added.text.textOf(code);
    const drawn = keyOf(added, code);
    if (text === undefined || drawn === undefined) return undefined;
    const point = text.codePointAt(0) ?? 0;
    const known =
      (String.fromCodePoint(point) === text &&
        shippedFonts().some(({ program, characters }) => {
          const glyph = characters.get(point);
          return glyph !== undefined && keyOf({ program }, glyph) === drawn;
        })) ||
      this.#signedFonts().some((font) =>
        font.codes.get(text)?.some((signedCode) => keyOf(font, signedCode) === drawn),
      );
    return known ? text : undefined;
  }

  #signedFonts(): readonly SignedFont[] {
    this.#fonts ??= [...signedFonts(this.#signed)].flatMap((dict) => {
      const font = readEmbeddedFont(this.#signed, dict);
      return font ? [{ ...font, codes: codesByText(font.text) }] : [];
    });
    return this.#fonts;
  }
}

function codesByText(font: FontText): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (let code = 0; code <= highestCode; code++) {
    const text = font.textOf(code);
    if (text === undefined) continue;
    const known = found.get(text);
    if (known) known.push(code);
    else found.set(text, [code]);
  }
  return found;
}
