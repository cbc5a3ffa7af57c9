import type { PdfDocument } from '../pdf/document.ts';
import { type PdfDict, PdfName, PdfString, textOf, type PdfObject } from '../pdf/objects.ts';
import type { DigestAlgorithm } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';
import type { PadesLevel } from './levels.ts';

/** Bits of a seed value dictionary's /Ff: which constraints are orders, not wishes (ISO 32000-1 table 234; the last two are of PDF 2.0). */
const required = {
  filter: 1 << 0,
  subFilter: 1 << 1,
  version: 1 << 2,
  reasons: 1 << 3,
  legalAttestation: 1 << 4,
  revocation: 1 << 5,
  digest: 1 << 6,
  lockDocument: 1 << 7,
  appearance: 1 << 8,
} as const;

const FILTER = 'Adobe.PPKLite';
const SUB_FILTER = 'ETSI.CAdES.detached';
/** Highest seed value version whose entries are understood here. */
const VERSION = 2;

const digests: Readonly<Record<string, DigestAlgorithm>> = {
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
};

/** What a field's creator asks of the signature in it. */
export interface SeedChoices {
  readonly digestAlgorithm?: DigestAlgorithm;
  readonly reason?: string;
  /** Certification asked for; 0 means an approval signature. */
  readonly certify?: 0 | 1 | 2 | 3;
  /** `wanted`: the field asks for a timestamp, and nobody said yet whether there will be one. */
  readonly timestamp: 'wanted' | 'free';
}

/** What the signer wants. */
export interface SeedWishes {
  readonly digestAlgorithm?: DigestAlgorithm | undefined;
  readonly reason?: string | undefined;
  readonly certify?: 1 | 2 | 3 | undefined;
  /** The level asked for; where it is not known yet, a wanted timestamp can only be told. */
  readonly level?: PadesLevel | undefined;
}

/**
 * Reads and obeys a field's /SV (ISO 32000-1 12.7.4.5). What it orders and we cannot do is refused, what it only
 * wishes is followed where the signer left it open. Throws `signing.seed-value` with the entry that stands against it.
 */
export function obeySeedValues(pdf: PdfDocument, field: PdfDict, wishes: SeedWishes): SeedChoices {
  const seed = pdf.getDict(field, 'SV');
  if (!seed) return { timestamp: 'free' };
  const flags = numberOf(pdf.get(seed, 'Ff')) ?? 0;
  const orders = (bit: number): boolean => (flags & bit) !== 0;
  const refuse = (entry: string): AnThuError => new AnThuError('signing.seed-value', { entry });
  const filter = nameOf(pdf.get(seed, 'Filter'));
  if (orders(required.filter) && filter !== undefined && filter !== FILTER) throw refuse('Filter');
  const subFilters = list(pdf, seed, 'SubFilter').flatMap((item) => nameOf(item) ?? []);
  if (orders(required.subFilter) && subFilters.length > 0 && !subFilters.includes(SUB_FILTER))
    throw refuse('SubFilter');
  if (orders(required.version) && (numberOf(pdf.get(seed, 'V')) ?? 0) > VERSION) throw refuse('V');
  if (orders(required.legalAttestation) || orders(required.revocation))
    throw refuse(orders(required.revocation) ? 'AddRevInfo' : 'LegalAttestation');
  if (orders(required.lockDocument) && nameOf(pdf.get(seed, 'LockDocument')) === 'true')
    throw refuse('LockDocument');
  if (orders(required.appearance) && pdf.get(seed, 'AppearanceFilter') !== null)
    throw refuse('AppearanceFilter');
  const certificate = pdf.getDict(seed, 'Cert');
  if (certificate && (numberOf(pdf.get(certificate, 'Ff')) ?? 0) !== 0) throw refuse('Cert');
  const stamp = pdf.getDict(seed, 'TimeStamp');
  const stamped = stamp !== undefined && numberOf(pdf.get(stamp, 'Ff')) === 1;
  if (stamped && wishes.level === 'B-B') throw refuse('TimeStamp');
  return {
    digestAlgorithm: digestFor(pdf, seed, wishes, orders(required.digest)),
    reason: reasonFor(pdf, seed, wishes, orders(required.reasons)),
    certify: certificationFor(pdf, seed, wishes),
    timestamp: stamped && wishes.level === undefined ? 'wanted' : 'free',
  };
}

function digestFor(
  pdf: PdfDocument,
  seed: PdfDict,
  { digestAlgorithm }: SeedWishes,
  isOrder: boolean,
): DigestAlgorithm | undefined {
  const named = list(pdf, seed, 'DigestMethod').flatMap((item) => textValue(item) ?? []);
  if (named.length === 0) return digestAlgorithm;
  const known = named.flatMap((name) => digests[name.replace('-', '').toUpperCase()] ?? []);
  if (digestAlgorithm && (known.includes(digestAlgorithm) || !isOrder)) return digestAlgorithm;
  if (known.length === 0 && !isOrder) return undefined;
  const [first] = known;
  if (!first || digestAlgorithm) throw new AnThuError('signing.seed-value', { entry: 'DigestMethod' });
  return first;
}

function reasonFor(
  pdf: PdfDocument,
  seed: PdfDict,
  { reason }: SeedWishes,
  isOrder: boolean,
): string | undefined {
  const offered = list(pdf, seed, 'Reasons').flatMap((item) => textValue(item) ?? []);
  if (!isOrder) return reason;
  // No reason, or the one reason ".": the signature must give none.
  const none = offered.length === 0 || (offered.length === 1 && offered[0] === '.');
  if (none ? reason === undefined : reason !== undefined && offered.includes(reason)) return reason;
  if (!none && reason === undefined && offered.length === 1) return offered[0];
  throw new AnThuError('signing.seed-value', { entry: 'Reasons' });
}

function certificationFor(pdf: PdfDocument, seed: PdfDict, { certify }: SeedWishes): SeedChoices['certify'] {
  const rule = pdf.getDict(seed, 'MDP');
  const wanted = rule ? numberOf(pdf.get(rule, 'P')) : undefined;
  if (wanted === undefined) return certify;
  if (wanted !== 0 && wanted !== 1 && wanted !== 2 && wanted !== 3)
    throw new AnThuError('signing.seed-value', { entry: 'MDP' });
  if (certify !== undefined && certify !== wanted)
    throw new AnThuError('signing.seed-value', { entry: 'MDP' });
  return wanted;
}

function list(pdf: PdfDocument, dict: PdfDict, key: string): PdfObject[] {
  const value = pdf.get(dict, key);
  return Array.isArray(value) ? value.map((item) => pdf.resolve(item)) : [];
}

const numberOf = (object: PdfObject): number | undefined => (typeof object === 'number' ? object : undefined);
const nameOf = (object: PdfObject): string | undefined =>
  object instanceof PdfName ? object.value : undefined;
const textValue = (object: PdfObject): string | undefined =>
  object instanceof PdfString ? textOf(object) : nameOf(object);
