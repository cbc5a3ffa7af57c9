import { bufferSource } from '../../pdf/byte-source.ts';
import type { PdfDocument } from '../../pdf/document.ts';
import { ObjectParser } from '../../pdf/object-parser.ts';
import { PdfName, PdfString, type PdfObject, type PdfStream } from '../../pdf/objects.ts';

/** A string that an appearance shows, placed in the units of its box. */
export interface TextRun {
  /** Name of the font among the resources. */
  readonly font: string;
  readonly bytes: Uint8Array;
  readonly x: number;
  readonly y: number;
  /** How far the letters are raised above their line. */
  readonly rise: number;
  /** Height of the letters as drawn, and the stretch of their widths. */
  readonly size: number;
  readonly stretch: number;
  /** Brightness of the letters, 0 black to 1 white. */
  readonly gray: number;
  /** Where drawing is cut off: left, bottom, right, top. */
  readonly clip: Box;
  /** Space added behind each letter and each blank, as drawn. */
  readonly characterSpace: number;
  readonly wordSpace: number;
  /** Steps back and forth between the letters in all, as drawn. */
  readonly kerning: number;
  /** Set when it goes on where the string before it ended. */
  readonly continues: boolean;
}

export type Box = readonly [left: number, bottom: number, right: number, top: number];

/** What an appearance draws: text, and rectangles painted before it. */
export interface DrawnText {
  readonly runs: readonly TextRun[];
  /** Brightness of the grounds painted over the whole box. */
  readonly grounds: readonly number[];
  readonly stroked: boolean;
}

const maximumBytes = 256 * 1024;
const maximumTokens = 20_000;
const maximumDepth = 16;

interface Graphics {
  readonly font: string | undefined;
  readonly size: number;
  readonly characterSpace: number;
  readonly wordSpace: number;
  readonly stretch: number;
  readonly leading: number;
  readonly rise: number;
  readonly gray: number;
  readonly lineWidth: number;
  readonly clip: Box;
}

/** Thrown inside only: the appearance does more than place text. */
class Unfit extends Error {}

const unfit = (): never => {
  throw new Unfit();
};

/**
 * Follows the content of a field's appearance. Undefined when it does anything but show upright text from left to right and
 * from top to bottom, and paint or border its box before: no images, curves, layers, turned, mirrored, overlaid or
 * unreadably small letters (findings/pdf-attacks.md, "value versus appearance").
 */
export function readTextRuns(pdf: PdfDocument, stream: PdfStream, box: Box): DrawnText | undefined {
  const bytes = pdf.decodeStream(stream);
  if (bytes.length > maximumBytes) return undefined;
  try {
    return new Interpreter(pdf, box).run(bytes);
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

const smallestSize = 2;
/** Width of a border, and how far inside the box it may run; as a part of the box, too, which may be small and drawn large. */
const [thickestBorder, thickestShare] = [3, 0.2];
/** Backward step in thousandths of the size that kerning may take: a narrow digit stays in its place. */
const largestKern = 150;

/**
 * How many operands each operator takes (ISO 32000-1 annex A). Of more, MuPDF, poppler and pdf.js take the last, others the first, so none
 * may be left over.
 */
const operandCounts: Readonly<Record<string, number>> = {
  BMC: 1, EMC: 0, q: 0, Q: 0, g: 1, rg: 3, k: 4, G: 1, RG: 3, K: 4, w: 1, d: 2, j: 1, J: 1, M: 1, i: 1, ri: 1, re: 4,
  W: 0, 'W*': 0, n: 0, f: 0, 'f*': 0, S: 0, s: 0, b: 0, B: 0, BT: 0, ET: 0, Tf: 2, Tc: 1, Tw: 1, Tz: 1, TL: 1, Ts: 1, Tm: 6,
  Td: 2, TD: 2, 'T*': 0, Tj: 1, TJ: 1, "'": 1, '"': 3,
}; // prettier-ignore

/** What may not stand inside a text (ISO 32000-1 figure 9): readers keep or lose their place at it. */
const outsideText: ReadonlySet<string> = new Set([
  'q', 'Q', 're', 'W', 'W*', 'n', 'f', 'f*', 'S', 's', 'b', 'B', 'BT',
]); // prettier-ignore

/** Where the next letter stands. */
interface Line {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly stretch: number;
  /** Set when letters stand before it. */
  readonly begun: boolean;
  /** Steps back since the last letter, in thousandths of the size. */
  readonly back: number;
}

class Interpreter {
  readonly #pdf: PdfDocument;
  readonly #box: Box;
  readonly #runs: TextRun[] = [];
  readonly #saved: Graphics[] = [];
  #state: Graphics;
  #line: Line | undefined;
  #path: Box[] = [];
  #clips = false;
  readonly #thickest: number;
  readonly #grounds: number[] = [];
  #stroked = false;

  constructor(pdf: PdfDocument, clip: Box) {
    this.#pdf = pdf;
    this.#box = clip;
    const [left, bottom, right, top] = clip;
    this.#thickest = Math.min(thickestBorder, thickestShare * Math.min(right - left, top - bottom));
    this.#state = {
      font: undefined, size: 0, characterSpace: 0, wordSpace: 0, stretch: 1, leading: 0, rise: 0, gray: 0, lineWidth: 1, clip,
    }; // prettier-ignore
  }

  run(bytes: Uint8Array): DrawnText {
    const source = bufferSource(bytes);
    const parser = new ObjectParser(source, 0, this.#pdf.limits, 'none');
    let operands: PdfObject[] = [];
    for (let tokens = 0; tokens < maximumTokens; tokens++) {
      parser.skipSpace();
      const byte = source.byteAt(parser.position);
      if (byte < 0) return { runs: this.#runs, grounds: this.#grounds, stroked: this.#stroked };
      if (/[A-Za-z'"*]/.test(String.fromCharCode(byte))) {
        this.#operator(parser.keyword(), operands);
        operands = [];
      } else operands.push(parser.object());
    }
    return unfit();
  }

  #operator(name: string, operands: readonly PdfObject[]): void {
    const number = (index: number): number => {
      const value = operands[index];
      return typeof value === 'number' ? value : unfit();
    };
    // Readers take what is beyond white for white.
    const part = (index: number): number => Math.min(1, Math.max(0, number(index)));
    const set = (changes: Partial<Graphics>): void => {
      this.#state = { ...this.#state, ...changes };
    };
    if (!Object.hasOwn(operandCounts, name) || operands.length !== operandCounts[name]) unfit();
    if (this.#line && outsideText.has(name)) unfit();
    switch (name) {
      case 'BMC': case 'EMC':
        return;
      case 'q':
        if (this.#saved.push(this.#state) > maximumDepth) unfit();
        return;
      case 'Q':
        this.#state = this.#saved.pop() ?? unfit();
        return;
      case 'g':
        return set({ gray: part(0) });
      case 'rg':
        return set({ gray: 0.3 * part(0) + 0.59 * part(1) + 0.11 * part(2) });
      case 'k':
        return set({ gray: Math.max(0, 1 - 0.3 * part(0) - 0.59 * part(1) - 0.11 * part(2) - part(3)) });
      case 'w':
        return set({ lineWidth: number(0) });
      case 'G': case 'RG': case 'K': case 'd': case 'j': case 'J': case 'M': case 'i': case 'ri':
        return;
      case 're':
        this.#path.push([number(0), number(1), number(0) + number(2), number(1) + number(3)]);
        return;
      case 'W': case 'W*':
        this.#clips = true;
        return;
      case 'n': case 'f': case 'f*': case 'S': case 's': case 'b': case 'B':
        return this.#endPath(name);
      case 'BT':
        this.#line = { x: 0, y: 0, scale: 1, stretch: 1, begun: false, back: 0 };
        return;
      case 'ET':
        this.#line = undefined;
        return;
      case 'Tf': {
        const [font] = operands;
        return set({ font: font instanceof PdfName ? font.value : unfit(), size: number(1) });
      }
      case 'Tc':
        return set({ characterSpace: number(0) });
      case 'Tw':
        return set({ wordSpace: number(0) });
      case 'Tz':
        return set({ stretch: number(0) / 100 });
      case 'TL':
        return set({ leading: number(0) });
      case 'Ts':
        return set({ rise: number(0) });
      case 'Tm':
        return this.#setMatrix([0, 1, 2, 3, 4, 5].map(number));
      case 'Td':
        return this.#move(number(0), number(1));
      case 'TD':
        set({ leading: -number(1) });
        return this.#move(number(0), number(1));
      case 'T*':
        return this.#move(0, -this.#state.leading);
      case 'Tj':
        return this.#show(operands);
      case 'TJ':
        return this.#show(Array.isArray(operands[0]) ? operands[0] : unfit());
      case "'":
        this.#move(0, -this.#state.leading);
        return this.#show(operands);
      case '"':
        set({ wordSpace: number(0), characterSpace: number(1) });
        this.#move(0, -this.#state.leading);
        return this.#show(operands.slice(2, 3));
      default:
        unfit();
    }
  } // prettier-ignore

  /** A path of rectangles: painted before any text, or one that cuts off what follows. */
  #endPath(operator: string): void {
    const paints = operator !== 'n';
    if (paints && (this.#clips || this.#runs.length > 0)) unfit();
    // Anything but the whole box and its edge would be a part of what is read.
    if (paints && !this.#path.every((box) => this.#isWholeBox(box))) unfit();
    if (paints && !operator.startsWith('f')) {
      if (this.#state.lineWidth > this.#thickest) unfit();
      this.#stroked = true;
    }
    if (paints && !/^s$/i.test(operator)) this.#grounds.push(this.#state.gray);
    if (this.#clips) {
      const [only, ...more] = this.#path;
      if (!only || more.length > 0) return unfit();
      const [a, b, c, d] = this.#state.clip;
      const clip: Box = [
        Math.max(a, Math.min(only[0], only[2])), Math.max(b, Math.min(only[1], only[3])),
        Math.min(c, Math.max(only[0], only[2])), Math.min(d, Math.max(only[1], only[3])),
      ]; // prettier-ignore
      this.#state = { ...this.#state, clip };
    }
    this.#path = [];
    this.#clips = false;
  }

  #isWholeBox([a, b, c, d]: Box): boolean {
    const [left, bottom, right, top] = this.#box;
    const edges = [
      Math.min(a, c) - left,
      Math.min(b, d) - bottom,
      right - Math.max(a, c),
      top - Math.max(b, d),
    ];
    return edges.every((distance) => distance <= this.#thickest);
  }

  #setMatrix([a = 0, b = 0, c = 0, d = 0, x = 0, y = 0]: readonly number[]): void {
    if (!this.#line || b !== 0 || a <= 0 || d <= 0 || Math.abs(c) > 0.5 * d) unfit();
    this.#line = { x, y, scale: d, stretch: a / d, begun: false, back: 0 };
  }

  #move(x: number, y: number): void {
    const line = this.#line ?? unfit();
    const begun = line.begun && x === 0 && y === 0;
    this.#line = {
      ...line,
      begun,
      back: begun ? line.back : 0,
      x: line.x + x * line.scale * line.stretch,
      y: line.y + y * line.scale,
    };
  }

  #show(parts: readonly PdfObject[]): void {
    const line = this.#line ?? unfit();
    const { font, gray, clip, characterSpace, wordSpace, stretch, size, rise } = this.#state;
    const strings: Uint8Array[] = [];
    let [kerning, back] = [0, line.back];
    for (const part of parts) {
      if (part instanceof PdfString) {
        strings.push(part.bytes);
        if (part.bytes.length > 0) back = 0;
      } else if (typeof part === 'number') {
        kerning -= part / 1000;
        back += part;
      } else unfit();
      // Many small steps lead over what is written as well as one.
      if (back > largestKern) unfit();
    }
    const bytes = Buffer.concat(strings);
    if (bytes.length === 0) return kerning === 0 ? undefined : unfit();
    const drawn = size * line.scale;
    const squeezed = line.stretch * stretch;
    const isReadable = drawn >= smallestSize && squeezed >= 0.4 && squeezed <= 3;
    // Raised letters are still read in their order; far ones are not in the line any more.
    const isInLine = Math.abs(rise) <= 0.5 * size;
    if (
      font === undefined ||
      !isReadable ||
      !isInLine ||
      characterSpace < -0.1 * size ||
      wordSpace < -0.2 * size
    )
      return unfit();
    const across = line.scale * squeezed;
    this.#runs.push({
      font, bytes, x: line.x, y: line.y, rise: rise * line.scale, size: drawn, stretch: squeezed, gray, clip, continues: line.begun,
      characterSpace: characterSpace * across, wordSpace: wordSpace * across, kerning: kerning * drawn * squeezed,
    }); // prettier-ignore
    this.#line = { ...line, begun: true, back };
  }
}
