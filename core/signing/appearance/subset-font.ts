import { createHash } from 'node:crypto';
import { bufferSource } from '../../pdf/byte-source.ts';
import { PdfDocument } from '../../pdf/document.ts';
import { defaultPdfLimits } from '../../pdf/limits.ts';
import { PdfDict, PdfRef } from '../../pdf/objects.ts';
import { firstPage } from '../../pdf/pages.ts';
import { strictAssert } from '../../shared/assert.ts';
import { AnThuError } from '../../shared/errors.ts';
import { timesMetricFont } from '../../shared/times-metric-font.ts';

/** A font program with a few glyphs, standing in a small PDF of its own from which it is copied. */
export interface SubsetFont {
  readonly document: PdfDocument;
  readonly ref: PdfRef;
  /** The text in the font's codes, hexadecimal. Only characters the subset was made for. */
  encode(text: string): string;
  /** Width in points at a size in points. */
  measure(text: string, size: number): number;
}

/** The styles of the Times-metric font that looks use. */
export type FontStyle = 'regular' | 'bold';

interface Glyph {
  readonly hex: string;
  /** Width at size 1. */
  readonly width: number;
}

const CACHED_FONTS = 16;
const cache = new Map<string, Promise<SubsetFont>>();

/**
 * The Times-metric font (Tinos: domain/vietnam.md §1.3) with the glyphs of `text`, made with pdf-lib. Subsets are
 * kept, so that a batch of letters of one agency makes one. Throws `signing.text-not-drawable`.
 */
export function subsetFontFor(text: string, style: FontStyle = 'regular'): Promise<SubsetFont> {
  const alphabet = [...new Set(text)].sort().join('');
  const key = `${style} ${alphabet}`;
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= CACHED_FONTS) cache.clear();
  const made = makeSubset(alphabet, style);
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

async function makeSubset(alphabet: string, style: FontStyle): Promise<SubsetFont> {
  const [{ PDFDocument }, { alignedFontkit }] = await Promise.all([
    import('pdf-lib'),
    import('./aligned-fontkit.ts'),
  ]);
  const template = await PDFDocument.create({ updateMetadata: false });
  template.registerFontkit(alignedFontkit);
  const font = await template.embedFont(timesMetricFont(style), {
    subset: true,
    customName: `${subsetTag(alphabet)}+${names[style]}`,
  });
  const drawable = new Set(font.getCharacterSet());
  const glyphs = new Map<string, Glyph>();
  for (const character of alphabet) {
    if (!drawable.has(character.codePointAt(0) ?? 0))
      throw new AnThuError('signing.text-not-drawable', { character });
    glyphs.set(character, {
      hex: font.encodeText(character).asString(),
      width: font.widthOfTextAtSize(character, 1),
    });
  }
  template.addPage([1, 1]).drawText(' ', { font, size: 1 });
  const bytes = await template.save({ useObjectStreams: false });
  const document = new PdfDocument(bufferSource(bytes), defaultPdfLimits);
  const glyphOf = (character: string): Glyph => {
    const glyph = glyphs.get(character);
    strictAssert(glyph, 'the subset was made for this text');
    return glyph;
  };
  return {
    document,
    ref: onlyFont(document),
    encode: (text) => [...text].map((character) => glyphOf(character).hex).join(''),
    measure: (text, size) => [...text].reduce((sum, character) => sum + glyphOf(character).width * size, 0),
  };
}

const names: Record<FontStyle, string> = { regular: 'Tinos-Regular', bold: 'Tinos-Bold' };

function onlyFont(document: PdfDocument): PdfRef {
  const resources = document.getDict(firstPage(document).dict, 'Resources');
  const fonts = resources && document.getDict(resources, 'Font');
  const [font] = fonts instanceof PdfDict ? fonts.entries.values() : [];
  strictAssert(font instanceof PdfRef, 'our own template names its font');
  return font;
}

/** Six capitals that name a subset (ISO 32000-1, 9.6.4); the same glyphs give the same tag. */
function subsetTag(alphabet: string): string {
  const digest = createHash('sha256').update(alphabet).digest();
  return [...digest.subarray(0, 6)].map((byte) => String.fromCharCode(0x41 + (byte % 26))).join('');
}
