import fontkit from '@pdf-lib/fontkit';

/** Where fontkit's subset takes in a glyph. */
const addGlyph = '_addGlyph';

/** The parts of fontkit's TrueType subset that its `encodeStream` fills, one glyph after another. */
interface GlyphCollector {
  glyf: Uint8Array[];
  offset: number;
  [addGlyph](glyphId: number): number;
}

const ALIGNMENT = 4;

/**
 * fontkit with one repair: its TrueType subsets write short `loca` offsets, which count in pairs of bytes, but do
 * not pad glyphs, so that with a font like Tinos (glyphs of odd length) most glyphs come out empty. Here each
 * glyph is padded to four bytes.
 */
export const alignedFontkit = {
  create(bytes: Uint8Array, postscriptName?: string): ReturnType<typeof fontkit.create> {
    const font = fontkit.create(bytes, postscriptName);
    const createSubset = font.createSubset.bind(font);
    font.createSubset = () => {
      const subset = createSubset();
      if (isGlyphCollector(subset)) padGlyphs(subset);
      return subset;
    };
    return font;
  },
};

function isGlyphCollector(subset: object): subset is GlyphCollector {
  return addGlyph in subset && typeof subset[addGlyph] === 'function';
}

function padGlyphs(subset: GlyphCollector): void {
  const take = subset[addGlyph].bind(subset);
  subset[addGlyph] = (glyphId) => {
    const index = take(glyphId);
    const glyph = subset.glyf[index];
    const missing = glyph ? -glyph.length & (ALIGNMENT - 1) : 0;
    if (glyph && missing > 0) {
      const padded = new Uint8Array(glyph.length + missing);
      padded.set(glyph);
      // fontkit takes only buffers of the kind that it makes itself.
      Object.setPrototypeOf(padded, Object.getPrototypeOf(glyph) as object);
      subset.glyf[index] = padded;
      subset.offset += missing;
    }
    return index;
  };
}
