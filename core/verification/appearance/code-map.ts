import { bufferSource } from '../../pdf/byte-source.ts';
import { ObjectParser } from '../../pdf/object-parser.ts';
import type { PdfLimits } from '../../pdf/limits.ts';
import { PdfString, type PdfObject } from '../../pdf/objects.ts';

/** Text by character code, as a /ToUnicode map tells it. */
export type CodeMap = ReadonlyMap<number, string>;

const maximumBytes = 1024 * 1024;
const maximumEntries = 70_000;

/** Operators of a /ToUnicode map; one that uses another map or anything else is not read. */
const knownOperators: ReadonlySet<string> = new Set([
  'findresource', 'begin', 'end', 'dict', 'def', 'defineresource', 'pop', 'dup', 'begincmap', 'endcmap', 'currentdict',
  'CMapName', 'begincodespacerange', 'endcodespacerange', 'beginbfchar', 'endbfchar', 'beginbfrange', 'endbfrange',
]); // prettier-ignore

const codeOf = ({ bytes }: PdfString): number | undefined =>
  bytes.length >= 1 && bytes.length <= 4 ? Buffer.from(bytes).readUIntBE(0, bytes.length) : undefined;

function textOf({ bytes }: PdfString): string | undefined {
  if (bytes.length === 1) return String.fromCharCode(bytes[0] ?? 0);
  if (bytes.length === 0 || bytes.length % 2 !== 0) return undefined;
  return Buffer.from(bytes).swap16().toString('utf16le');
}

/** The text `offset` places behind `text`: its last unit counted up. */
function following(text: string, offset: number): string {
  return text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + offset);
}

/**
 * Reads a /ToUnicode map (ISO 32000-1 9.10.3: bfchar and bfrange). Undefined for what is not such a map, contradicts
 * itself or is too large: it proves nothing then.
 */
export function readCodeMap(bytes: Uint8Array, limits: PdfLimits): CodeMap | undefined {
  if (bytes.length > maximumBytes) return undefined;
  const source = bufferSource(bytes);
  const parser = new ObjectParser(source, 0, limits, 'none');
  const map = new Map<number, string>();
  let operands: PdfObject[] = [];
  for (;;) {
    parser.skipSpace();
    const byte = source.byteAt(parser.position);
    if (byte < 0) return map;
    if (!/[A-Za-z]/.test(String.fromCharCode(byte))) {
      operands.push(parser.object());
      if (operands.length > 4 * maximumEntries) return undefined;
      continue;
    }
    const operator = parser.keyword();
    if (!knownOperators.has(operator)) return undefined;
    const fits =
      operator === 'endbfchar'
        ? addCharacters(map, operands)
        : operator === 'endbfrange'
          ? addRanges(map, operands)
          : true;
    if (!fits || map.size > maximumEntries) return undefined;
    operands = [];
  }
}

function add(map: Map<number, string>, code: number, text: string | undefined): boolean {
  const known = map.get(code);
  if (text === undefined || (known !== undefined && known !== text)) return false;
  map.set(code, text);
  return true;
}

function addCharacters(map: Map<number, string>, operands: readonly PdfObject[]): boolean {
  if (operands.length % 2 !== 0) return false;
  for (let at = 0; at < operands.length; at += 2) {
    const [code, text] = [operands[at], operands[at + 1]];
    if (!(code instanceof PdfString) || !(text instanceof PdfString)) return false;
    const number = codeOf(code);
    if (number === undefined || !add(map, number, textOf(text))) return false;
  }
  return true;
}

function addRanges(map: Map<number, string>, operands: readonly PdfObject[]): boolean {
  if (operands.length % 3 !== 0) return false;
  for (let at = 0; at < operands.length; at += 3) {
    const [low, high, target] = [operands[at], operands[at + 1], operands[at + 2]];
    if (!(low instanceof PdfString) || !(high instanceof PdfString)) return false;
    const [first, last] = [codeOf(low), codeOf(high)];
    if (first === undefined || last === undefined || last < first || last - first > 0xffff) return false;
    for (let code = first; code <= last; code++) {
      const offset = code - first;
      const item = Array.isArray(target) ? target[offset] : target;
      if (!(item instanceof PdfString)) return false;
      const text = textOf(item);
      const own = Array.isArray(target) || text === undefined ? text : following(text, offset);
      if (!add(map, code, own)) return false;
    }
  }
  return true;
}
