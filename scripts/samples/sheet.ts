import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { PDFDocument, rgb, type Color, type PDFFont, type PDFPage } from 'pdf-lib';
import { alignedFontkit } from '../../core/signing/appearance/aligned-fontkit.ts';

/** Points in a millimetre. */
export const MM = 72 / 25.4;
/** A4 in millimetres. */
export const A4 = { width: 210, height: 297 } as const;

export type FontStyle = 'regular' | 'italic' | 'bold' | 'boldItalic';
type Fonts = Readonly<Record<FontStyle, PDFFont>>;

const fontFiles: Record<FontStyle, string> = {
  regular: '400Regular/Tinos_400Regular.ttf',
  italic: '400Regular_Italic/Tinos_400Regular_Italic.ttf',
  bold: '700Bold/Tinos_700Bold.ttf',
  boldItalic: '700Bold_Italic/Tinos_700Bold_Italic.ttf',
};

export const ink = {
  black: rgb(0.05, 0.05, 0.06),
  blue: rgb(0.1, 0.18, 0.62),
  red: rgb(0.86, 0.1, 0.13),
} as const;

/** How a line of text is set; sizes in points, places in millimetres from the page's top left. */
export interface TextStyle {
  readonly size: number;
  readonly font: FontStyle;
  readonly color?: Color;
}

/** A PDF being drawn, with Tinos (Times metrics) in four styles and millimetres from the top left. */
export class Sheet {
  readonly document: PDFDocument;
  readonly fonts: Fonts;
  page: PDFPage;

  constructor(document: PDFDocument, fonts: Fonts) {
    this.document = document;
    this.fonts = fonts;
    this.page = document.addPage([A4.width * MM, A4.height * MM]);
  }

  static async create(date: Date): Promise<Sheet> {
    const document = await PDFDocument.create({ updateMetadata: false });
    document.registerFontkit(alignedFontkit);
    document.setCreationDate(date);
    document.setModificationDate(date);
    const require = createRequire(import.meta.url);
    const embed = async (style: FontStyle) =>
      document.embedFont(await readFile(require.resolve(`@expo-google-fonts/tinos/${fontFiles[style]}`)), {
        subset: true,
      });
    const fonts = {
      regular: await embed('regular'),
      italic: await embed('italic'),
      bold: await embed('bold'),
      boldItalic: await embed('boldItalic'),
    };
    return new Sheet(document, fonts);
  }

  addPage(): void {
    this.page = this.document.addPage([A4.width * MM, A4.height * MM]);
  }

  /** Width in millimetres. */
  width(text: string, { font, size }: TextStyle): number {
    return this.fonts[font].widthOfTextAtSize(text.normalize('NFC'), size) / MM;
  }

  /** Draws with the baseline at `y`. */
  text(text: string, x: number, y: number, style: TextStyle): void {
    this.page.drawText(text.normalize('NFC'), {
      x: x * MM,
      y: (A4.height - y) * MM,
      font: this.fonts[style.font],
      size: style.size,
      color: style.color ?? ink.black,
    });
  }

  centred(text: string, centre: number, y: number, style: TextStyle): void {
    this.text(text, centre - this.width(text, style) / 2, y, style);
  }

  rule(x0: number, x1: number, y: number, thickness = 0.6): void {
    const yPt = (A4.height - y) * MM;
    this.page.drawLine({
      start: { x: x0 * MM, y: yPt },
      end: { x: x1 * MM, y: yPt },
      thickness,
      color: ink.black,
    });
  }

  /** Breaks a text into lines no wider than `width` millimetres, the first one shorter by `indent`. */
  wrap(text: string, width: number, style: TextStyle, indent = 0): string[] {
    const lines: string[] = [];
    let line = '';
    for (const word of text.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`;
      const room = width - (lines.length === 0 ? indent : 0);
      if (line !== '' && this.width(longer, style) > room) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    if (line !== '') lines.push(line);
    return lines;
  }

  /** Sets one line word by word so that it fills `width` millimetres. */
  justified(line: string, x: number, y: number, width: number, style: TextStyle): void {
    const words = line.split(' ');
    const natural = words.reduce((sum, word) => sum + this.width(word, style), 0);
    const gap = words.length > 1 ? (width - natural) / (words.length - 1) : 0;
    let at = x;
    for (const word of words) {
      this.text(word, at, y, style);
      at += this.width(word, style) + gap;
    }
  }
}
