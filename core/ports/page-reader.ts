/** A box in pixels of the picture that was read, origin top left. */
export interface PixelBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface OcrWord {
  readonly text: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly box: PixelBox;
}

export interface OcrLine {
  readonly text: string;
  readonly confidence: number;
  readonly box: PixelBox;
  readonly words: readonly OcrWord[];
}

/** What was read from (part of) one page. */
export interface PageText {
  /** Zero-based page index. */
  readonly page: number;
  /** Size of the whole page in pixels at `dpi`; boxes are in the same coordinates. */
  readonly pageWidth: number;
  readonly pageHeight: number;
  readonly dpi: number;
  /** Share of the page's height that was read, from the top. */
  readonly fraction: number;
  readonly lines: readonly OcrLine[];
  readonly ms: number;
}

export interface ReadPageRequest {
  readonly pdfPath: string;
  readonly page: number;
  /** Share of the page's height from the top; 1 reads it all. */
  readonly fraction: number;
}

/** Reads the words of a page (OCR on the red channel, so that red stamps fade; findings/shell.md §6). */
export interface PageReader {
  readPage(request: ReadPageRequest): Promise<PageText>;
}
