import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { AnThuError } from '../../shared/errors.ts';
import type { SigningWarning } from '../prepared-signature.ts';
import { warning } from '../../shared/warning.ts';

/** What the picture shows: a leader's handwriting (blue) or an agency's seal (red) (domain/vietnam.md §1.3 (a), (b)). */
export type PictureKind = 'handwriting' | 'seal';

/** A signature picture ready to be drawn: cut to its ink, colour and opacity apart. */
export interface InkPicture {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel, red first. */
  readonly rgb: Buffer;
  /** One byte a pixel, 255 opaque. */
  readonly alpha: Buffer;
  readonly warnings: readonly SigningWarning[];
}

/** A signature picture has no need of more. */
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_PIXELS = 25_000_000;
/** Longest side kept: 60 mm at 500 dpi. */
const KEPT_PIXELS = 1200;
/** Fewer opaque pixels than this in a picture are no signature. */
const FEWEST_INKED = 50;
/** Opacity from which a pixel belongs to the ink. */
const INKED = 24;
/** In a picture without transparency, what is at least so bright is paper. */
const WHITE = 242;
const PNG_MAGIC = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const CACHED_PICTURES = 8;
const cache = new Map<string, Promise<InkPicture>>();

/**
 * Reads a PNG with the leader's handwriting or the agency's seal. White is made transparent where the picture has no
 * transparency of its own. Kept by content, so that a batch decodes it once. Throws `general.no-such-input`,
 * `signing.image-not-png`, `signing.image-too-large`, `signing.image-unreadable`, `signing.image-empty`.
 */
export async function readInkPicture(path: string, kind: PictureKind): Promise<InkPicture> {
  const bytes = await readCapped(path);
  const key = `${kind} ${createHash('sha256').update(bytes).digest('hex')}`;
  const known = cache.get(key);
  if (known) return known;
  if (cache.size >= CACHED_PICTURES) cache.clear();
  const made = decode(bytes, kind);
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

async function readCapped(path: string): Promise<Buffer> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry?.isFile()) throw new AnThuError('general.no-such-input', { path });
  if (entry.size > MAX_BYTES)
    throw new AnThuError('signing.image-too-large', { mb: MAX_BYTES / 1024 / 1024, pixels: MAX_PIXELS });
  return readFile(path);
}

async function decode(bytes: Buffer, kind: PictureKind): Promise<InkPicture> {
  if (!bytes.subarray(0, PNG_MAGIC.length).equals(PNG_MAGIC)) throw new AnThuError('signing.image-not-png');
  const { width, height } = { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  if (width === 0 || height === 0) throw new AnThuError('signing.image-unreadable');
  if (width * height > MAX_PIXELS)
    throw new AnThuError('signing.image-too-large', { mb: MAX_BYTES / 1024 / 1024, pixels: MAX_PIXELS });
  const { default: sharp } = await import('sharp');
  const pixels = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .toColourspace('srgb')
    .ensureAlpha()
    .resize({ width: KEPT_PIXELS, height: KEPT_PIXELS, fit: 'inside', withoutEnlargement: true })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new AnThuError('signing.image-unreadable', {}, { cause });
    });
  const warnings: SigningWarning[] = [];
  const rgba = pixels.data;
  if (!hasTransparency(rgba)) {
    removeWhite(rgba);
    warnings.push(warning('signing.image-white-removed'));
  }
  const cut = cutToInk(rgba, pixels.info.width, pixels.info.height);
  if (!cut) throw new AnThuError('signing.image-empty');
  if (!hasColour(meanColour(rgba), kind))
    warnings.push(warning(kind === 'seal' ? 'signing.image-not-red' : 'signing.image-not-blue'));
  return { ...cut, warnings };
}

function hasTransparency(rgba: Buffer): boolean {
  for (let i = 3; i < rgba.length; i += 4) if ((rgba[i] ?? 255) < 250) return true;
  return false;
}

/** Takes white paper out of ink that was scanned on it: what is left, laid on white, looks as before. */
function removeWhite(rgba: Buffer): void {
  for (let i = 0; i < rgba.length; i += 4) {
    const [r = 0, g = 0, b = 0] = rgba.subarray(i, i + 3);
    const darkest = Math.min(r, g, b);
    const alpha = darkest >= WHITE ? 0 : (WHITE - darkest) / WHITE;
    rgba[i + 3] = Math.round(alpha * 255);
    if (alpha === 0) continue;
    for (let c = 0; c < 3; c++) {
      const value = Math.min(WHITE, rgba[i + c] ?? 0);
      rgba[i + c] = Math.max(0, Math.min(255, Math.round((value - WHITE * (1 - alpha)) / alpha)));
    }
  }
}

type Cut = Pick<InkPicture, 'width' | 'height' | 'rgb' | 'alpha'>;

/** Cuts transparent margins away, so that sizes and thirds are those of the ink. */
function cutToInk(rgba: Buffer, width: number, height: number): Cut | undefined {
  const box = { x0: width, y0: height, x1: -1, y1: -1 };
  let inked = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((rgba[(y * width + x) * 4 + 3] ?? 0) < INKED) continue;
      inked++;
      if (x < box.x0) box.x0 = x;
      if (x > box.x1) box.x1 = x;
      if (y < box.y0) box.y0 = y;
      box.y1 = y;
    }
  }
  if (inked < FEWEST_INKED) return undefined;
  const [w, h] = [box.x1 - box.x0 + 1, box.y1 - box.y0 + 1];
  // What is transparent gets the ink's own colour: no fringe where a viewer smooths, and it packs well.
  const rgb = Buffer.alloc(w * h * 3, Buffer.from(meanColour(rgba)));
  const alpha = Buffer.alloc(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const from = ((y + box.y0) * width + x + box.x0) * 4;
      const to = y * w + x;
      const opacity = rgba[from + 3] ?? 0;
      if (opacity === 0) continue;
      rgba.copy(rgb, to * 3, from, from + 3);
      alpha[to] = opacity;
    }
  }
  return { width: w, height: h, rgb, alpha };
}

/** Whether the ink is, on the whole, blue for handwriting and red for a seal. */
function hasColour([red, green, blue]: Colour, kind: PictureKind): boolean {
  return kind === 'seal' ? red > green + 40 && red > blue + 40 : blue > red + 25 && blue > green;
}

type Colour = readonly [red: number, green: number, blue: number];

/** The colour of the pixels that are more ink than paper. */
function meanColour(rgba: Buffer): Colour {
  let [red, green, blue, pixels] = [0, 0, 0, 0];
  for (let i = 0; i < rgba.length; i += 4) {
    if ((rgba[i + 3] ?? 0) < 128) continue;
    pixels++;
    red += rgba[i] ?? 0;
    green += rgba[i + 1] ?? 0;
    blue += rgba[i + 2] ?? 0;
  }
  const mean = (sum: number): number => Math.round(sum / Math.max(1, pixels));
  return [mean(red), mean(green), mean(blue)];
}
