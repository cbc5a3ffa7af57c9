import sharp from 'sharp';
import type { BgrxPicture } from '../../native/raster/pdf-document.ts';
import { between, type Random } from './prng.ts';

/** An RGB picture, 3 bytes a pixel. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What the flatbed does to a page. */
export interface ScanLook {
  /** Degrees, clockwise. */
  readonly skew: number;
  /** Colour of blank paper. */
  readonly paper: readonly [number, number, number];
  /** Standard deviation of the sensor's noise, in steps of 255. */
  readonly noise: number;
  /** Radius of the blur in pixels at 300 dpi. */
  readonly blur: number;
}

/** A look as office scanners give it: up to 0.9° skew, slightly warm paper, a little noise and blur. */
export function officeScanLook(random: Random): ScanLook {
  const skew = between(random, 0.25, 0.9) * (random() < 0.5 ? -1 : 1);
  const bright = between(random, 246, 251);
  return {
    skew,
    paper: [bright, bright - between(random, 0, 2), bright - between(random, 3, 7)],
    noise: between(random, 2.2, 3.4),
    blur: between(random, 0.6, 0.85),
  };
}

/** Turns a rendered page into what a colour scanner would have sent. Size in pixels is kept. */
export async function scanPage(
  picture: BgrxPicture,
  dpi: number,
  look: ScanLook,
  random: Random,
): Promise<RgbPicture> {
  const { width, height } = picture;
  const turned = await sharp(toRgb(picture), { raw: { width, height, channels: 3 } })
    .rotate(look.skew, { background: '#ffffff' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const left = Math.max(0, Math.floor((turned.info.width - width) / 2));
  const top = Math.max(0, Math.floor((turned.info.height - height) / 2));
  const blurred = await sharp(turned.data, {
    raw: { width: turned.info.width, height: turned.info.height, channels: 3 },
  })
    .extract({ left, top, width, height })
    .blur(Math.max(0.35, (look.blur * dpi) / 300))
    .raw()
    .toBuffer();
  const data = new Uint8Array(blurred.buffer, blurred.byteOffset, blurred.byteLength);
  addPaperAndNoise({ width, height, data }, look, random);
  return { width, height, data };
}

function toRgb({ width, height, data }: BgrxPicture): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from + 2]!;
    rgb[to + 1] = data[from + 1]!;
    rgb[to + 2] = data[from]!;
  }
  return rgb;
}

const tableSize = 1 << 16;

/** Normal deviates, by the sum of uniform ones. */
function noiseTable(random: Random, deviation: number): Float32Array {
  const table = new Float32Array(tableSize);
  for (let i = 0; i < tableSize; i++) {
    table[i] = (random() + random() + random() + random() - 2) * 1.73 * deviation;
  }
  return table;
}

/** Slowly changing values from 0 to 1 over the page, for uneven stamp ink. */
function inkMap(random: Random): (x: number, y: number) => number {
  const waves = Array.from({ length: 6 }, () => ({
    fx: between(random, -0.09, 0.09),
    fy: between(random, -0.09, 0.09),
    phase: between(random, 0, 6.3),
  }));
  return (x, y) => {
    let sum = 0;
    for (const { fx, fy, phase } of waves) sum += Math.sin(x * fx + y * fy + phase);
    return 0.5 + sum / 12;
  };
}

function addPaperAndNoise(picture: RgbPicture, look: ScanLook, random: Random): void {
  const { width, height, data } = picture;
  const table = noiseTable(random, look.noise);
  const ink = inkMap(random);
  const darkest = 34;
  const scale = look.paper.map((tone) => (tone - darkest) / 255);
  const [scaleR = 1, scaleG = 1, scaleB = 1] = scale;
  const shadowWidth = width * 0.012;
  let at = 0;
  for (let y = 0; y < height; y++) {
    let noiseAt = Math.floor(random() * tableSize);
    const rowLight = 1 - 0.012 * Math.sin((y / height) * Math.PI * 1.3);
    for (let x = 0; x < width; x++, at += 3) {
      let r = data[at]!;
      let g = data[at + 1]!;
      let b = data[at + 2]!;
      if (r - g > 60 && r - b > 40) {
        // Stamp ink is thin in places: paper shows through.
        const thin = 0.42 * ink(x, y) + 0.1 * (table[(noiseAt * 7) & 0xffff]! / look.noise);
        const lift = Math.min(0.75, Math.max(0, thin));
        r += (255 - r) * lift;
        g += (255 - g) * lift;
        b += (255 - b) * lift;
      }
      const light = rowLight - (x < shadowWidth ? 0.1 * (1 - x / shadowWidth) : 0);
      data[at] = clamp((darkest + r * scaleR) * light + table[noiseAt & 0xffff]!);
      data[at + 1] = clamp((darkest + g * scaleG) * light + table[(noiseAt + 1) & 0xffff]!);
      data[at + 2] = clamp((darkest + b * scaleB) * light + table[(noiseAt + 2) & 0xffff]!);
      noiseAt += 3;
    }
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
