import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AnThuError } from '../shared/errors.ts';
import { arrivalBlock, wrapText } from './block-layout.ts';

/** A one-page PDF whose only page is a text block, and the block's size in points. */
export interface TextTemplate {
  readonly pdf: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}

let fontBytes: Uint8Array | undefined;

/** Tinos has the metrics of Times New Roman and the Vietnamese glyphs (domain/vietnam.md §1.3). */
function timesMetricFont(): Uint8Array {
  fontBytes ??= readFileSync(
    createRequire(import.meta.url).resolve('@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf'),
  );
  return fontBytes;
}

/**
 * Draws right-aligned black text with an embedded subset of the font; paragraphs wrap at `maxWidth` points.
 * Throws `signing.text-not-drawable` for a character the font lacks.
 */
export async function drawTextTemplate(
  paragraphs: readonly string[],
  maxWidth: number,
): Promise<TextTemplate> {
  const [{ PDFDocument }, { alignedFontkit }] = await Promise.all([
    import('pdf-lib'),
    import('./aligned-fontkit.ts'),
  ]);
  const texts = paragraphs.map((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim());
  const document = await PDFDocument.create({ updateMetadata: false });
  document.registerFontkit(alignedFontkit);
  const font = await document.embedFont(timesMetricFont(), {
    subset: true,
    customName: `${subsetTag(texts)}+Tinos-Regular`,
  });
  const drawable = new Set(font.getCharacterSet());
  for (const character of texts.join('')) {
    if (!drawable.has(character.codePointAt(0) ?? 0))
      throw new AnThuError('signing.text-not-drawable', { character });
  }
  const { fontSize, lineHeight } = arrivalBlock;
  const measure = (text: string): number => font.widthOfTextAtSize(text, fontSize);
  const lines = texts.flatMap((text) => wrapText(text, maxWidth, measure));
  const width = Math.max(...lines.map(measure));
  const height = lines.length * lineHeight;
  const page = document.addPage([width, height]);
  const descent = lineHeight - fontSize * 0.9;
  lines.forEach((line, index) => {
    page.drawText(line, {
      x: width - measure(line),
      y: height - (index + 1) * lineHeight + descent,
      size: fontSize,
      font,
    });
  });
  return { pdf: await document.save({ useObjectStreams: false }), width, height, lines };
}

/** Six capitals that name a subset (ISO 32000-1, 9.6.4); the same text gives the same subset and tag. */
function subsetTag(texts: readonly string[]): string {
  const digest = createHash('sha256').update(texts.join('\n')).digest();
  return [...digest.subarray(0, 6)].map((byte) => String.fromCharCode(0x41 + (byte % 26))).join('');
}
