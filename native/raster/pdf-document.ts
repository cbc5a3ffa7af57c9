/* oxlint-disable no-underscore-dangle -- PDFium's exported names */
import { readFile, stat } from 'node:fs/promises';
import { AnThuError } from '../../core/shared/errors.ts';
import { pdfium, type Pdfium } from './pdfium-module.ts';

/** Files above this size are not opened for pictures or text (the whole file is held in memory). */
export const maximumPdfBytes = 512 * 1024 * 1024;
/** Longest side of a picture in pixels: A3 at 600 dpi. */
export const maximumSidePixels = 10_000;
/** Most pixels of one picture. */
export const maximumPixels = 40_000_000;

const bgrx = 3;
const imageObject = 3;
const renderAnnotations = 0x01;

/** A picture of 4 bytes a pixel in the order blue, green, red, unused. */
export interface BgrxPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One character of a text layer; box in points from the page's top left as displayed. */
export interface PageCharacter {
  readonly text: string;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Fill colour, 0 to 255 each. */
  readonly color: readonly [number, number, number];
}

type DisplayedBox = Pick<PageCharacter, 'x0' | 'y0' | 'x1' | 'y1'>;

/** PDFium gives places as displayed in whole units; these are parts of a point. */
const finer = 100;

/** The head of a page before it is made straight; sizes of the whole page in points. */
export type HeadSource = {
  readonly width: number;
  readonly height: number;
  /** Dots per inch wanted (a JPEG is not enlarged). */
  readonly dpi: number;
  readonly fraction: number;
} & (
  | { readonly kind: 'jpeg'; readonly jpeg: Uint8Array }
  | { readonly kind: 'rendered'; readonly picture: BgrxPicture }
);

/** A PDF opened with PDFium. Close it, its memory is not collected. */
export class PdfDocument {
  readonly #module: Pdfium;
  readonly #data: number;
  readonly #document: number;
  readonly pageCount: number;

  constructor(module: Pdfium, data: number, document: number) {
    this.#module = module;
    this.#data = data;
    this.#document = document;
    this.pageCount = module._FPDF_GetPageCount(document);
  }

  close(): void {
    this.#module._FPDF_CloseDocument(this.#document);
    this.#module._free(this.#data);
  }

  /** Runs `work` on a page (zero-based). Throws `reading.no-such-page`, `reading.unreadable-page`. */
  withPage<T>(index: number, work: (page: PdfPage) => T): T {
    if (index < 0 || index >= this.pageCount)
      throw new AnThuError('reading.no-such-page', { page: index + 1, pages: this.pageCount });
    const page = this.#module._FPDF_LoadPage(this.#document, index);
    if (page === 0) throw new AnThuError('reading.unreadable-page', { page: index + 1 });
    try {
      return work(new PdfPage(this.#module, page));
    } finally {
      this.#module._FPDF_ClosePage(page);
    }
  }
}

/** A loaded page; valid only inside {@link PdfDocument.withPage}. Sizes in points as displayed. */
export class PdfPage {
  readonly #module: Pdfium;
  readonly #page: number;
  readonly width: number;
  readonly height: number;

  constructor(module: Pdfium, page: number) {
    this.#module = module;
    this.#page = page;
    this.width = module._FPDF_GetPageWidth(page);
    this.height = module._FPDF_GetPageHeight(page);
  }

  /**
   * Renders the top `fraction` of the page on white. Throws `reading.page-too-large` before it takes memory
   * when the picture would pass {@link maximumPixels}.
   */
  render(dpi: number, fraction = 1): BgrxPicture {
    const width = Math.max(1, Math.round((this.width * dpi) / 72));
    const fullHeight = Math.max(1, Math.round((this.height * dpi) / 72));
    const height = Math.max(1, Math.ceil(fullHeight * fraction));
    if (width > maximumSidePixels || height > maximumSidePixels || width * height > maximumPixels)
      throw new AnThuError('reading.page-too-large', { width, height });
    const module = this.#module;
    const bytes = width * height * 4;
    const memory = allocate(module, bytes);
    const bitmap = module._FPDFBitmap_CreateEx(width, height, bgrx, memory, width * 4);
    try {
      module._FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xffffffff);
      module._FPDF_RenderPageBitmap(bitmap, this.#page, 0, 0, width, fullHeight, 0, renderAnnotations);
      return { width, height, data: module.HEAPU8.slice(memory, memory + bytes) };
    } finally {
      module._FPDFBitmap_Destroy(bitmap);
      module._free(memory);
    }
  }

  /**
   * The bytes of the JPEG that fills this page upright, when the page is nothing but one such image (what
   * scanners write); else undefined and the page must be rendered.
   */
  fullPageJpeg(): Uint8Array | undefined {
    const module = this.#module;
    if (module._FPDFPage_CountObjects(this.#page) !== 1) return undefined;
    if (module._FPDFPage_GetRotation(this.#page) !== 0) return undefined;
    if (module._FPDFPage_GetAnnotCount(this.#page) !== 0) return undefined;
    const object = module._FPDFPage_GetObject(this.#page, 0);
    if (module._FPDFPageObj_GetType(object) !== imageObject) return undefined;
    if (!this.#fillsPage(object)) return undefined;
    if (module._FPDFImageObj_GetImageFilterCount(object) !== 1 || this.#filter(object) !== 'DCTDecode')
      return undefined;
    const size = module._FPDFImageObj_GetImageDataRaw(object, 0, 0);
    if (size === 0) return undefined;
    return withMemory(module, size, (memory) => {
      module._FPDFImageObj_GetImageDataRaw(object, memory, size);
      return module.HEAPU8.slice(memory, memory + size);
    });
  }

  /** Whether one image covers the page (a scan, whatever text a scanner has laid beneath it). */
  coveredByImage(): boolean {
    const module = this.#module;
    const count = Math.min(module._FPDFPage_CountObjects(this.#page), 2000);
    for (let index = 0; index < count; index++) {
      const object = module._FPDFPage_GetObject(this.#page, index);
      if (module._FPDFPageObj_GetType(object) !== imageObject) continue;
      const [a = 0, b = 0, c = 0, d = 0] = this.#matrix(object) ?? [];
      if (Math.abs(a * d - b * c) > 0.7 * this.width * this.height) return true;
    }
    return false;
  }

  /** What a picture of the page's head is made from: the scan's own JPEG, or a rendering. */
  headSource(dpi: number, fraction: number): HeadSource {
    const jpeg = this.fullPageJpeg();
    const { width, height } = this;
    return jpeg
      ? { kind: 'jpeg', jpeg, width, height, dpi, fraction }
      : { kind: 'rendered', picture: this.render(dpi, fraction), width, height, dpi, fraction };
  }

  #matrix(object: number): Float32Array | undefined {
    return withMemory(this.#module, 24, (memory) => {
      if (this.#module._FPDFPageObj_GetMatrix(object, memory) === 0) return undefined;
      return this.#module.HEAPF32.slice(memory >> 2, (memory >> 2) + 6);
    });
  }

  #fillsPage(object: number): boolean {
    const matrix = this.#matrix(object);
    if (!matrix) return false;
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = matrix;
    const near = (value: number, expected: number) => Math.abs(value - expected) < 2;
    return (
      near(a, this.width) && near(d, this.height) && near(b, 0) && near(c, 0) && near(e, 0) && near(f, 0)
    );
  }

  #filter(object: number): string {
    return withMemory(this.#module, 64, (memory) => {
      const length = this.#module._FPDFImageObj_GetImageFilter(object, 0, memory, 64);
      if (length < 1 || length > 64) return '';
      return Buffer.from(this.#module.HEAPU8.slice(memory, memory + length - 1)).toString('latin1');
    });
  }

  /** A box of the page's own space (left, bottom, right, top) as displayed: after the crop's offset and the turn. */
  #displayed([left, bottom, right, top]: readonly [number, number, number, number]): DisplayedBox {
    const [ax, ay] = this.#toDisplay(left, top);
    const [bx, by] = this.#toDisplay(right, bottom);
    return { x0: Math.min(ax, bx), y0: Math.min(ay, by), x1: Math.max(ax, bx), y1: Math.max(ay, by) };
  }

  #toDisplay(x: number, y: number): [number, number] {
    const { width, height } = this;
    const size = [Math.round(width * finer), Math.round(height * finer)] as const;
    return withMemory(this.#module, 8, (memory) => {
      this.#module._FPDF_PageToDevice(this.#page, 0, 0, ...size, 0, x, y, memory, memory + 4);
      const [dx = 0, dy = 0] = this.#module.HEAP32.slice(memory >> 2, (memory >> 2) + 2);
      return [dx / finer, dy / finer];
    });
  }

  /** The characters of the page's text layer in reading order of the file; at most `limit`. */
  characters(limit: number): PageCharacter[] {
    const module = this.#module;
    const textPage = module._FPDFText_LoadPage(this.#page);
    if (textPage === 0) return [];
    try {
      return withMemory(module, 48, (memory) => {
        const count = Math.min(module._FPDFText_CountChars(textPage), limit);
        const characters: PageCharacter[] = [];
        for (let index = 0; index < count; index++) {
          const code = module._FPDFText_GetUnicode(textPage, index);
          if (code === 0) continue;
          const ok = module._FPDFText_GetCharBox(
            textPage,
            index,
            memory,
            memory + 8,
            memory + 16,
            memory + 24,
          );
          if (ok === 0) continue;
          const at = memory >> 3;
          const [x0 = 0, x1 = 0, bottom = 0, top = 0] = module.HEAPF64.slice(at, at + 4);
          const colored = module._FPDFText_GetFillColor(
            textPage,
            index,
            memory + 32,
            memory + 36,
            memory + 40,
            memory + 44,
          );
          const rgb = module.HEAP32.subarray((memory + 32) >> 2, (memory + 44) >> 2);
          characters.push({
            text: String.fromCodePoint(code),
            ...this.#displayed([x0, bottom, x1, top]),
            color: colored === 0 ? [0, 0, 0] : [rgb[0] ?? 0, rgb[1] ?? 0, rgb[2] ?? 0],
          });
        }
        return characters;
      });
    } finally {
      module._FPDFText_ClosePage(textPage);
    }
  }
}

function allocate(module: Pdfium, size: number): number {
  const memory = module._malloc(size);
  if (memory === 0) throw new AnThuError('reading.unreadable-pdf');
  return memory;
}

function withMemory<T>(module: Pdfium, size: number, work: (memory: number) => T): T {
  const memory = allocate(module, size);
  try {
    return work(memory);
  } finally {
    module._free(memory);
  }
}

const errorPassword = 4;

/**
 * Opens PDF bytes, an encrypted file with its user's or owner's password. Throws `reading.encrypted-pdf` when it does not open it,
 * `reading.unreadable-pdf`.
 */
export async function openPdf(bytes: Uint8Array, password = ''): Promise<PdfDocument> {
  const module = await pdfium();
  const data = allocate(module, bytes.length);
  module.HEAPU8.set(bytes, data);
  let error = errorPassword;
  for (const written of writingsOf(password)) {
    const document = withText(module, written, (text) =>
      module._FPDF_LoadMemDocument(data, bytes.length, text),
    );
    if (document !== 0) return new PdfDocument(module, data, document);
    error = module._FPDF_GetLastError();
    if (error !== errorPassword) break;
  }
  module._free(data);
  throw new AnThuError(error === errorPassword ? 'reading.encrypted-pdf' : 'reading.unreadable-pdf');
}

/** A password as bytes, the ways that writers turn letters into them: new files take composed UTF-8, old ones a byte a letter. */
function writingsOf(password: string): Buffer[] {
  const modern = Buffer.from(password.normalize('NFKC'), 'utf8');
  const others = [Buffer.from(password, 'latin1'), Buffer.from(password, 'utf8')];
  return [modern, ...others.filter((bytes) => !bytes.equals(modern))];
}

function withText<T>(module: Pdfium, text: Uint8Array, work: (memory: number) => T): T {
  return withMemory(module, text.length + 1, (memory) => {
    module.HEAPU8.set([...text, 0], memory);
    return work(memory);
  });
}

/** Opens a PDF file of at most {@link maximumPdfBytes}. Throws as {@link openPdf}, and `reading.unreadable-pdf`. */
export async function openPdfFile(path: string, password?: string): Promise<PdfDocument> {
  const size = (await stat(path).catch(() => undefined))?.size;
  if (size === undefined || size > maximumPdfBytes) throw new AnThuError('reading.unreadable-pdf');
  return openPdf(await readFile(path), password);
}
