import sharp from 'sharp';
import type {
  OcrLine,
  PageText,
  PixelBox,
  ReadPageRequest,
  RedMarkText,
  RenderedPage,
  RenderPageRequest,
} from '../../core/ports/page-reader.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { openPdfFile } from '../raster/pdf-document.ts';
import { languageName } from './language-data.ts';
import { headPicture, type HeadPicture } from './page-picture.ts';
import type { Recogniser } from './recogniser.ts';
import { redInk, redMarks, type RedMark } from './red-ink.ts';
import { isUsableTextLayer, linesOfTextLayer } from './text-layer.ts';

/** Resolution of the picture in which red marks are looked for and doubtful lines are read again. */
const pictureDpi = 200;
/**
 * Resolution of the reading itself. Measured on 18 generated 300-dpi scans (96 fields, straightened): 1 field
 * wrong at 150 dpi, 3 at 200, 11 at 300, and the lowest is the fastest too.
 */
const readingDpi = 150;
/** More red marks than this are a picture, not marks. */
const mostRedMarks = 8;
const mostCharacters = 50_000;

/** Reads the top `fraction` of a page: its text layer when it is born digital, else by OCR on the red channel. */
export async function readPage(recogniser: Recogniser, request: ReadPageRequest): Promise<PageText> {
  const started = performance.now();
  const document = await openPdfFile(request.pdfPath, request.password);
  let layer: OcrLine[] | undefined;
  let head: HeadPicture;
  try {
    const loaded = document.withPage(request.page, (page) => {
      const characters = page.coveredByImage() ? [] : page.characters(mostCharacters);
      const inHead = characters.filter(({ y0 }) => y0 < page.height * request.fraction);
      if (isUsableTextLayer(inHead)) layer = linesOfTextLayer(inHead, pictureDpi);
      return page.headSource(pictureDpi, request.fraction);
    });
    head = await headPicture(loaded, { straighten: layer === undefined }).catch((thrown: unknown) => {
      // What the picture library cannot make of a page is the page's fault, not ours: the clerk types the fields.
      if (thrown instanceof AnThuError) throw thrown;
      throw new AnThuError('reading.unreadable-page', { page: request.page + 1 }, { cause: thrown });
    });
  } finally {
    document.close();
  }
  const lines = layer ?? (await readText(recogniser, head));
  return {
    page: request.page,
    pageWidth: head.pageWidth,
    pageHeight: head.pageHeight,
    dpi: head.dpi,
    fraction: request.fraction,
    lines,
    redMarks: await readRedMarks(recogniser, head),
    skew: head.skew,
    source: layer ? 'text-layer' : 'ocr',
    engine: layer ? 'PDFium text layer' : `tesseract.js 7.0.0, ${languageName}`,
    ms: Math.round(performance.now() - started),
  };
}

async function readText(recogniser: Recogniser, head: HeadPicture): Promise<OcrLine[]> {
  const scale = Math.min(1, readingDpi / head.dpi);
  const width = Math.round(head.width * scale);
  const png = await sharp(head.rgb, { raw: { width: head.width, height: head.height, channels: 3 } })
    .extractChannel(0)
    .resize({ width })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const back = head.width / width;
  const lines = await recogniser.recognise(png, { layout: 'scattered', dpi: head.dpi * scale });
  return readDoubtfulAgain(
    recogniser,
    head,
    lines.map((line) => placed(line, back, 0, 0)),
  );
}

/** Words below this confidence make their line worth a second look. */
const doubtful = 0.86;
/** Lines with figures in them that are read twice, at most. */
const mostSecondLooks = 3;

/**
 * Figures have no dictionary to lean on: doubtful lines with figures or slashes in the upper third (numbers, dates)
 * are read a second time, alone and at the full resolution. The surer reading is kept; where the two differ
 * its confidence is capped, for one of them is wrong.
 */
async function readDoubtfulAgain(
  recogniser: Recogniser,
  head: HeadPicture,
  lines: readonly OcrLine[],
): Promise<OcrLine[]> {
  const upper = head.pageHeight * 0.33;
  const read: OcrLine[] = [];
  let looks = 0;
  for (const line of lines) {
    const weakest = Math.min(...line.words.map(({ confidence }) => confidence));
    if (weakest >= doubtful || line.box.y1 > upper || !/[\d/]/.test(line.text) || looks >= mostSecondLooks) {
      read.push(line);
      continue;
    }
    looks++;
    const again = await readAlone(recogniser, head, line.box);
    read.push(again ? surer(line, again) : line);
  }
  return read;
}

async function readAlone(
  recogniser: Recogniser,
  head: HeadPicture,
  box: PixelBox,
): Promise<OcrLine | undefined> {
  const rim = Math.round((box.y1 - box.y0) * 0.45);
  const left = Math.max(0, Math.floor(box.x0) - rim);
  const top = Math.max(0, Math.floor(box.y0) - rim);
  const width = Math.min(head.width, Math.ceil(box.x1) + rim) - left;
  const height = Math.min(head.height, Math.ceil(box.y1) + rim) - top;
  const png = await sharp(head.rgb, { raw: { width: head.width, height: head.height, channels: 3 } })
    .extract({ left, top, width, height })
    .extractChannel(0)
    .png({ compressionLevel: 1 })
    .toBuffer();
  const [line, ...more] = await recogniser.recognise(png, { layout: 'one-line', dpi: head.dpi });
  return line && more.length === 0 ? placed(line, 1, left, top) : undefined;
}

function surer(first: OcrLine, second: OcrLine): OcrLine {
  const best = second.confidence > first.confidence ? second : first;
  if (first.text === second.text) return best;
  const words = best.words.map((word) => ({ ...word, confidence: Math.min(word.confidence, 0.78) }));
  return { ...best, words, confidence: Math.min(best.confidence, 0.78) };
}

function placed(line: OcrLine, scale: number, left: number, top: number): OcrLine {
  const place = (box: PixelBox): PixelBox => ({
    x0: box.x0 * scale + left,
    y0: box.y0 * scale + top,
    x1: box.x1 * scale + left,
    y1: box.y1 * scale + top,
  });
  return {
    ...line,
    box: place(line.box),
    words: line.words.map((word) => ({ ...word, box: place(word.box) })),
  };
}

async function readRedMarks(recogniser: Recogniser, head: HeadPicture): Promise<RedMarkText[]> {
  const marks = redMarks(redInk(head.rgb, head.width, head.height), head.dpi).slice(0, mostRedMarks);
  const texts: RedMarkText[] = [];
  for (const mark of marks) texts.push(await readRedMark(recogniser, mark, head.dpi));
  return texts;
}

async function readRedMark(recogniser: Recogniser, mark: RedMark, dpi: number): Promise<RedMarkText> {
  const { width, height, region } = mark;
  const png = await sharp(mark.picture, { raw: { width, height, channels: 1 } })
    .blur(0.6)
    .png({ compressionLevel: 1 })
    .toBuffer();
  const tall = (region.y1 - region.y0) / dpi > 0.55;
  const lines = await recogniser.recognise(png, { layout: tall ? 'scattered' : 'one-line', dpi });
  const words = lines.flatMap((line) => line.words);
  const sum = words.reduce((total, word) => total + word.confidence, 0);
  return {
    text: lines
      .map((line) => line.text)
      .join('\n')
      .trim(),
    confidence: words.length === 0 ? 0 : sum / words.length,
    box: { ...region },
    framed: mark.framed,
  };
}

/** A picture of a whole page. Throws `reading.page-too-large` and the errors of {@link openPdfFile}. */
export async function renderPage(request: RenderPageRequest): Promise<RenderedPage> {
  const document = await openPdfFile(request.pdfPath, request.password);
  try {
    const picture = document.withPage(request.page, (page) => page.render(request.dpi));
    const { width, height, data } = picture;
    for (let i = 0; i < data.length; i += 4) {
      const blue = data[i]!;
      data[i] = data[i + 2]!;
      data[i + 2] = blue;
      data[i + 3] = 255;
    }
    const image = sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha();
    const encoded =
      request.format === 'jpeg' ? image.jpeg({ quality: 82 }) : image.png({ compressionLevel: 4 });
    const bytes = await encoded.withMetadata({ density: request.dpi }).toBuffer();
    return { width, height, bytes: new Uint8Array(bytes) };
  } finally {
    document.close();
  }
}
