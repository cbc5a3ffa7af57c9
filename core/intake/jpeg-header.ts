import { AnThuError } from '../shared/errors.ts';
import { reason } from '../shared/reasons.ts';
import type { ByteReader } from './byte-reader.ts';
import { type Orientation, readExif } from './exif.ts';
import type { Dpi } from './image-scale.ts';

/** What a PDF must know of a JPEG to show it as it is. */
export interface JpegFacts {
  readonly width: number;
  readonly height: number;
  readonly components: 1 | 3 | 4;
  /** Adobe's marker: with four components the values stand inverted. */
  readonly hasAdobeMarker: boolean;
  readonly dpi: Dpi | undefined;
  readonly orientation: Orientation;
}

const MAX_SEGMENTS = 4000;

/**
 * Reads a JPEG's segments up to its first scan. Throws `intake.unsupported-image` for what DCTDecode cannot show
 * (lossless, arithmetic, 12-bit), `intake.damaged-image` when no frame comes.
 */
export async function readJpegFacts(reader: ByteReader): Promise<JpegFacts> {
  let at = 2;
  let jfifDpi: Dpi | undefined;
  let exif: { orientation: Orientation; dpi: Dpi | undefined } = { orientation: 1, dpi: undefined };
  let hasAdobeMarker = false;
  let frame: { width: number; height: number; components: 1 | 3 | 4 } | undefined;
  for (let segments = 0; segments < MAX_SEGMENTS; segments++) {
    const mark = await reader.read(at, 4);
    const kind = mark[1];
    if (mark.length < 4 || mark[0] !== 0xff || kind === undefined) break;
    if (kind === 0xff) {
      at += 1;
      continue;
    }
    if (kind === 0xda) break;
    const length = mark.readUInt16BE(2);
    const body = await reader.read(at + 4, Math.min(length - 2, 65_533));
    if (isFrame(kind)) frame = readFrame(kind, body);
    else if (kind === 0xe0 && body.toString('latin1', 0, 5) === 'JFIF\0') jfifDpi = jfifResolution(body);
    else if (kind === 0xe1 && body.toString('latin1', 0, 6) === 'Exif\0\0')
      exif = await readExif(body.subarray(6));
    else if (kind === 0xee && body.toString('latin1', 0, 5) === 'Adobe') hasAdobeMarker = true;
    at += 2 + length;
  }
  if (!frame) throw new AnThuError('intake.damaged-image', { reason: reason('picture.parts-missing') });
  return { ...frame, hasAdobeMarker, dpi: jfifDpi ?? exif.dpi, orientation: exif.orientation };
}

function isFrame(kind: number): boolean {
  return kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc;
}

function readFrame(kind: number, body: Buffer): { width: number; height: number; components: 1 | 3 | 4 } {
  if (kind > 0xc2)
    throw new AnThuError('intake.unsupported-image', { reason: reason('picture.jpeg-coding') });
  if (body.length < 6) throw new AnThuError('intake.damaged-image', { reason: reason('picture.ends-early') });
  if (body[0] !== 8)
    throw new AnThuError('intake.unsupported-image', { reason: reason('picture.bits', body[0]) });
  const components = body[5];
  if (components !== 1 && components !== 3 && components !== 4) {
    throw new AnThuError('intake.unsupported-image', { reason: reason('picture.components', components) });
  }
  return { height: body.readUInt16BE(1), width: body.readUInt16BE(3), components };
}

function jfifResolution(body: Buffer): Dpi | undefined {
  if (body.length < 12) return undefined;
  const unit = body[7];
  const factor = unit === 1 ? 1 : unit === 2 ? 2.54 : 0;
  if (factor === 0) return undefined;
  return { x: body.readUInt16BE(8) * factor, y: body.readUInt16BE(10) * factor };
}
