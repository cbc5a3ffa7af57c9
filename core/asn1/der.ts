/**
 * DER encoding and lenient-length, strict-bounds decoding of ASN.1, as far as CMS, TSP, OCSP and X.509
 * need it. The decoder accepts definite lengths only (BER indefinite length is refused: PAdES wants DER).
 */

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The structure is not the DER we can read. Carries no outside text, only the place. */
export class Asn1Error extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Asn1Error';
  }
}

// ---------------------------------------------------------------- encoding

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** Octets that a length takes behind its first one. */
function furtherLengthOctets(length: number): number {
  if (length < 0x80) return 0;
  let octets = 1;
  for (let rest = Math.floor(length / 256); rest > 0; rest = Math.floor(rest / 256)) octets++;
  return octets;
}

/** One TLV with the given identifier octet. */
export function encode(tagByte: number, ...content: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of content) length += part.length;
  const octets = furtherLengthOctets(length);
  const out = new Uint8Array(2 + octets + length);
  out[0] = tagByte;
  out[1] = octets === 0 ? length : 0x80 | octets;
  for (let at = 1 + octets, rest = length; at > 1; at--, rest = Math.floor(rest / 256)) out[at] = rest % 256;
  let offset = 2 + octets;
  for (const part of content) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

export const sequence = (...items: readonly Uint8Array[]): Uint8Array => encode(tag.sequence, ...items);

/** SET OF in DER order (X.690 11.6): the encodings sorted as octet strings. */
export function setOf(items: readonly Uint8Array[], tagByte: number = tag.set): Uint8Array {
  return encode(tagByte, ...[...items].sort(compareBytes));
}

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

/** INTEGER from a non-negative number, bigint or big-endian magnitude. */
export function integer(value: number | bigint | Uint8Array): Uint8Array {
  let bytes: Uint8Array;
  if (value instanceof Uint8Array) bytes = value;
  else {
    const hex = BigInt(value).toString(16);
    bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  }
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const magnitude = bytes.subarray(start);
  const first = magnitude[0] ?? 0;
  return first & 0x80 ? encode(tag.integer, Uint8Array.of(0), magnitude) : encode(tag.integer, magnitude);
}

export const octetString = (bytes: Uint8Array): Uint8Array => encode(tag.octetString, bytes);
export const bitString = (bytes: Uint8Array): Uint8Array => encode(tag.bitString, Uint8Array.of(0), bytes);
export const nullValue = (): Uint8Array => Uint8Array.of(tag.null, 0);
export const boolean = (value: boolean): Uint8Array => encode(tag.boolean, Uint8Array.of(value ? 0xff : 0));
export const utf8String = (text: string): Uint8Array => encode(tag.utf8String, Buffer.from(text, 'utf8'));

/** `[number]` constructed, context-specific: EXPLICIT around its content, or IMPLICIT over a constructed type. */
export const contextConstructed = (number: number, ...content: readonly Uint8Array[]): Uint8Array =>
  encode(0xa0 | number, ...content);

/** `[number]` primitive, context-specific: IMPLICIT over a primitive type. */
export const contextPrimitive = (number: number, content: Uint8Array): Uint8Array =>
  encode(0x80 | number, content);

/** Encodings of identifiers written before; they are a few constants. */
const knownOids = new Map<string, Uint8Array>();

export function oid(dotted: string): Uint8Array {
  const known = knownOids.get(dotted);
  if (known) return known;
  const encoded = encodeOid(dotted);
  if (knownOids.size < 256) knownOids.set(dotted, encoded);
  return encoded;
}

function encodeOid(dotted: string): Uint8Array {
  const arcs = dotted.split('.').map(Number);
  const [first = 0, second = 0, ...rest] = arcs;
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return encode(tag.oid, Uint8Array.from(bytes));
}

/** GeneralizedTime `YYYYMMDDHHMMSSZ`. */
export function generalizedTime(instant: Date): Uint8Array {
  const text = `${instant.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return encode(tag.generalizedTime, Buffer.from(text, 'latin1'));
}

// ---------------------------------------------------------------- decoding

/** One decoded TLV: views into the input, nothing copied. */
export interface Asn1Node {
  /** Identifier octet (low-tag-number form only). */
  readonly tag: number;
  /** The whole TLV. */
  readonly raw: Uint8Array;
  /** The contents octets. */
  readonly content: Uint8Array;
}

/** Where a TLV stands. Its views are made when they are asked for: most nodes are only passed on the way to others. */
class PlacedNode implements Asn1Node {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;

  constructor(tagByte: number, bytes: Uint8Array, start: number, contentStart: number, end: number) {
    this.tag = tagByte;
    this.bytes = bytes;
    this.start = start;
    this.contentStart = contentStart;
    this.end = end;
  }

  get raw(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  get content(): Uint8Array {
    return this.bytes.subarray(this.contentStart, this.end);
  }
}

/** Reads the TLV that starts at `offset`; throws {@link Asn1Error} when it does not fit the bytes. */
export function decodeAt(bytes: Uint8Array, offset: number): Asn1Node {
  return placeAt(bytes, offset, bytes.length);
}

function placeAt(bytes: Uint8Array, offset: number, limit: number): PlacedNode {
  if (offset + 2 > limit) throw new Asn1Error('truncated TLV');
  const tagByte = bytes[offset];
  const first = bytes[offset + 1];
  if (tagByte === undefined || first === undefined) throw new Asn1Error('truncated TLV');
  if ((tagByte & 0x1f) === 0x1f) throw new Asn1Error('high tag numbers are not used here');
  let length = first;
  let header = 2;
  if (first === 0x80) throw new Asn1Error('indefinite length');
  if (first > 0x80) {
    const count = first & 0x7f;
    if (count > 6) throw new Asn1Error('length too long');
    length = 0;
    for (let i = 0; i < count; i++) {
      const byte = bytes[offset + 2 + i];
      if (byte === undefined || offset + 2 + i >= limit) throw new Asn1Error('truncated length');
      length = length * 256 + byte;
    }
    header += count;
  }
  const end = offset + header + length;
  if (end > limit) throw new Asn1Error('contents run past the end');
  return new PlacedNode(tagByte, bytes, offset, offset + header, end);
}

/** Decodes exactly one TLV; bytes after it are refused. */
export function decode(bytes: Uint8Array): Asn1Node {
  const node = decodeAt(bytes, 0);
  if (node.raw.length !== bytes.length) throw new Asn1Error('bytes after the structure');
  return node;
}

/** Parts of one structure, all of which are held; the entries of revocation lists, of which there are more, are walked. */
const MOST_CHILDREN = 20_000;

/** The TLVs inside a constructed node. */
export function children(node: Asn1Node): Asn1Node[] {
  if (!(node.tag & 0x20)) throw new Asn1Error('not a constructed type');
  const { bytes, contentStart, end } = placeOf(node);
  const nodes: PlacedNode[] = [];
  for (let offset = contentStart; offset < end;) {
    const child = placeAt(bytes, offset, end);
    if (nodes.length >= MOST_CHILDREN) throw new Asn1Error('too many parts');
    nodes.push(child);
    offset = child.end;
  }
  return nodes;
}

function placeOf(node: Asn1Node): Pick<PlacedNode, 'bytes' | 'contentStart' | 'end'> {
  if (node instanceof PlacedNode) return node;
  return { bytes: node.content, contentStart: 0, end: node.content.length };
}

/** Octets that a node's identifier and length take together. */
export function headerOctets(node: Asn1Node): number {
  if (node instanceof PlacedNode) return node.contentStart - node.start;
  return node.raw.length - node.content.length;
}

/** Octets of a node's contents. */
export function contentOctets(node: Asn1Node): number {
  return node instanceof PlacedNode ? node.end - node.contentStart : node.content.length;
}

/** Asserts a node's identifier octet. */
export function expectTag(node: Asn1Node | undefined, tagByte: number): Asn1Node {
  if (!node || node.tag !== tagByte) throw new Asn1Error(`expected tag ${tagByte.toString(16)}`);
  return node;
}

/** Identifiers have some ten. */
const MOST_OID_BYTES = 128;

export function readOid(node: Asn1Node | undefined): string {
  const { content } = expectTag(node, tag.oid);
  if (content.length > MOST_OID_BYTES) throw new Asn1Error('OID too long');
  const arcs: number[] = [];
  let value = 0;
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f);
    if (!Number.isSafeInteger(value)) throw new Asn1Error('OID arc too large');
    if (byte & 0x80) continue;
    arcs.push(value);
    value = 0;
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
}

/** Magnitude of a non-negative INTEGER without leading zeros, as lower-case hex. */
export function readIntegerHex(node: Asn1Node | undefined): string {
  return Buffer.from(expectTag(node, tag.integer).content)
    .toString('hex')
    .replace(/^0+(?=.)/, '');
}

/** UTCTime or GeneralizedTime in UTC (RFC 5280 4.1.2.5; fractions of a second allowed as TSP uses them). */
export function readTime(node: Asn1Node | undefined): Date {
  if (!node) throw new Asn1Error('time missing');
  const text = Buffer.from(node.content).toString('latin1');
  const match =
    node.tag === tag.utcTime
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(\.\d+)?Z$/.exec(text)
      : node.tag === tag.generalizedTime
        ? /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(\.\d+)?Z$/.exec(text)
        : null;
  if (!match) throw new Asn1Error('not a UTC time');
  const [, yearText = '', month, day, hour, minute, second = '00', fraction = ''] = match;
  const shortYear = Number(yearText);
  const year = node.tag === tag.utcTime ? (shortYear >= 50 ? 1900 + shortYear : 2000 + shortYear) : shortYear;
  const millis = fraction ? Math.floor(Number(`0${fraction}`) * 1000) : 0;
  const date = new Date(
    Date.UTC(year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), millis),
  );
  if (Number.isNaN(date.getTime())) throw new Asn1Error('time out of range');
  return date;
}
