import { constants } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import type { ErrorCode } from '../contract/errors/index.ts';
import { AnThuError, type ErrorDetail } from '../shared/errors.ts';
import { warning } from '../shared/warning.ts';
import { fileReader } from './byte-reader.ts';
import type { PageFacts, Conversion, ConvertToPdfOptions } from './conversion.ts';
import { ImagePdfWriter } from './image-pdf-writer.ts';
import { type Dpi, type PageScale, pageScale } from './image-scale.ts';
import { lookAtPdf } from './pdf-scan-look.ts';
import { type PictureSource, jpegPage, pngPage, tiffPages } from './picture-pages.ts';
import type { ScanPage } from './scan-page.ts';
import { MEDIA_TYPES, SNIFF_BYTES, mismatchedExtension, sniffType } from './sniff.ts';

/** Nghị định 30/2020 asks for at least 200 dpi (domain/vietnam.md §1.3). */
const MINIMUM_DPI = 200;
const MAX_PAGES = 1000;
/** Facts are listed for so many pages. */
const LISTED_PAGES = 200;

/**
 * Makes one PDF of a received PDF, JPEG, PNG or TIFF at 100 % scale, flushed to disk. A PDF is copied byte for
 * byte; a JPEG's bytes stand in the PDF unchanged; everything else is kept without loss. Resolution and colour are
 * checked against the decree and reported as warnings.
 *
 * For a worker process. Throws `intake.unsupported-type`, `intake.unsupported-image`, `intake.damaged-image`,
 * `intake.image-too-large`, `intake.too-many-pages`, `intake.no-pages`, `general.no-such-input`,
 * `general.output-exists`, and for PDFs what `core/pdf` throws. Leaves no output behind when it throws.
 */
export async function convertToPdf(options: ConvertToPdfOptions): Promise<Conversion> {
  const { inputPath, outputPath } = options;
  const file = await open(inputPath, 'r').catch(() => {
    throw new AnThuError('general.no-such-input', { path: inputPath });
  });
  try {
    const { size } = await file.stat();
    const reader = fileReader(file, size);
    const type = sniffType(await reader.read(0, SNIFF_BYTES));
    if (type === 'unknown') throw new AnThuError('intake.unsupported-type');
    const report = new ConversionReport();
    const extension = mismatchedExtension(options.originalName ?? inputPath, type);
    if (extension) report.warn('intake.type-mismatch', { extension, type: type.toUpperCase() });
    if (type === 'pdf') await takePdf(options, report);
    else
      await drawPages(
        outputPath,
        picturesOf(
          { path: inputPath, reader, maxPages: MAX_PAGES, scratchPath: `${outputPath}.pixels.v` },
          type,
        ),
        options,
        report,
      );
    return report.conversion(MEDIA_TYPES[type]);
  } finally {
    await file.close();
  }
}

async function takePdf(options: ConvertToPdfOptions, report: ConversionReport): Promise<void> {
  const looks = lookAtPdf(options.inputPath);
  if (looks.length > MAX_PAGES) throw new AnThuError('intake.too-many-pages', { limit: MAX_PAGES });
  for (const look of looks) {
    report.addPage({
      widthMm: tenth(look.widthMm),
      heightMm: tenth(look.heightMm),
      dpi: look.dpi ?? null,
      colour: look.colour ?? 'unknown',
      bitsPerPixel: look.bitsPerPixel ?? null,
    });
  }
  if (report.pages === 0) throw new AnThuError('intake.no-pages');
  try {
    await copyFile(options.inputPath, options.outputPath, constants.COPYFILE_EXCL);
    const copy = await open(options.outputPath, 'r+');
    await copy.sync().finally(() => copy.close());
  } catch (thrown) {
    // A full disk leaves a half copy; a file that was there before is not ours.
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') await rm(options.outputPath, { force: true });
    outputProblem(options.outputPath)(thrown as NodeJS.ErrnoException);
  }
}

async function* picturesOf(source: PictureSource, type: 'jpeg' | 'png' | 'tiff'): AsyncGenerator<ScanPage> {
  if (type === 'jpeg') yield await jpegPage(source);
  else if (type === 'png') yield await pngPage(source);
  else yield* tiffPages(source);
}

async function drawPages(
  outputPath: string,
  pages: AsyncIterable<ScanPage>,
  options: ConvertToPdfOptions,
  report: ConversionReport,
): Promise<void> {
  const writer = await ImagePdfWriter.create(outputPath).catch(outputProblem(outputPath));
  try {
    for await (const page of pages) {
      const scale = pageScale({
        width: page.width,
        height: page.height,
        stated: page.statedDpi,
        defaultDpi: options.defaultDpi,
      });
      await writer.addPage({ ...page, dpi: scale.dpi });
      report.addPicture(page, scale);
    }
    if (report.pages === 0) throw new AnThuError('intake.no-pages');
    await writer.finish();
  } catch (thrown) {
    await writer.abandon();
    await rm(outputPath, { force: true });
    throw thrown;
  }
}

function outputProblem(path: string): (thrown: NodeJS.ErrnoException) => never {
  return (thrown) => {
    throw thrown.code === 'EEXIST' ? new AnThuError('general.output-exists', { path }) : thrown;
  };
}

const POOREST_FIRST = ['bilevel', 'grey', 'unknown', 'colour'] as const;

/** Gathers the facts of the pages and the warnings they give rise to. */
class ConversionReport {
  readonly #facts: PageFacts[] = [];
  readonly #warnings = new Map<ErrorCode, ErrorDetail>();
  readonly #colours = new Set<PageFacts['colour']>();
  #lowestDpi: number | undefined;
  #fewestBits: number | undefined;
  pages = 0;

  warn(code: ErrorCode, detail: ErrorDetail): void {
    if (!this.#warnings.has(code)) this.#warnings.set(code, detail);
  }

  addPicture(page: ScanPage, scale: PageScale): void {
    const number = this.pages + 1;
    for (const note of page.notes) this.warn(note.code, { ...note.detail, page: number });
    if (scale.basis !== 'file') {
      this.warn('intake.dpi-assumed', { page: number, dpi: scale.dpi.x, basis: scale.basis });
    }
    const [across, down] = page.orientation > 4 ? [page.height, page.width] : [page.width, page.height];
    const [dpiX, dpiY] = page.orientation > 4 ? [scale.dpi.y, scale.dpi.x] : [scale.dpi.x, scale.dpi.y];
    this.addPage({
      widthMm: tenth((across / dpiX) * 25.4),
      heightMm: tenth((down / dpiY) * 25.4),
      dpi: scale.basis === 'default' ? null : scale.dpi,
      colour: page.colour,
      bitsPerPixel: page.bitsPerPixel,
    });
  }

  addPage(facts: PageFacts): void {
    this.pages += 1;
    if (this.#facts.length < LISTED_PAGES) this.#facts.push(facts);
    this.#colours.add(facts.colour);
    const lowest = facts.dpi ? lowestOf(facts.dpi) : undefined;
    if (lowest !== undefined) {
      this.#lowestDpi = Math.min(this.#lowestDpi ?? lowest, lowest);
      if (lowest < MINIMUM_DPI) this.warn('intake.low-resolution', { page: this.pages, dpi: lowest });
    }
    if (facts.bitsPerPixel !== null) {
      this.#fewestBits = Math.min(this.#fewestBits ?? facts.bitsPerPixel, facts.bitsPerPixel);
    }
    if (facts.colour === 'grey' || facts.colour === 'bilevel') {
      this.warn('intake.not-colour', { page: this.pages, colour: facts.colour });
    }
  }

  conversion(mediaType: Conversion['mediaType']): Conversion {
    return {
      pages: this.pages,
      pageFacts: this.#facts,
      dpi: this.#lowestDpi ?? null,
      colour: POOREST_FIRST.find((colour) => this.#colours.has(colour)) ?? 'unknown',
      bitsPerPixel: this.#fewestBits ?? null,
      mediaType,
      recompressed: false,
      warnings: [...this.#warnings].map(([code, detail]) => warning(code, detail)),
    };
  }
}

/** Rounded, so that 199.99 dpi of a rounded page size counts as 200. */
function lowestOf({ x, y }: Dpi): number {
  return Math.round(Math.min(x, y));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
