import type { ByteSource } from './byte-source.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfLimits } from './limits.ts';
import { runFinder, type NumberRun } from './number-runs.ts';
import { ObjectParser } from './object-parser.ts';
import { PdfName, PdfStream, type PdfDict, type PdfObject } from './objects.ts';
import { decodeStreamData } from './stream-filters.ts';
import type { XrefEntry, XrefSection } from './xref.ts';

/** Reads the cross-reference stream whose object starts at `offset`; entries are decoded when asked for. */
export function readXrefStream(source: ByteSource, offset: number, limits: PdfLimits): XrefSection {
  const parser = new ObjectParser(source, offset, limits);
  if (parser.tryInteger() === undefined) throw damaged('xref-not-found', offset);
  parser.position = offset;
  const { object: stream } = parser.indirectObject();
  if (!(stream instanceof PdfStream) || !('start' in stream.data)) throw damaged('xref-not-found', offset);
  const { dict } = stream;
  const type = dict.get('Type');
  if (!(type instanceof PdfName) || type.value !== 'XRef') throw damaged('xref-not-found', offset);
  const length = dict.get('Length');
  if (typeof length !== 'number' || length < 0) throw damaged('xref-stream', offset);
  if (length > limits.streamBytes) throw overLimit('streamBytes', limits.streamBytes);
  const raw = source.read(stream.data.start, length);
  parser.position = stream.data.start + length;
  if (raw.length !== length || parser.keyword() !== 'endstream') throw damaged('stream-length', offset);
  if (!parser.tryKeyword('endobj')) throw damaged('object-end', offset);
  const data = decodeStreamData(dict, raw, limits, direct);
  const widths = readWidths(dict, offset);
  const ranges = readRanges(dict, offset, limits);
  const rowBytes = widths[0] + widths[1] + widths[2];
  const rows = ranges.reduce((sum, range) => sum + range.count, 0);
  if (rows * rowBytes > data.length) throw damaged('xref-stream', offset);
  const find = runFinder(ranges);
  const lookup = (num: number): XrefEntry | undefined => {
    const found = find(num);
    return found && readRow(data, (found.row + num - found.first) * rowBytes, widths, offset);
  };
  const highest = ranges.reduce(
    (found, { first, count }) => (count > 0 ? Math.max(found, first + count - 1) : found),
    -1,
  );
  return {
    kind: 'stream',
    offset,
    trailer: dict,
    oddNumbers: parser.sawOddNumber,
    highest,
    end: parser.position,
    runs: ranges,
    bytes: data.length,
    lookup,
  };
}

const direct = (object: PdfObject | undefined): PdfObject => object ?? null;

type Widths = readonly [number, number, number];

function readWidths(dict: PdfDict, offset: number): Widths {
  const w = dict.get('W');
  if (!Array.isArray(w) || w.length < 3) throw damaged('xref-stream', offset);
  const [a, b, c] = w.map((width) =>
    typeof width === 'number' && Number.isInteger(width) && width >= 0 && width <= 8 ? width : -1,
  );
  if (a === undefined || b === undefined || c === undefined || a < 0 || b < 1 || c < 0)
    throw damaged('xref-stream', offset);
  return [a, b, c];
}

interface Range extends NumberRun {
  /** Row of the first entry in the decoded data. */
  readonly row: number;
}

function readRanges(dict: PdfDict, offset: number, limits: PdfLimits): Range[] {
  const size = dict.get('Size');
  const index = dict.get('Index') ?? [0, size ?? null];
  if (!Array.isArray(index) || index.length % 2 !== 0) throw damaged('xref-stream', offset);
  const ranges: Range[] = [];
  let row = 0;
  for (let i = 0; i < index.length; i += 2) {
    const first = index[i];
    const count = index[i + 1];
    if (!isCount(first) || !isCount(count)) throw damaged('xref-stream', offset);
    if (first + count > limits.objects + 1 || row + count > limits.objects)
      throw overLimit('objects', limits.objects);
    if (count > 0) ranges.push({ first, count, row });
    row += count;
  }
  return ranges;
}

function isCount(value: PdfObject | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function readRow(data: Uint8Array, start: number, [a, b, c]: Widths, offset: number): XrefEntry {
  const type = a === 0 ? 1 : bigEndian(data, start, a);
  const second = bigEndian(data, start + a, b);
  const third = bigEndian(data, start + a + b, c);
  if (type === 0) return { kind: 'free' };
  if (type === 1) return { kind: 'offset', offset: second, gen: third };
  if (type === 2) return { kind: 'compressed', stream: second, index: third };
  throw damaged('xref-entry', offset);
}

function bigEndian(data: Uint8Array, start: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (data[start + i] ?? 0);
  return value;
}
