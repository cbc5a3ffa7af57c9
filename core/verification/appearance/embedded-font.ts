import type { PdfDocument } from '../../pdf/document.ts';
import { PdfDict, PdfName, PdfStream, type PdfObject } from '../../pdf/objects.ts';
import { CompactFont } from './compact-font.ts';
import { glyphNamesOf } from './encoding-names.ts';
import { readFontText, type FontText } from './font-text.ts';
import { glyphText } from './glyph-names.ts';
import type { Shape } from './shape.ts';
import { TrueTypeFont } from './true-type.ts';

/** A font whose program is embedded and read: what its codes mean, and what they draw. */
export interface EmbeddedFont {
  readonly text: FontText;
  /** What a code draws; undefined when it draws nothing we can tell. */
  shapeOf(code: number): Shape | undefined;
}

const compositeKeys: ReadonlySet<string> = new Set([
  'Type', 'Subtype', 'BaseFont', 'Encoding', 'DescendantFonts', 'ToUnicode', 'Name',
]); // prettier-ignore
const descendantKeys: ReadonlySet<string> = new Set([
  'Type', 'Subtype', 'BaseFont', 'CIDSystemInfo', 'FontDescriptor', 'DW', 'W', 'CIDToGIDMap',
]); // prettier-ignore
const simpleKeys: ReadonlySet<string> = new Set([
  'Type', 'Subtype', 'BaseFont', 'FirstChar', 'LastChar', 'Widths', 'FontDescriptor', 'Encoding', 'ToUnicode', 'Name',
]); // prettier-ignore

const nameOf = (object: PdfObject): string | undefined =>
  object instanceof PdfName ? object.value : undefined;

const hasOnly = (dict: PdfDict, keys: ReadonlySet<string>): boolean =>
  dict.duplicates.length === 0 && [...dict.entries.keys()].every((key) => keys.has(key));

/**
 * Reads a font with an embedded TrueType or CFF program, as far as every reader goes the same way from a code to its glyph.
 * Undefined for all others.
 */
export function readEmbeddedFont(pdf: PdfDocument, font: PdfDict): EmbeddedFont | undefined {
  try {
    const glyphs =
      nameOf(pdf.get(font, 'Subtype')) === 'Type0' ? compositeGlyphs(pdf, font) : simpleGlyphs(pdf, font);
    const text = glyphs && readFontText(pdf, font);
    return text && { text, shapeOf: (code) => quietly(() => glyphs(code)) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A glyph that is damaged, or drawn in a way we do not follow, is not known. */
function quietly(draw: () => Shape | undefined): Shape | undefined {
  try {
    return draw();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Glyphs = (code: number) => Shape | undefined;

interface Program {
  readonly key: 'FontFile2' | 'FontFile3';
  readonly bytes: Uint8Array;
}

/** The one program of a descriptor: where there are two, readers choose differently. */
function programOf(pdf: PdfDocument, holder: PdfDict): Program | undefined {
  const descriptor = pdf.getDict(holder, 'FontDescriptor');
  if (!descriptor || descriptor.duplicates.length > 0) return undefined;
  const keys = (['FontFile', 'FontFile2', 'FontFile3'] as const).filter(
    (key) => descriptor.get(key) !== undefined,
  );
  const [key] = keys;
  if (keys.length !== 1 || (key !== 'FontFile2' && key !== 'FontFile3')) return undefined;
  const file = pdf.get(descriptor, key);
  return file instanceof PdfStream ? { key, bytes: pdf.decodeStream(file) } : undefined;
}

function compositeGlyphs(pdf: PdfDocument, font: PdfDict): Glyphs | undefined {
  if (!hasOnly(font, compositeKeys)) return undefined;
  const descendants = pdf.get(font, 'DescendantFonts');
  const descendant =
    Array.isArray(descendants) && descendants.length === 1 ? pdf.resolve(descendants[0]) : null;
  if (!(descendant instanceof PdfDict) || !hasOnly(descendant, descendantKeys)) return undefined;
  const program = programOf(pdf, descendant);
  const kind = nameOf(pdf.get(descendant, 'Subtype'));
  if (kind === 'CIDFontType2' && program?.key === 'FontFile2') {
    const glyphOf = glyphMap(pdf, pdf.get(descendant, 'CIDToGIDMap'));
    const outlines = new TrueTypeFont(program.bytes);
    return glyphOf && drawn((code) => glyphOf(code), outlines);
  }
  if (kind !== 'CIDFontType0' || program?.key !== 'FontFile3') return undefined;
  if (descendant.get('CIDToGIDMap') !== undefined) return undefined;
  const outlines = new CompactFont(program.bytes);
  return drawn((code) => outlines.glyphOfCid(code), outlines);
}

/** /CIDToGIDMap: the same numbers, or two bytes for each. */
function glyphMap(pdf: PdfDocument, written: PdfObject): ((cid: number) => number | undefined) | undefined {
  if (written === null || nameOf(written) === 'Identity') return (cid) => cid;
  if (!(written instanceof PdfStream)) return undefined;
  const map = pdf.decodeStream(written);
  return (cid) => {
    const [high, low] = [map[cid * 2], map[cid * 2 + 1]];
    return high === undefined || low === undefined ? undefined : high * 256 + low;
  };
}

const symbolic = 4;
const nonsymbolic = 32;

function simpleGlyphs(pdf: PdfDocument, font: PdfDict): Glyphs | undefined {
  if (!hasOnly(font, simpleKeys)) return undefined;
  const names = glyphNamesOf(pdf, pdf.get(font, 'Encoding'));
  const program = names && programOf(pdf, font);
  const kind = nameOf(pdf.get(font, 'Subtype'));
  if (!names || !program) return undefined;
  if (kind === 'Type1' && program.key === 'FontFile3') {
    const outlines = new CompactFont(program.bytes);
    return drawn((code) => outlines.glyphNamed(names(code) ?? ''), outlines);
  }
  const flags = pdf.get(pdf.getDict(font, 'FontDescriptor') ?? new PdfDict(), 'Flags');
  // Readers look up letters of a symbolic font by its codes, of another one by Unicode (ISO 32000-1 9.6.6.4).
  const isPlain = typeof flags === 'number' && (flags & nonsymbolic) !== 0 && (flags & symbolic) === 0;
  if (kind !== 'TrueType' || program.key !== 'FontFile2' || !isPlain) return undefined;
  const outlines = new TrueTypeFont(program.bytes);
  const characters = outlines.characters();
  return drawn((code) => {
    const letter = glyphText(names(code) ?? '');
    return letter === undefined ? undefined : characters.get(letter.codePointAt(0) ?? 0);
  }, outlines);
}

function drawn(
  glyphOf: (code: number) => number | undefined,
  outlines: { shape(glyph: number): Shape | undefined },
): Glyphs {
  return (code) => {
    const glyph = glyphOf(code);
    return glyph === undefined ? undefined : outlines.shape(glyph);
  };
}
