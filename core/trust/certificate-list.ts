import {
  Asn1Error,
  children,
  compareBytes,
  decode,
  decodeAt,
  expectTag,
  readIntegerHex,
  readOid,
  readTime,
  tag,
  type Asn1Node,
} from '../asn1/der.ts';
import { readBitStringBytes } from './certificate.ts';
import { readName, sameName, type DistinguishedName } from './distinguished-name.ts';
import { allReasons, readPointName, readReasons, type ReasonSet } from './distribution-points.ts';
import type { GeneralName } from './general-names.ts';
import { readGeneralNames } from './general-names.ts';

/** What a partitioned list speaks of (RFC 5280 5.2.5). */
export interface ListScope {
  readonly names: readonly GeneralName[];
  readonly onlyUsers: boolean;
  readonly onlyAuthorities: boolean;
  readonly onlyAttributes: boolean;
  readonly reasons: ReasonSet;
  readonly indirect: boolean;
  /** DER of the extension, to compare a delta with its base. */
  readonly raw: Uint8Array;
}

/** A certificate revocation list as read (RFC 5280 5.1); its entries stay bytes and are walked when asked. */
export interface CertificateList {
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly signedPart: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  /** Contents of revokedCertificates. */
  readonly entries: Uint8Array;
  /** Numbers as hex without leading zeros. */
  readonly number: string | undefined;
  /** Set when this is a delta list: the number of the list it builds on. */
  readonly deltaBase: string | undefined;
  readonly scope: ListScope | undefined;
  readonly authorityKeyIdentifier: Uint8Array | undefined;
}

/** Largest list taken in; a national authority's is a few megabytes. */
export const maximumListBytes = 64 * 1024 * 1024;

const ids = {
  authorityKeyIdentifier: '2.5.29.35',
  number: '2.5.29.20',
  reason: '2.5.29.21',
  invalidity: '2.5.29.24',
  delta: '2.5.29.27',
  scope: '2.5.29.28',
  entryIssuer: '2.5.29.29',
  freshest: '2.5.29.46',
} as const;
const understood: ReadonlySet<string> = new Set(Object.values(ids));

interface ListExtension {
  readonly id: string;
  readonly value: Uint8Array;
}

/** Extensions of a list or an entry; a critical one that we cannot obey makes it unusable. */
function readListExtensions(node: Asn1Node): ListExtension[] {
  return children(expectTag(node, tag.sequence)).map((item) => {
    const parts = children(expectTag(item, tag.sequence));
    const id = readOid(parts[0]);
    const critical = parts[1]?.tag === tag.boolean && parts[1].content[0] !== 0;
    if (critical && !understood.has(id)) throw new Asn1Error('critical extension of a list not understood');
    return { id, value: expectTag(parts.at(-1), tag.octetString).content };
  });
}

function readScope(value: Uint8Array, issuer: DistinguishedName): ListScope {
  const parts = children(expectTag(decode(value), tag.sequence));
  const flag = (number: number): boolean =>
    parts.some((part) => part.tag === (0x80 | number) && part.content[0] !== 0);
  const name = parts.find((part) => part.tag === 0xa0);
  const reasons = parts.find((part) => part.tag === 0x83);
  return {
    names: name ? readPointName(name, issuer) : [],
    onlyUsers: flag(1),
    onlyAuthorities: flag(2),
    reasons: reasons ? readReasons(reasons) & allReasons : allReasons,
    indirect: flag(4),
    onlyAttributes: flag(5),
    raw: value,
  };
}

function undoPem(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(bytes.subarray(0, 64)).toString('latin1');
  if (!head.includes('-----BEGIN')) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  const body = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/.exec(text)?.[1];
  if (body === undefined) throw new Asn1Error('no list in the PEM text');
  return Buffer.from(body, 'base64');
}

const isTime = (node: Asn1Node | undefined): boolean =>
  node?.tag === tag.utcTime || node?.tag === tag.generalizedTime;

/** Reads a CRL, PEM or DER; throws {@link Asn1Error}. Entries are not looked at yet. */
export function parseCertificateList(bytes: Uint8Array): CertificateList {
  if (bytes.length > maximumListBytes) throw new Asn1Error('list too large');
  const der = undoPem(bytes);
  const [signedPart, outer, signature, ...rest] = children(expectTag(decode(der), tag.sequence));
  if (!signedPart || !outer || rest.length > 0) throw new Asn1Error('not a certificate list');
  const fields = children(expectTag(signedPart, tag.sequence));
  if (fields[0]?.tag === tag.integer) fields.shift();
  const [inner, issuerNode, thisUpdate, ...optional] = fields;
  if (!inner || compareBytes(inner.raw, outer.raw) !== 0)
    throw new Asn1Error('algorithms of the list differ');
  const issuer = readName(issuerNode);
  const next = isTime(optional[0]) ? optional.shift() : undefined;
  const entries = optional[0]?.tag === tag.sequence ? optional.shift() : undefined;
  const extensionNode = optional.find((node) => node.tag === 0xa0);
  const extensions = extensionNode
    ? readListExtensions(expectTag(children(extensionNode)[0], tag.sequence))
    : [];
  const find = (id: string): Uint8Array | undefined => extensions.find((item) => item.id === id)?.value;
  const scope = find(ids.scope);
  const number = find(ids.number);
  const delta = find(ids.delta);
  const keyNode = find(ids.authorityKeyIdentifier);
  return {
    issuer,
    thisUpdate: readTime(thisUpdate),
    nextUpdate: next && readTime(next),
    signedPart: signedPart.raw,
    signatureAlgorithm: outer.raw,
    signature: readBitStringBytes(signature),
    entries: entries?.content ?? new Uint8Array(),
    number: number && readIntegerHex(decode(number)),
    deltaBase: delta && readIntegerHex(decode(delta)),
    scope: scope && readScope(scope, issuer),
    authorityKeyIdentifier: keyNode && children(decode(keyNode)).find((part) => part.tag === 0x80)?.content,
  };
}

/** What a list says of a certificate it names. */
export interface ListEntry {
  readonly at: Date;
  /** CRLReason; 0 when the entry gives none, 8 takes it off the list again. */
  readonly reason: number;
}

function readEntry(node: Asn1Node): {
  readonly entry: ListEntry;
  readonly issuer: DistinguishedName | undefined;
} {
  const [, date, extensionNode] = children(node);
  const extensions = extensionNode ? readListExtensions(extensionNode) : [];
  const reason = extensions.find(({ id }) => id === ids.reason);
  const named = extensions.find(({ id }) => id === ids.entryIssuer);
  const [issuer] = named ? readGeneralNames(decode(named.value)) : [];
  return {
    entry: {
      at: readTime(date),
      reason: reason ? (expectTag(decode(reason.value), tag.enumerated).content[0] ?? 0) : 0,
    },
    issuer: issuer?.kind === 'directory' ? issuer.name : undefined,
  };
}

/**
 * Walks the entries one by one (a national list has hundreds of thousands; nothing is kept) for a serial
 * number (contents of its INTEGER) under an issuer. Undefined when it is not listed; throws {@link Asn1Error}.
 */
export function findListEntry(
  list: CertificateList,
  serial: Uint8Array,
  issuer: DistinguishedName,
): ListEntry | undefined {
  const wanted = shortest(serial);
  const { entries } = list;
  // In an indirect list an entry's issuer counts for those behind it, so every entry must be read.
  let current = list.issuer;
  const readAll = list.scope?.indirect === true;
  let found: ListEntry | undefined;
  for (let offset = 0; offset < entries.length;) {
    const node = decodeAt(entries, offset);
    offset += node.raw.length;
    const number = decodeAt(expectTag(node, tag.sequence).content, 0);
    const isListed = sameSerial(expectTag(number, tag.integer).content, wanted);
    const hasExtensions = readAll || isListed;
    if (!hasExtensions) {
      refuseUnknownCritical(node.content, number.raw.length);
      continue;
    }
    const { entry, issuer: named } = readEntry(node);
    current = named ?? current;
    if (isListed && sameName(current, issuer)) found ??= entry;
  }
  return found;
}

/** A list with an entry extension that we do not understand is unusable as a whole (RFC 5280 5.3). */
function refuseUnknownCritical(content: Uint8Array, dateOffset: number): void {
  const date = decodeAt(content, dateOffset);
  const next = dateOffset + date.raw.length;
  if (next < content.length) readListExtensions(decodeAt(content, next));
}

/** Some writers put needless zeros before a number; its sign bit is kept. */
function shortest(content: Uint8Array): Uint8Array {
  let start = 0;
  while (start < content.length - 1 && content[start] === 0 && (content[start + 1] ?? 0) < 0x80) start++;
  return content.subarray(start);
}

function sameSerial(content: Uint8Array, wanted: Uint8Array): boolean {
  const number = shortest(content);
  if (number.length !== wanted.length) return false;
  for (let index = 0; index < wanted.length; index++) if (number[index] !== wanted[index]) return false;
  return true;
}
