import { Asn1Error, children, decode, expectTag, readOid, tag, type Asn1Node } from '../asn1/der.ts';
import { showOutsideText } from '../shared/outside-text.ts';
import { knownReadings } from './known-readings.ts';

/** One attribute of a distinguished name. */
interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

/** A distinguished name: its encoding and its attributes in order, one array a relative name. */
export interface DistinguishedName {
  readonly raw: Uint8Array;
  readonly relativeNames: readonly (readonly NameAttribute[])[];
}

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'SERIALNUMBER',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'T',
  '2.5.4.42': 'G',
  '1.2.840.113549.1.9.1': 'EMAIL',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
};

function readText(node: Asn1Node): string {
  const bytes = Buffer.from(node.content);
  switch (node.tag) {
    case tag.utf8String:
      return bytes.toString('utf8');
    case 0x1e: // BMPString
      return Buffer.from(bytes.subarray(0, bytes.length & ~1))
        .swap16()
        .toString('utf16le');
    case tag.printableString:
    case tag.ia5String:
    case 0x12: // NumericString
    case 0x14: // TeletexString
    case 0x1a: // VisibleString
      return bytes.toString('latin1');
    default:
      return `#${Buffer.from(node.raw).toString('hex')}`;
  }
}

/** Reads a Name (RFC 5280 4.1.2.4); throws {@link Asn1Error} when it is none. */
export function readName(node: Asn1Node | undefined): DistinguishedName {
  return readKnownName(expectTag(node, tag.sequence).raw);
}

const readKnownName = knownReadings(1024, readEncodedName);

function readEncodedName(raw: Uint8Array): DistinguishedName {
  const name = decode(raw);
  const relativeNames = children(name).map((set) =>
    children(expectTag(set, tag.set)).map((attribute) => {
      const [type, value, ...rest] = children(expectTag(attribute, tag.sequence));
      if (!value || rest.length > 0) throw new Asn1Error('not an attribute of a name');
      return { type: readOid(type), value: readText(value) };
    }),
  );
  return { raw, relativeNames };
}

/** First value of an attribute by its short name (`CN`, `O`, `OU`, `T`, `SN`, `G`), harmless to show, or undefined. */
export function nameValue(name: DistinguishedName, short: string): string | undefined {
  const value = name.relativeNames.flat().find((attribute) => shortNames[attribute.type] === short)?.value;
  return value === undefined ? undefined : showOutsideText(value);
}

/** `CN=…, O=…, C=…`: most specific first, as people read it. */
export function formatName(name: DistinguishedName): string {
  return name.relativeNames
    .toReversed()
    .map((set) =>
      set.map(({ type, value }) => `${shortNames[type] ?? type}=${showOutsideText(value)}`).join('+'),
    )
    .join(', ');
}

const comparables = new WeakMap<DistinguishedName, readonly string[]>();

function comparable(name: DistinguishedName): readonly string[] {
  const before = comparables.get(name) ?? foldName(name);
  comparables.set(name, before);
  return before;
}

function foldName({ relativeNames }: DistinguishedName): string[] {
  return relativeNames.map((set) =>
    set
      .map(
        ({ type, value }) => `${type}=${value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()}`,
      )
      .sort()
      .join('\n'),
  );
}

/** Whether two names are the same (RFC 5280 7.1: case and runs of white space do not count). */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  if (Buffer.compare(a.raw, b.raw) === 0) return true;
  return a.relativeNames.length === b.relativeNames.length && isWithinName(a, b);
}

/** Whether a name begins with all relative names of `base`. */
export function isWithinName(base: DistinguishedName, name: DistinguishedName): boolean {
  const parts = comparable(name);
  return comparable(base).every((part, index) => part === parts[index]);
}
