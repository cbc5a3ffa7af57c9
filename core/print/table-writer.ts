import { breakLines } from './break-lines.ts';
import { PageContent, type Style } from './page-content.ts';
import type { PrintedDocument } from './printed-document.ts';

const mm = 72 / 25.4;

/** A4 on its side in points; the left margin is wide enough for binding. */
export const landscape = {
  width: 297 * mm,
  height: 210 * mm,
  left: 20 * mm,
  right: 10 * mm,
  top: 16 * mm,
  bottom: 15 * mm,
};

const padding = 1.2 * mm;
const leading = 1.2;
const size = 10;
const headSize = 9.5;
const lineHeight = size * leading;
const border = 0.5;
/** A cut row shows at least so many of its lines on the page where it begins. */
const FEWEST_LINES = 4;
const CONTINUED = '(tiếp)';

export interface Column {
  readonly head: string;
  /** Millimetres. */
  readonly width: number;
  readonly align: 'left' | 'centre';
}

export interface Cell {
  readonly text: string;
  /** A line through the words: what no longer holds and stays legible. */
  readonly struck?: boolean;
  readonly style?: Style;
}

interface TableOptions {
  readonly columns: readonly Column[];
  /** At the top of every page, left and right. */
  readonly running: readonly [left: string, right: string];
  /** Millimetres; room for a pen. */
  readonly leastRow: number;
  /** The column that names a row: it stands again where a cut row goes on. */
  readonly namedBy: number;
}

interface LaidCell {
  readonly lines: readonly string[];
  readonly style: Style;
  readonly struck: boolean;
}

/**
 * Writes rows into a ruled table over as many pages as they take; every page repeats the heads and numbers them (1), (2) …
 * A row goes to the next page whole; only one taller than half a page is cut, and goes on below the heads of the next.
 */
export class TableWriter {
  readonly #document: PrintedDocument;
  readonly #options: TableOptions;
  /** Left edges of the columns and the right edge of the last. */
  readonly #edges: readonly number[];
  #content: PageContent | undefined;
  #y = 0;
  #top = 0;

  constructor(document: PrintedDocument, options: TableOptions) {
    this.#document = document;
    this.#options = options;
    this.#edges = options.columns.reduce(
      (edges, column) => [...edges, (edges.at(-1) ?? 0) + column.width * mm],
      [landscape.left],
    );
  }

  row(cells: readonly Cell[]): void {
    const laid = cells.map((cell, index) => this.#lay(cell, index));
    const all = Math.max(...laid.map(({ lines }) => lines.length));
    const least = this.#options.leastRow * mm;
    const heightOf = (count: number): number => Math.max(least, count * lineHeight + 2 * padding);
    let content = this.#content ?? this.#beginPage();
    const roomFor = (): number => Math.floor((this.#y - landscape.bottom - 2 * padding) / lineHeight);
    const fits = this.#y - heightOf(all) >= landscape.bottom;
    const mayBeCut = heightOf(all) > (this.#top - landscape.bottom) / 2 && roomFor() >= FEWEST_LINES;
    if (!fits && !mayBeCut && this.#y < this.#top) content = this.#nextPage();
    for (let from = 0; from < all;) {
      const count = Math.min(all - from, roomFor());
      this.#drawPart(content, laid, from, count, heightOf(count));
      from += count;
      if (from < all) content = this.#nextPage();
    }
  }

  /** Text below the table, over its whole width, on one page when it is shorter than one. */
  note(text: string): void {
    const face = this.#document.faces.regular;
    const width = (this.#edges.at(-1) ?? 0) - landscape.left;
    const lines = breakLines(face.drawable(text), (part) => face.width(part, size), width);
    let content = this.#content ?? this.#beginPage();
    if (this.#y - (lines.length + 1) * lineHeight < landscape.bottom)
      content = this.#nextPage('without-heads');
    this.#y -= lineHeight / 2;
    for (const line of lines) {
      this.#y -= lineHeight;
      content.text(line, { x: landscape.left, y: this.#y }, { style: 'regular', size });
    }
  }

  /** Ends the last page. */
  end(): void {
    if (this.#content) this.#document.addPage(landscape, this.#content);
    this.#content = undefined;
  }

  #nextPage(heads?: 'without-heads'): PageContent {
    this.end();
    return this.#beginPage(heads);
  }

  #beginPage(heads?: 'without-heads'): PageContent {
    const content = new PageContent(this.#document.faces);
    this.#content = content;
    const face = this.#document.faces.regular;
    const [left, right] = this.#options.running.map((text) => face.drawable(text)) as [string, string];
    const y = landscape.height - landscape.top + 2 * mm;
    const rightEdge = this.#edges.at(-1) ?? 0;
    content.text(left, { x: landscape.left, y }, { style: 'regular', size: 9 });
    content.text(right, { x: rightEdge - face.width(right, 9), y }, { style: 'regular', size: 9 });
    this.#y = landscape.height - landscape.top;
    if (heads !== 'without-heads') this.#drawHeads(content);
    this.#top = this.#y;
    return content;
  }

  #drawHeads(content: PageContent): void {
    const { columns } = this.#options;
    const face = this.#document.faces.bold;
    const heads = columns.map(({ head, width }) =>
      breakLines(face.drawable(head), (part) => face.width(part, headSize), width * mm - 2 * padding),
    );
    const rows = Math.max(...heads.map((lines) => lines.length));
    const height = rows * headSize * leading + 2 * padding;
    for (const [index, lines] of heads.entries()) {
      const above = (rows - lines.length) / 2;
      for (const [row, line] of lines.entries())
        this.#drawHead(content, line, index, this.#y - padding - (above + row + 0.8) * headSize * leading);
    }
    this.#rule(content, height);
    const numbers = headSize * leading + padding;
    for (const index of columns.keys())
      this.#drawHead(content, `(${index + 1})`, index, this.#y - padding / 2 - 0.8 * headSize * leading);
    this.#rule(content, numbers);
  }

  #drawHead(content: PageContent, text: string, column: number, y: number): void {
    const style = /^\(\d+\)$/.test(text) ? 'regular' : 'bold';
    const [left, width] = this.#span(column);
    const slack = (width - this.#document.faces[style].width(text, headSize)) / 2;
    content.text(text, { x: left + slack, y }, { style, size: headSize });
  }

  #lay({ text, struck = false, style = 'regular' }: Cell, column: number): LaidCell {
    const face = this.#document.faces[style];
    const [, width] = this.#span(column);
    const lines = breakLines(face.drawable(text), (part) => face.width(part, size), width - 2 * padding);
    return { lines, style, struck };
  }

  #drawPart(
    content: PageContent,
    cells: readonly LaidCell[],
    from: number,
    count: number,
    height: number,
  ): void {
    for (const [index, { lines, style, struck }] of cells.entries()) {
      const [left, width] = this.#span(index);
      const face = this.#document.faces[style];
      const goesOn = from > 0 && index === this.#options.namedBy;
      const shown = goesOn ? [...lines, CONTINUED] : lines.slice(from, from + count);
      for (const [row, line] of shown.entries()) {
        const lineWidth = face.width(line, size);
        const centred = this.#options.columns[index]?.align === 'centre';
        const x = centred ? left + (width - lineWidth) / 2 : left + padding;
        const y = this.#y - padding - (row + 0.8) * lineHeight;
        content.text(line, { x, y }, { style, size });
        const middle = y + size * 0.25;
        if (struck && line !== '') content.line({ x, y: middle }, { x: x + lineWidth, y: middle }, border);
      }
    }
    this.#rule(content, height);
  }

  /** The lines around a row that begins at `#y`; what follows stands below it. */
  #rule(content: PageContent, height: number): void {
    const [top, bottom] = [this.#y, this.#y - height];
    const [first = 0, last = 0] = [this.#edges[0], this.#edges.at(-1)];
    content.line({ x: first, y: top }, { x: last, y: top }, border);
    content.line({ x: first, y: bottom }, { x: last, y: bottom }, border);
    for (const x of this.#edges) content.line({ x, y: top }, { x, y: bottom }, border);
    this.#y = bottom;
  }

  #span(column: number): readonly [left: number, width: number] {
    const [left = 0, right = 0] = this.#edges.slice(column, column + 2);
    return [left, right - left];
  }
}
