import { breakLines } from './break-lines.ts';
import { PageContent, type Style } from './page-content.ts';
import { type DocumentFacts, PrintedDocument } from './printed-document.ts';

/** A4 in points, with the margins of Nghị định 30 (left 30 mm for the file, the rest 20 mm). */
const page = { width: 595.28, height: 841.89, left: 85.04, right: 56.69, top: 56.69, bottom: 56.69 };
const leading = 1.35;

interface LineOptions {
  readonly style?: Style;
  readonly size?: number;
  /** Points from the left margin. */
  readonly indent?: number;
  readonly align?: 'left' | 'centre';
  /** Points of air above. */
  readonly space?: number;
}

/** Writes paragraphs down A4 pages; long words are broken, pages are numbered at the end. */
export class SheetWriter {
  readonly #document: PrintedDocument;
  #content: PageContent | undefined;
  #y = 0;

  private constructor(document: PrintedDocument) {
    this.#document = document;
  }

  static async open(facts: DocumentFacts): Promise<SheetWriter> {
    return new SheetWriter(await PrintedDocument.open(facts));
  }

  /** One paragraph, broken into lines. */
  paragraph(text: string, options: LineOptions = {}): void {
    const { style = 'regular', size = 12, indent = 0, align = 'left', space = 0 } = options;
    const face = this.#document.faces[style];
    const width = page.width - page.left - page.right - indent;
    this.#y -= space;
    for (const line of breakLines(face.drawable(text), (part) => face.width(part, size), width)) {
      const target = this.#roomFor(size * leading);
      const slack = align === 'centre' ? (width - face.width(line, size)) / 2 : 0;
      this.#y -= size * leading;
      target.text(line, { x: page.left + indent + slack, y: this.#y }, { style, size });
    }
  }

  /** `label: value`, the label bold and on one page with the value's beginning. */
  entry(label: string, value: string, indent = 0): void {
    this.#roomFor(2 * 11 * leading + 2);
    this.paragraph(`${label}:`, { style: 'bold', size: 11, indent, space: 2 });
    this.paragraph(value, { size: 11, indent: indent + 14 });
  }

  /** `label: value` in one line where it fits, the label regular and the value bold at the right margin. */
  figure(label: string, value: string, indent = 0): void {
    const size = 12;
    const { regular, bold } = this.#document.faces;
    const [words, number] = [regular.drawable(label), bold.drawable(value)];
    const room = page.width - page.left - page.right - indent;
    const valueWidth = bold.width(number, size);
    const lines = breakLines(words, (part) => regular.width(part, size), room - valueWidth - size);
    for (const [index, line] of lines.entries()) {
      const target = this.#roomFor(size * leading);
      this.#y -= size * leading;
      target.text(line, { x: page.left + indent, y: this.#y }, { style: 'regular', size });
      if (index > 0) continue;
      target.text(number, { x: page.width - page.right - valueWidth, y: this.#y }, { style: 'bold', size });
    }
  }

  rule(): void {
    const target = this.#roomFor(14);
    this.#y -= 7;
    target.line({ x: page.left, y: this.#y }, { x: page.width - page.right, y: this.#y }, 0.5);
  }

  async save(): Promise<Uint8Array> {
    this.#endPage();
    this.#document.numberPages({ right: page.width - page.right, y: page.bottom / 2, unnumbered: 0 });
    return await this.#document.save();
  }

  #endPage(): void {
    if (this.#content) this.#document.addPage(page, this.#content);
    this.#content = undefined;
  }

  #roomFor(height: number): PageContent {
    if (this.#content && this.#y - height >= page.bottom) return this.#content;
    this.#endPage();
    this.#content = new PageContent(this.#document.faces);
    this.#y = page.height - page.top;
    return this.#content;
  }
}
