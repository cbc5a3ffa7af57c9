import type { TypeFace } from './type-face.ts';

/** The styles of the one font that is printed in. */
export type Style = 'regular' | 'bold';

/** Names in the resources of every page. */
export const resourceNames = { regular: 'F1', bold: 'F2', gray: 'Gray' } as const;

/** Opens every content stream: black in a calibrated space, so that no colour depends on the device (PDF/A). */
const black = `/${resourceNames.gray} cs 0 sc /${resourceNames.gray} CS 0 SC\n`;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn on one page, as the text of a content stream; places in points from the bottom left. */
export class PageContent {
  readonly #faces: Readonly<Record<Style, TypeFace>>;
  readonly #parts: string[] = [black];

  constructor(faces: Readonly<Record<Style, TypeFace>>) {
    this.#faces = faces;
  }

  /** One line of drawable text with its baseline at `at`. */
  text(line: string, at: Point, { style, size }: { readonly style: Style; readonly size: number }): void {
    if (line === '') return;
    const hex = this.#faces[style].encode(line);
    this.#parts.push(
      `BT /${resourceNames[style]} ${size} Tf 1 0 0 1 ${at.x.toFixed(2)} ${at.y.toFixed(2)} Tm <${hex}> Tj ET\n`,
    );
  }

  line(from: Point, to: Point, thickness: number): void {
    const [start, end] = [from, to].map(({ x, y }) => `${x.toFixed(2)} ${y.toFixed(2)}`);
    this.#parts.push(`${thickness} w ${start} m ${end} l S\n`);
  }

  toString(): string {
    return this.#parts.join('');
  }
}
