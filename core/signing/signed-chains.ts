import { Asn1Error } from '../asn1/der.ts';
import type { PdfDocument } from '../pdf/document.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { readSignedFields } from '../pdf/signed-fields.ts';
import { AnThuError } from '../shared/errors.ts';
import type { Certificate } from '../trust/certificate.ts';
import { oids } from '../trust/oids.ts';
import { readSignedRange, type SignedRange } from '../verification/byte-range.ts';
import { namedCertificates, parseSignedData, type SignedData } from '../verification/cms.ts';
import { parseTimestampToken } from '../verification/timestamp-token.ts';
import { MOST_PAGES } from './most-pages.ts';
import type { WantedChain } from './validation-data.ts';
import { reason } from '../shared/reasons.ts';

/** What a signed file needs for its long-term levels. */
export interface SignedChains {
  readonly chains: readonly WantedChain[];
  /** Whether a signature has neither a timestamp of its own nor a later document timestamp. */
  readonly untimed: boolean;
}

/** The chain of a time-stamp token's authority. Throws `signing.tsa-refused` when the token is none or names nobody. */
export function tokenChain(token: Uint8Array, extra: readonly Certificate[] = []): WantedChain {
  try {
    const { data, time } = parseTimestampToken(token, 'zeros');
    const pool = [...data.certificates, ...extra];
    const [leaf] = namedCertificates(data.signer, pool);
    if (!leaf) throw new AnThuError('signing.tsa-refused', { reason: reason('tsa.no-certificate') });
    return { leaf, pool, purpose: 'timestamp', usedAt: time };
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    throw new AnThuError('signing.tsa-refused', { reason: reason('tsa.unreadable') }, { cause: error });
  }
}

interface ReadSignature {
  readonly range: SignedRange;
  readonly field: SignatureField;
}

/**
 * The chains of all signatures and timestamps of a file. Throws `signing.nothing-to-extend` without a signature and
 * `signing.earlier-signature-broken` for one whose dictionary, range or CMS is not well-formed.
 */
export function readSignedChains(pdf: PdfDocument, extra: readonly Certificate[], now: Date): SignedChains {
  const fields = readSignedFields(pdf, MOST_PAGES);
  if (fields.length === 0) throw new AnThuError('signing.nothing-to-extend');
  const read = fields.map((field): ReadSignature => {
    const range = readSignedRange(pdf, field);
    if (!range) throw broken(field);
    return { range, field };
  });
  const stamps = read.filter(isDocumentTimestamp);
  const stampChains = new Map(stamps.map((stamp) => [stamp, tokenOf(stamp, extra)]));
  const chains: WantedChain[] = [...stampChains.values()];
  let untimed = false;
  for (const signature of read.filter((item) => !isDocumentTimestamp(item))) {
    const data = signedDataOf(signature.field);
    const tokens = data.signer.unsignedAttributes
      .filter(({ type }) => type === oids.signatureTimeStamp)
      .flatMap(({ values }) => values)
      .map((value) => tokenChain(value.raw, extra));
    const later = stamps.flatMap((stamp) =>
      stamp.range.end > signature.range.end ? (stampChains.get(stamp) ?? []) : [],
    );
    const times = [...tokens, ...later].map(({ usedAt }) => usedAt);
    untimed ||= times.length === 0;
    const pool = [...data.certificates, ...extra];
    const [leaf] = namedCertificates(data.signer, pool);
    if (!leaf) throw broken(signature.field);
    const usedAt = times.sort((a, b) => a.getTime() - b.getTime())[0] ?? now;
    chains.push(...tokens, { leaf, pool, purpose: 'signature', usedAt });
  }
  return { chains, untimed };
}

function isDocumentTimestamp({ field }: ReadSignature): boolean {
  return field.signature?.subFilter === 'ETSI.RFC3161';
}

function tokenOf({ field }: ReadSignature, extra: readonly Certificate[]): WantedChain {
  return tokenChain(field.signature?.contents ?? new Uint8Array(), extra);
}

function signedDataOf(field: SignatureField): SignedData {
  try {
    return parseSignedData(field.signature?.contents ?? new Uint8Array(), 'zeros');
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    throw broken(field);
  }
}

function broken({ fieldName }: SignatureField): AnThuError {
  return new AnThuError('signing.earlier-signature-broken', { field: fieldName });
}
