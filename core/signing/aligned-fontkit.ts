import fontkit from '@pdf-lib/fontkit';

/** The parts of fontkit's TrueType subset that its `encodeStream` fills, one glyph after another. */
interface GlyphCollector {
  glyf: Uint8Array[];
  offset: number;
  _addGlyph(glyphId: number): number;
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
  return '_addGlyph' in subset && typeof subset._addGlyph === 'function';
}

function padGlyphs(subset: GlyphCollector): void {
  const addGlyph = subset._addGlyph.bind(subset);
  subset._addGlyph = (glyphId) => {
    const index = addGlyph(glyphId);
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
