import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';
import type { OcrLine, PixelBox } from '../../core/ports/page-reader.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { languageFolder } from './language-data.ts';

/** How the picture's text is laid out. */
export type TextLayout = 'scattered' | 'one-line' | 'block';

const layouts: Record<TextLayout, PSM> = {
  scattered: PSM.SPARSE_TEXT,
  'one-line': PSM.SINGLE_LINE,
  block: PSM.SINGLE_BLOCK,
};

/** One tesseract worker, kept warm; calls run one after the other. */
export class Recogniser {
  #worker: Promise<Worker> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Reads a PNG (grey or black and white). Boxes are in the picture's pixels. */
  recognise(png: Buffer, options: { layout: TextLayout; dpi: number }): Promise<OcrLine[]> {
    const run = this.#last.then(() => this.#recognise(png, options));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #recognise(png: Buffer, { layout, dpi }: { layout: TextLayout; dpi: number }): Promise<OcrLine[]> {
    const worker = await this.#ready();
    await worker.setParameters({
      tessedit_pageseg_mode: layouts[layout],
      user_defined_dpi: String(Math.round(dpi)),
    });
    const { data } = await worker.recognize(png, {}, { blocks: true, text: false });
    const lines: OcrLine[] = [];
    for (const block of data.blocks ?? []) {
      for (const paragraph of block.paragraphs) {
        for (const line of paragraph.lines) {
          lines.push({
            text: line.text.trim().normalize('NFC'),
            confidence: line.confidence / 100,
            box: plainBox(line.bbox),
            words: line.words.map((word) => ({
              text: word.text.normalize('NFC'),
              confidence: word.confidence / 100,
              box: plainBox(word.bbox),
            })),
          });
        }
      }
    }
    return lines;
  }

  #ready(): Promise<Worker> {
    this.#worker ??= start().catch((thrown: unknown) => {
      this.#worker = undefined;
      throw thrown;
    });
    return this.#worker;
  }
}

function plainBox({ x0, y0, x1, y1 }: PixelBox): PixelBox {
  return { x0, y0, x1, y1 };
}

async function start(): Promise<Worker> {
  const langPath = languageFolder();
  try {
    return await createWorker('vie', OEM.LSTM_ONLY, {
      langPath,
      gzip: true,
      cacheMethod: 'none',
      errorHandler: () => undefined,
    });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AnThuError('reading.engine-unavailable', { reason }, { cause: thrown });
  }
}
