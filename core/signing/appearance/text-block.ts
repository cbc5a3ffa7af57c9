import { numberText } from '../../pdf/serialize.ts';
import { textBlock, wrapText, type MeasureText } from './block-layout.ts';
import { subsetFontFor, type SubsetFont } from './subset-font.ts';

/** Lines of black text, right-aligned, as page content that draws them with font /F1. Sizes in points. */
export interface TextBlock {
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly content: string;
  readonly font: SubsetFont;
}

/** Characters every block's subset holds, so that the time of signing does not make another subset. */
const TIME_CHARACTERS = ' 0123456789/:;+-';

/** Where Times sits on its line, as a part of the font size. */
const DESCENT = 0.22;

/**
 * Sets paragraphs (made NFC, spaces folded) at the block's size, wrapped at `maxWidth`. Throws
 * `signing.text-not-drawable`.
 */
export async function setTextBlock(paragraphs: readonly string[], maxWidth: number): Promise<TextBlock> {
  const texts = paragraphs.map((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim());
  const font = await subsetFontFor(texts.join('') + TIME_CHARACTERS);
  const { fontSize, lineHeight } = textBlock;
  const measure = (text: string): number => font.measure(text, fontSize);
  const lines = texts.flatMap((text) => wrapClauses(text, maxWidth, measure));
  const width = Math.max(...lines.map(measure));
  const height = lines.length * lineHeight;
  const drawn = lines.map((line, index) => {
    const x = thousandths(width - measure(line));
    const y = thousandths(height - (index + 1) * lineHeight + DESCENT * fontSize);
    return `1 0 0 1 ${x} ${y} Tm <${font.encode(line)}> Tj`;
  });
  const content = `0 g\nBT\n/F1 ${fontSize} Tf\n${drawn.join('\n')}\nET\n`;
  return { lines, width, height, content, font };
}

/** A text that needs several lines breaks behind its semicolons first. */
function wrapClauses(text: string, maxWidth: number, measure: MeasureText): string[] {
  const clauses = measure(text) <= maxWidth ? [text] : text.split(/(?<=;) /);
  return clauses.flatMap((clause) => wrapText(clause, maxWidth, measure));
}

function thousandths(value: number): string {
  return numberText(Math.round(value * 1000) / 1000);
}
