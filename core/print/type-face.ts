import type { PDFFont } from 'pdf-lib';
import { showOutsideText } from '../shared/outside-text.ts';

interface Glyph {
  /** Code in the font, hexadecimal. */
  readonly hex: string;
  /** Width at size 1. */
  readonly width: number;
}

/** What stands for a character that the font has not. */
const STAND_IN = '?';

/**
 * A font of a printed document, one glyph a character: Vietnamese in NFC needs no shaping, and thousands of lines are measured
 * and written from a table instead of being laid out again and again.
 */
export class TypeFace {
  readonly #font: PDFFont;
  readonly #known: ReadonlySet<number>;
  readonly #glyphs = new Map<string, Glyph>();

  constructor(font: PDFFont) {
    this.#font = font;
    this.#known = new Set(font.getCharacterSet());
  }

  /**
   * The text as it can be written: composed, with a sign for what the font has not and for what deceives. Names in files hold
   * anything. Line ends stay.
   */
  drawable(text: string): string {
    return text
      .normalize('NFC')
      .replaceAll(/\r\n?/g, '\n')
      .replaceAll('\t', ' ')
      .split('\n')
      .map((line) =>
        [...showOutsideText(line)].map((each) => (this.#isKnown(each) ? each : STAND_IN)).join(''),
      )
      .join('\n');
  }

  /** Width of a drawable text in points at a size in points. */
  width(text: string, size: number): number {
    let width = 0;
    for (const character of text) width += this.#glyph(character).width;
    return width * size;
  }

  /** A drawable text in the font's codes, hexadecimal. */
  encode(text: string): string {
    let hex = '';
    for (const character of text) hex += this.#glyph(character).hex;
    return hex;
  }

  #isKnown(character: string): boolean {
    return this.#known.has(character.codePointAt(0) ?? 0);
  }

  #glyph(character: string): Glyph {
    const known = this.#glyphs.get(character);
    if (known) return known;
    const glyph = {
      hex: this.#font.encodeText(character).asString(),
      width: this.#font.widthOfTextAtSize(character, 1),
    };
    this.#glyphs.set(character, glyph);
    return glyph;
  }
}
