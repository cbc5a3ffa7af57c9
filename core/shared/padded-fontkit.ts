/* oxlint-disable no-underscore-dangle -- the subsetter's own member name */
import fontkit from '@pdf-lib/fontkit';

/** The parts of fontkit's TrueType subset that are touched here. */
interface GlyphSubset {
  glyf: Uint8Array[];
  offset: number;
  _addGlyph?(glyphId: number): number;
}
interface SubsettableFont {
  createSubset(): GlyphSubset;
}

/**
 * `@pdf-lib/fontkit` for `PDFDocument.registerFontkit`, with a defect of its subsetter mended: it writes the
 * short `loca` table (offsets halved) but does not pad glyphs of odd length, so that with fonts whose glyphs
 * are not padded (Tinos) most letters come out blank although the text can still be extracted.
 * Every glyph is padded to an even length here.
 */
export const paddedFontkit: typeof fontkit = {
  ...fontkit,
  create: (data: Uint8Array, postscriptName?: string) => {
    const font = fontkit.create(data, postscriptName);
    const subsettable = font as unknown as SubsettableFont;
    const createSubset = subsettable.createSubset.bind(font);
    subsettable.createSubset = () => {
      const subset = createSubset();
      const addGlyph = subset._addGlyph?.bind(subset);
      if (!addGlyph) return subset;
      subset._addGlyph = (glyphId) => {
        const at = addGlyph(glyphId);
        const glyph = subset.glyf[at];
        if (glyph && glyph.length % 2 === 1) {
          const padded = new Uint8Array(glyph.length + 1);
          padded.set(glyph);
          // Its stream takes only the Buffer class that the package carries along.
          Object.setPrototypeOf(padded, Object.getPrototypeOf(glyph) as object);
          subset.glyf[at] = padded;
          subset.offset += 1;
        }
        return at;
      };
      return subset;
    };
    return font;
  },
};
