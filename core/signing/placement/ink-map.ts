import type { PageRenderer } from '../../ports/page-reader.ts';
import type { MmBox } from './page-geometry.ts';

/** Fine enough for the dot of an i, small enough for a page in a few milliseconds. */
export const INK_DPI = 75;
/** Share of the paper's own brightness below which a pixel is ink. */
const INK_BELOW = 0.72;
/** Ink smaller than this is dust on the glass, square millimetres. */
export const SPECK_MM2 = 0.8;

/** Where a page is dark, as it was rendered. */
export interface InkMap {
  /** Square millimetres of ink in a box. */
  inkIn(box: MmBox): number;
  /** The same in the circle or ellipse that fills the box. */
  inkInEllipse(box: MmBox): number;
}

/** A picture of one byte a pixel, 0 black. */
export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface RenderInkMapOptions {
  readonly pdfPath: string;
  /** From 1. */
  readonly page: number;
  /** Displayed size of the page in millimetres. */
  readonly size: { readonly width: number; readonly height: number };
  /** Boxes whose ink does not count. */
  readonly except: readonly MmBox[];
  /** Of an encrypted file. */
  readonly password?: string | undefined;
}

/**
 * Renders a page and says where it is dark. Boxes are mapped by proportion, so that it does not matter whether the
 * renderer knows /UserUnit. Throws what the renderer throws.
 */
export async function renderInkMap(
  renderer: PageRenderer,
  { pdfPath, page, size, except, password }: RenderInkMapOptions,
): Promise<InkMap> {
  const rendered = await renderer.renderPage({
    pdfPath,
    page: page - 1,
    dpi: INK_DPI,
    format: 'png',
    password,
  });
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(rendered.bytes)
    .flatten({ background: '#ffffff' })
    .grayscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, data: firstChannel(data, info.channels) };
  return inkMapOf(picture, size, except);
}

/** The ink map of a picture of the whole page; ink in the boxes `except` does not count. */
export function inkMapOf(
  picture: GrayPicture,
  size: { readonly width: number; readonly height: number },
  except: readonly MmBox[] = [],
): InkMap {
  const { width, height, data } = picture;
  const limit = paperLevel(data) * INK_BELOW;
  const [perMmX, perMmY] = [width / size.width, height / size.height];
  for (const { x, y, w, h } of except) {
    const from = Math.max(0, Math.floor(x * perMmX));
    for (let row = Math.max(0, Math.floor(y * perMmY)); row < Math.min(height, (y + h) * perMmY); row++)
      data.fill(255, row * width + from, row * width + Math.min(width, Math.ceil((x + w) * perMmX)));
  }
  const sums = columnSums(picture, limit);
  const pixelMm2 = 1 / (perMmX * perMmY);
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value));
  const count = (x0: number, y0: number, x1: number, y1: number): number => {
    const at = (x: number, y: number): number => sums[y * (width + 1) + x] ?? 0;
    return at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0);
  };
  return {
    inkIn: ({ x, y, w, h }) => {
      const x0 = clamp(Math.floor(x * perMmX), width);
      const x1 = clamp(Math.ceil((x + w) * perMmX), width);
      const y0 = clamp(Math.floor(y * perMmY), height);
      const y1 = clamp(Math.ceil((y + h) * perMmY), height);
      return x1 > x0 && y1 > y0 ? count(x0, y0, x1, y1) * pixelMm2 : 0;
    },
    inkInEllipse: ({ x, y, w, h }) => {
      let pixels = 0;
      const first = clamp(Math.floor(y * perMmY), height);
      const last = clamp(Math.ceil((y + h) * perMmY), height);
      for (let row = first; row < last; row++) {
        const off = ((row + 0.5) / perMmY - y - h / 2) / (h / 2);
        const half = off * off < 1 ? (w / 2) * Math.sqrt(1 - off * off) : 0;
        const x0 = clamp(Math.round((x + w / 2 - half) * perMmX), width);
        const x1 = clamp(Math.round((x + w / 2 + half) * perMmX), width);
        if (x1 > x0) pixels += count(x0, row, x1, row + 1);
      }
      return pixels * pixelMm2;
    },
  };
}

/** Brightness that most of the page has: its upper quintile, so that half-tone pictures do not count as paper. */
function paperLevel(data: Uint8Array): number {
  const histogram = new Uint32Array(256);
  for (const value of data) histogram[value] = (histogram[value] ?? 0) + 1;
  let above = 0;
  for (let level = 255; level > 0; level--) {
    above += histogram[level] ?? 0;
    if (above > data.length / 5) return level;
  }
  return 255;
}

/** Sums over everything left of and above a point, so that a box costs four look-ups. */
function columnSums({ width, height, data }: GrayPicture, limit: number): Uint32Array {
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      if ((data[y * width + x] ?? 255) < limit) row++;
      sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] ?? 0) + row;
    }
  }
  return sums;
}

function firstChannel(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return data;
  const gray = new Uint8Array(Math.floor(data.length / channels));
  for (let i = 0; i < gray.length; i++) gray[i] = data[i * channels] ?? 255;
  return gray;
}
