import { bufferReader } from './byte-reader.ts';
import type { Dpi } from './image-scale.ts';
import { TAG, type TiffDirectory, readTiffDirectories } from './tiff-directory.ts';

/** TIFF/EXIF orientation: 1 upright, 3 half turn, 6 and 8 quarter turns, the rest mirrored. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface ExifFacts {
  readonly orientation: Orientation;
  readonly dpi: Dpi | undefined;
}

export function orientationOf(directory: TiffDirectory): Orientation {
  const value = directory.tags.get(TAG.orientation)?.[0] ?? 1;
  return value >= 1 && value <= 8 ? (value as Orientation) : 1;
}

/** Resolution tags as dots per inch; undefined when there are none or their unit is "none". */
export function resolutionOf(directory: TiffDirectory): Dpi | undefined {
  const x = directory.tags.get(TAG.xResolution)?.[0];
  const y = directory.tags.get(TAG.yResolution)?.[0] ?? x;
  const unit = directory.tags.get(TAG.resolutionUnit)?.[0] ?? 2;
  if (x === undefined || y === undefined || (unit !== 2 && unit !== 3)) return undefined;
  const factor = unit === 3 ? 2.54 : 1;
  return { x: tidyDpi(x * factor), y: tidyDpi(y * factor) };
}

/** A whole number when it is one but for rounding (11811 pixels a metre are 300 dpi). */
export function tidyDpi(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) < 0.15 ? whole : value;
}

/** Reads the first directory of an EXIF block (a TIFF structure of its own); what is broken counts as absent. */
export async function readExif(block: Buffer): Promise<ExifFacts> {
  try {
    const [directory] = await readTiffDirectories(bufferReader(block), 1);
    if (directory) return { orientation: orientationOf(directory), dpi: resolutionOf(directory) };
  } catch {
    // A camera's broken EXIF is no reason to refuse the picture.
  }
  return { orientation: 1, dpi: undefined };
}
