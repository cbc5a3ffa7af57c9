import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PDFDocument, PDFFont, PDFPage } from 'pdf-lib';
import { alignedFontkit } from '../../signing/appearance/aligned-fontkit.ts';

/** A4 in points, with the margins of Nghị định 30 (left 30 mm for the file, the rest 20 mm). */
const page = { width: 595.28, height: 841.89, left: 85.04, right: 56.69, top: 56.69, bottom: 56.69 };
const leading = 1.35;

type Style = 'regular' | 'bold';

interface LineOptions {
  readonly style?: Style;
  readonly size?: number;
  /** Points from the left margin. */
  readonly indent?: number;
  readonly align?: 'left' | 'centre';
  /** Points of air above. */
  readonly space?: number;
}

/** Writes paragraphs down A4 pages with a Times-metric font that has Vietnamese; long words are broken. */
export class SheetWriter {
  readonly #document: PDFDocument;
  readonly #fonts: Readonly<Record<Style, PDFFont>>;
  readonly #known: Readonly<Record<Style, ReadonlySet<number>>>;
  #page: PDFPage | undefined;
  #y = 0;

  private constructor(document: PDFDocument, fonts: Readonly<Record<Style, PDFFont>>) {
    this.#document = document;
    this.#fonts = fonts;
    this.#known = {
      regular: new Set(fonts.regular.getCharacterSet()),
      bold: new Set(fonts.bold.getCharacterSet()),
    };
  }

  static async open(title: string): Promise<SheetWriter> {
    const { PDFDocument } = await import('pdf-lib');
    const document = await PDFDocument.create();
    document.registerFontkit(alignedFontkit);
    document.setTitle(title, { showInWindowTitleBar: true });
    document.setLanguage('vi-VN');
    const embed = (file: string): Promise<PDFFont> => document.embedFont(readFont(file), { subset: true });
    const regular = await embed('400Regular/Tinos_400Regular.ttf');
    const bold = await embed('700Bold/Tinos_700Bold.ttf');
    return new SheetWriter(document, { regular, bold });
  }

  /** One paragraph, broken into lines. */
  paragraph(text: string, options: LineOptions = {}): void {
    const { style = 'regular', size = 12, indent = 0, align = 'left', space = 0 } = options;
    const font = this.#fonts[style];
    const width = page.width - page.left - page.right - indent;
    this.#y -= space;
    for (const line of this.#break(this.#drawable(text, style), font, size, width)) {
      const target = this.#roomFor(size * leading);
      const slack = align === 'centre' ? (width - font.widthOfTextAtSize(line, size)) / 2 : 0;
      this.#y -= size * leading;
      target.drawText(line, { x: page.left + indent + slack, y: this.#y, size, font });
    }
  }

  /** `label: value`, the label bold and on one page with the value's beginning. */
  entry(label: string, value: string, indent = 0): void {
    this.#roomFor(2 * 11 * leading + 2);
    this.paragraph(`${label}:`, { style: 'bold', size: 11, indent, space: 2 });
    this.paragraph(value, { size: 11, indent: indent + 14 });
  }

  rule(): void {
    const target = this.#roomFor(14);
    this.#y -= 7;
    const start = { x: page.left, y: this.#y };
    target.drawLine({ start, end: { x: page.width - page.right, y: this.#y }, thickness: 0.5 });
  }

  async save(): Promise<Uint8Array> {
    const pages = this.#document.getPages();
    const font = this.#fonts.regular;
    for (const [index, target] of pages.entries()) {
      const text = `Trang ${index + 1}/${pages.length}`;
      const x = page.width - page.right - font.widthOfTextAtSize(text, 9);
      target.drawText(text, { x, y: page.bottom / 2, size: 9, font });
    }
    return await this.#document.save();
  }

  #roomFor(height: number): PDFPage {
    if (this.#page && this.#y - height >= page.bottom) return this.#page;
    this.#page = this.#document.addPage([page.width, page.height]);
    this.#y = page.height - page.top;
    return this.#page;
  }

  /** Names in files hold anything: what the font has not becomes a box that says so. */
  #drawable(text: string, style: Style): string {
    const known = this.#known[style];
    return [...text.normalize('NFC')]
      .map((character) => (known.has(character.codePointAt(0) ?? 0) ? character : '?'))
      .join('');
  }

  #break(text: string, font: PDFFont, size: number, width: number): string[] {
    const fits = (line: string): boolean => font.widthOfTextAtSize(line, size) <= width;
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      const longer = line ? `${line} ${word}` : word;
      if (fits(longer)) {
        line = longer;
        continue;
      }
      if (line) lines.push(line);
      line = '';
      for (const character of word) {
        if (!fits(line + character)) {
          lines.push(line);
          line = '';
        }
        line += character;
      }
    }
    return [...lines, line];
  }
}

function readFont(file: string): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(`@expo-google-fonts/tinos/${file}`));
}
