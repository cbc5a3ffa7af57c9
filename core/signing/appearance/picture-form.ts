import { deflateSync } from 'node:zlib';
import type { IncrementalUpdate } from '../../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfStream, type PdfObject, type PdfRef } from '../../pdf/objects.ts';
import { numberText } from '../../pdf/serialize.ts';
import type { FormContent } from './form-import.ts';
import type { InkPicture } from './ink-picture.ts';
import { calibratedRgb } from './calibrated-rgb.ts';

/**
 * Whether see-through pictures may be soft at their edges. PDF/A-1 allows no soft mask; there each pixel is either
 * drawn or not.
 */
export type MaskKind = 'soft' | 'hard';

/** A picture as page content of a size in points; its pixels are added to the update. */
export function pictureForm(
  update: IncrementalUpdate,
  picture: InkPicture,
  size: { readonly width: number; readonly height: number },
  mask: MaskKind,
): FormContent {
  const image = addImage(update, picture, mask);
  return {
    ...size,
    content: `q\n${thousandth(size.width)} 0 0 ${thousandth(size.height)} 0 0 cm\n/Im1 Do\nQ\n`,
    images: { Im1: image },
  };
}

function addImage(update: IncrementalUpdate, picture: InkPicture, mask: MaskKind): PdfRef {
  const { width, height } = picture;
  const { rgb, soft, hard } = packedOf(picture);
  const maskRef =
    mask === 'soft'
      ? update.add(imageStream(width, height, soft(), { ColorSpace: new PdfName('DeviceGray'), bits: 8 }))
      : update.add(imageStream(width, height, hard(), { ImageMask: true, bits: 1 }));
  return update.add(
    imageStream(width, height, rgb(), {
      ColorSpace: calibratedRgb(),
      bits: 8,
      ...(mask === 'soft' ? { SMask: maskRef } : { Mask: maskRef }),
    }),
  );
}

interface PackedPicture {
  readonly rgb: () => Uint8Array;
  readonly soft: () => Uint8Array;
  readonly hard: () => Uint8Array;
}

const packed = new WeakMap<InkPicture, PackedPicture>();

/** A picture's samples as Flate streams, made once for all files of a batch. */
function packedOf(picture: InkPicture): PackedPicture {
  const known = packed.get(picture);
  if (known) return known;
  const made = {
    rgb: once(() => deflateSync(picture.rgb)),
    soft: once(() => deflateSync(picture.alpha)),
    hard: once(() => deflateSync(stencil(picture))),
  };
  packed.set(picture, made);
  return made;
}

function once(make: () => Uint8Array): () => Uint8Array {
  let made: Uint8Array | undefined;
  return () => (made ??= make());
}

function imageStream(
  width: number,
  height: number,
  flate: Uint8Array,
  { bits, ...rest }: Record<string, PdfObject> & { readonly bits: number },
): PdfStream {
  return new PdfStream(
    new PdfDict({
      Type: new PdfName('XObject'),
      Subtype: new PdfName('Image'),
      Width: width,
      Height: height,
      BitsPerComponent: bits,
      Interpolate: false,
      ...rest,
      Filter: new PdfName('FlateDecode'),
    }),
    { bytes: flate },
  );
}

/** One bit a pixel, set where nothing is drawn. */
function stencil({ width, height, alpha }: InkPicture): Buffer {
  const rowBytes = Math.ceil(width / 8);
  const bits = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((alpha[y * width + x] ?? 0) >= 96) continue;
      const at = y * rowBytes + (x >> 3);
      bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return bits;
}

function thousandth(value: number): string {
  return numberText(Math.round(value * 1000) / 1000);
}
