import { inflateSync } from 'node:zlib';
import { damaged, overLimit } from './damage.ts';
import type { PdfLimits } from './limits.ts';
import { PdfDict, PdfName, type PdfObject } from './objects.ts';

/** Looks up references; the identity where the format allows none. */
export type Resolve = (object: PdfObject | undefined) => PdfObject;

/** One packs, one or two make text of it. */
const MOST_FILTERS = 8;

/** Undoes a stream's filters as far as structure streams use them (Flate with predictors, ASCIIHex). */
export function decodeStreamData(
  dict: PdfDict,
  raw: Uint8Array,
  limits: PdfLimits,
  resolve: Resolve,
): Uint8Array {
  const filters = asList(resolve(dict.get('Filter') ?? dict.get('F')), resolve);
  const parameters = asList(resolve(dict.get('DecodeParms') ?? dict.get('DP')), resolve);
  if (filters.length > MOST_FILTERS) throw damaged('stream-filter');
  let data = raw;
  filters.forEach((filter, index) => {
    const name = filter instanceof PdfName ? filter.value : '';
    const given = parameters[index];
    if (name === 'FlateDecode' || name === 'Fl') {
      data = undoPredictor(inflate(data, limits), given instanceof PdfDict ? given : undefined, resolve);
    } else if (name === 'Crypt') {
      // Undone before the filters are looked at.
    } else if (name === 'ASCIIHexDecode' || name === 'AHx') data = asciiHex(data);
    else throw damaged('stream-filter');
  });
  return data;
}

function asList(value: PdfObject, resolve: Resolve): PdfObject[] {
  if (value === null) return [];
  return Array.isArray(value) ? value.map((item) => resolve(item)) : [value];
}

function inflate(data: Uint8Array, limits: PdfLimits): Uint8Array {
  try {
    // A page's content is small; room for more would be thrown away with each of hundreds.
    const chunkSize = Math.max(256, Math.min(16_384, 4 * data.length));
    return inflateSync(data, { chunkSize, maxOutputLength: limits.streamBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw overLimit('streamBytes', limits.streamBytes);
    throw damaged('stream-data');
  }
}

function asciiHex(data: Uint8Array): Uint8Array {
  const text = Buffer.from(data).toString('latin1').replace(/\s/g, '');
  const end = text.indexOf('>');
  const digits = end < 0 ? text : text.slice(0, end);
  if (/[^0-9a-fA-F]/.test(digits)) throw damaged('stream-data');
  return Buffer.from(digits.length % 2 ? `${digits}0` : digits, 'hex');
}

function numberOf(parameters: PdfDict, key: string, fallback: number, resolve: Resolve): number {
  const value = resolve(parameters.get(key));
  if (value === null) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw damaged('stream-data');
  return value;
}

function undoPredictor(data: Uint8Array, parameters: PdfDict | undefined, resolve: Resolve): Uint8Array {
  if (!parameters) return data;
  const predictor = numberOf(parameters, 'Predictor', 1, resolve);
  if (predictor === 1) return data;
  const colors = numberOf(parameters, 'Colors', 1, resolve);
  const bits = numberOf(parameters, 'BitsPerComponent', 8, resolve);
  const columns = numberOf(parameters, 'Columns', 1, resolve);
  const pixelBytes = Math.max(1, Math.ceil((colors * bits) / 8));
  const rowBytes = Math.ceil((colors * bits * columns) / 8);
  if (rowBytes < 1) throw damaged('stream-data');
  if (predictor === 2) {
    if (bits !== 8) throw damaged('stream-filter');
    return undoTiff(data, rowBytes, pixelBytes);
  }
  return undoPng(data, rowBytes, pixelBytes);
}

function undoTiff(data: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const out = Uint8Array.from(data);
  for (let i = 0; i < out.length; i++) {
    if (i % rowBytes >= pixelBytes) out[i] = ((out[i] ?? 0) + (out[i - pixelBytes] ?? 0)) & 0xff;
  }
  return out;
}

function undoPng(data: Uint8Array, rowBytes: number, pixelBytes: number): Uint8Array {
  const rows = Math.ceil(data.length / (rowBytes + 1));
  const out = new Uint8Array(rows * rowBytes);
  let written = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * (rowBytes + 1);
    const type = data[start] ?? 0;
    if (type > 4) throw damaged('stream-data');
    const length = Math.min(rowBytes, data.length - start - 1);
    const base = row * rowBytes;
    for (let i = 0; i < length; i++) {
      const left = i >= pixelBytes ? (out[base + i - pixelBytes] ?? 0) : 0;
      const up = row > 0 ? (out[base + i - rowBytes] ?? 0) : 0;
      const upLeft = row > 0 && i >= pixelBytes ? (out[base + i - rowBytes - pixelBytes] ?? 0) : 0;
      out[base + i] = ((data[start + 1 + i] ?? 0) + predicted(type, left, up, upLeft)) & 0xff;
    }
    written = base + length;
  }
  return out.subarray(0, written);
}

function predicted(type: number, left: number, up: number, upLeft: number): number {
  if (type === 1) return left;
  if (type === 2) return up;
  if (type === 3) return (left + up) >> 1;
  if (type === 0) return 0;
  const estimate = left + up - upLeft;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toUpLeft = Math.abs(estimate - upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
