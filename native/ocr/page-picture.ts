import sharp from 'sharp';
import { AnThuError } from '../../core/shared/errors.ts';
import type { HeadSource } from '../raster/pdf-document.ts';
import { estimateSkew } from './skew.ts';

/** Decoded pictures above this many pixels are refused (A3 at 600 dpi has 70 million). */
const maximumInputPixels = 140_000_000;

/** The head of a page, made straight and ready for reading. */
export interface HeadPicture {
  /** Dots per inch of the planes. */
  readonly dpi: number;
  /** Size of the planes in pixels (the page's width, the head's height). */
  readonly width: number;
  readonly height: number;
  /** Size of the whole page in pixels at `dpi`. */
  readonly pageWidth: number;
  readonly pageHeight: number;
  /** Skew that was taken out, degrees clockwise. */
  readonly skew: number;
  /** Three bytes a pixel, straightened. */
  readonly rgb: Uint8Array;
}

/**
 * The top of a page, straightened unless told to leave it. A page that is one full-page JPEG is decoded
 * directly (never enlarged: the resolution falls to the scan's own). Throws `reading.page-too-large`.
 */
export async function headPicture(
  page: HeadSource,
  options: { readonly straighten: boolean },
): Promise<HeadPicture> {
  const source: Source =
    page.kind === 'jpeg' ? await fromJpeg(page) : { ...page.picture, channels: 4, dpi: page.dpi };
  const { width, height, channels } = source;
  const skew = options.straighten ? await skewOf(source) : 0;
  const rgb = await straighten(source, skew);
  if (channels === 4) swapRedAndBlue(rgb);
  return {
    dpi: source.dpi,
    width,
    height,
    pageWidth: width,
    pageHeight: Math.round((page.height / page.width) * width),
    skew,
    rgb,
  };
}

async function skewOf({ data, width, height, channels }: Source): Promise<number> {
  const small = await sharp(data, { raw: { width, height, channels } })
    .extractChannel(channels === 4 ? 2 : 0)
    .resize({ width: Math.min(620, width) })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return estimateSkew({ width: small.info.width, height: small.info.height, data: small.data });
}

interface Source {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 3: red, green, blue; 4: blue, green, red, unused. */
  readonly channels: 3 | 4;
  readonly dpi: number;
}

async function fromJpeg(page: Extract<HeadSource, { kind: 'jpeg' }>): Promise<Source> {
  const { dpi, fraction } = page;
  const meta = await sharp(page.jpeg, { limitInputPixels: false }).metadata();
  if (meta.width * meta.height > maximumInputPixels)
    throw new AnThuError('reading.page-too-large', { width: meta.width, height: meta.height });
  const image = sharp(page.jpeg, { limitInputPixels: maximumInputPixels, failOn: 'error' });
  const ownDpi = meta.width / (page.width / 72);
  const target = Math.min(dpi, ownDpi);
  const width = Math.max(1, Math.round((meta.width * target) / ownDpi));
  const { data, info } = await image
    .extract({ left: 0, top: 0, width: meta.width, height: Math.max(1, Math.ceil(meta.height * fraction)) })
    .resize({ width })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { data, width: info.width, height: info.height, channels: 3, dpi: target };
  // A grey scan: the one plane serves as red, green and blue.
  const rgb = new Uint8Array(info.width * info.height * 3);
  for (let i = 0; i < info.width * info.height; i++) rgb.fill(data[i * info.channels]!, i * 3, i * 3 + 3);
  return { data: rgb, width: info.width, height: info.height, channels: 3, dpi: target };
}

/** Turns the picture back by `skew` about its middle; the size stays. */
async function straighten(source: Source, skew: number): Promise<Uint8Array> {
  const { width, height, channels } = source;
  const raw = { raw: { width, height, channels } } as const;
  let image = sharp(source.data, raw);
  if (Math.abs(skew) >= 0.05) {
    const turned = await image
      .removeAlpha()
      .rotate(-skew, { background: '#ffffff' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    image = sharp(turned.data, {
      raw: { width: turned.info.width, height: turned.info.height, channels: 3 },
    }).extract({
      left: Math.floor((turned.info.width - width) / 2),
      top: Math.floor((turned.info.height - height) / 2),
      width,
      height,
    });
  }
  return image.removeAlpha().raw().toBuffer();
}

function swapRedAndBlue(data: Uint8Array): void {
  for (let i = 0; i + 2 < data.length; i += 3) {
    const blue = data[i]!;
    data[i] = data[i + 2]!;
    data[i + 2] = blue;
  }
}
