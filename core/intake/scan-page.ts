import type { ErrorCode } from '../contract/errors/index.ts';
import type { ErrorDetail } from '../shared/errors.ts';
import type { Orientation } from './exif.ts';
import type { Dpi } from './image-scale.ts';

export type ScanColour = 'colour' | 'grey' | 'bilevel';

/** A PDF image: the entries of its dictionary but for /Type, /Subtype, /Width, /Height and /Length, and its bytes. */
export interface PdfImage {
  readonly dictionary: string;
  readonly length: number;
  chunks(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** One picture of a scan on its way to a PDF page. */
export interface ScanPage {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  /** As the file says it. */
  readonly statedDpi: Dpi | undefined;
  readonly colour: ScanColour;
  readonly bitsPerPixel: number;
  readonly image: PdfImage;
  readonly notes: readonly { readonly code: ErrorCode; readonly detail: ErrorDetail }[];
}
