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
  /** Words in red ink (stamps, urgency and secrecy marks), read apart from the rest; absent when not looked for. */
  readonly redMarks?: readonly RedMarkText[];
  /**
   * Degrees (clockwise) by which the page lay askew. Boxes are those of the straightened head: turned about
   * the middle of the part that was read. Absent means 0.
   */
  readonly skew?: number;
  /** Absent means `ocr`. */
  readonly source?: 'ocr' | 'text-layer';
  /** Name and version of what read it. */
  readonly engine?: string;
  readonly ms: number;
}

/** A mark of red ink and what seems to stand in it. */
export interface RedMarkText {
  /** Empty when nothing could be read. */
  readonly text: string;
  readonly confidence: number;
  readonly box: PixelBox;
  /** Whether a frame (or line) was drawn around the word. */
  readonly framed: boolean;
}

export interface ReadPageRequest {
  readonly pdfPath: string;
  readonly page: number;
  /** Share of the page's height from the top; 1 reads it all. */
  readonly fraction: number;
  /** Of an encrypted file. */
  readonly password?: string | undefined;
}

export interface RenderPageRequest {
  readonly pdfPath: string;
  /** Zero-based. */
  readonly page: number;
  readonly dpi: number;
  readonly format?: 'png' | 'jpeg';
  /** Of an encrypted file. */
  readonly password?: string | undefined;
}

export interface RenderedPage {
  readonly width: number;
  readonly height: number;
  /** PNG or JPEG. */
  readonly bytes: Uint8Array;
}

/** Makes pictures of pages for thumbnails and previews. */
export interface PageRenderer {
  renderPage(request: RenderPageRequest): Promise<RenderedPage>;
}

/** Reads the words of a page (OCR on the red channel, so that red stamps fade; findings/shell.md §6). */
export interface PageReader {
  readPage(request: ReadPageRequest): Promise<PageText>;
}
