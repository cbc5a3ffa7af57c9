import { timingSafeEqual } from 'node:crypto';
import {
  boolean,
  children,
  decode,
  expectTag,
  integer,
  octetString,
  readIntegerHex,
  readOid,
  readTime,
  sequence,
  tag,
  type Asn1Node,
} from '../asn1/der.ts';
import { AnThuError } from '../shared/errors.ts';
import { digestIdentifierWithNull, oids } from './cms-algorithms.ts';
import type { ReasonCode } from '../contract/reasons.ts';
import { reason, reasons } from '../shared/reasons.ts';

/** A TimeStampReq (RFC 3161) for a SHA-256 digest, asking for the TSA's certificate. */
export function encodeTimestampRequest(sha256: Uint8Array, nonce: Uint8Array): Uint8Array {
  return sequence(
    integer(1),
    sequence(digestIdentifierWithNull('sha256'), octetString(sha256)),
    integer(nonce),
    boolean(true),
  );
}

/** What a timestamp token states; nothing of it is verified here. */
export interface TimestampInfo {
  readonly policy: string;
  readonly imprintAlgorithm: string;
  readonly imprint: Uint8Array;
  readonly serialHex: string;
  readonly time: Date;
  readonly nonceHex: string | undefined;
}

/** Reads TSTInfo out of a token (ContentInfo, DER). Throws `Asn1Error`, `signing.tsa-refused`. */
export function readTimestampInfo(token: Uint8Array): TimestampInfo {
  const [type, wrapped] = children(expectTag(decode(token), tag.sequence));
  if (readOid(type) !== oids.signedData) throw notToken('tsa.not-a-token');
  const [signedData] = children(expectTag(wrapped, 0xa0));
  const encapsulated = children(expectTag(signedData, tag.sequence))[2];
  const [contentType, content] = children(expectTag(encapsulated, tag.sequence));
  if (readOid(contentType) !== oids.tstInfo) throw notToken('tsa.not-a-token');
  const [octets] = children(expectTag(content, 0xa0));
  const fields = children(expectTag(decode(expectTag(octets, tag.octetString).content), tag.sequence));
  const [, policy, messageImprint, serial, time, ...optional] = fields;
  const [algorithm, digest] = children(expectTag(messageImprint, tag.sequence));
  const nonce = optional.find((node) => node.tag === tag.integer);
  return {
    policy: readOid(policy),
    imprintAlgorithm: readOid(children(expectTag(algorithm, tag.sequence))[0]),
    imprint: expectTag(digest, tag.octetString).content,
    serialHex: readIntegerHex(serial),
    time: readTime(time),
    nonceHex: nonce && readIntegerHex(nonce),
  };
}

/** The token of a TimeStampResp that answers this request. Throws `signing.tsa-refused`. */
export function readTimestampResponse(
  response: Uint8Array,
  request: { readonly sha256: Uint8Array; readonly nonce: Uint8Array },
): Uint8Array {
  try {
    const [status, token] = children(expectTag(decode(response), tag.sequence));
    checkStatus(status);
    const raw = expectTag(token, tag.sequence).raw;
    const info = readTimestampInfo(raw);
    if (info.imprintAlgorithm !== SHA256_OID || !sameBytes(info.imprint, request.sha256))
      throw notToken('tsa.other-imprint');
    if (info.nonceHex !== readIntegerHex(decode(integer(request.nonce)))) throw notToken('tsa.other-nonce');
    return raw;
  } catch (thrown) {
    if (thrown instanceof AnThuError) throw thrown;
    throw notToken('tsa.unreadable');
  }
}

const SHA256_OID = '2.16.840.1.101.3.4.2.1';

function checkStatus(status: Asn1Node | undefined): void {
  const [code, ...rest] = children(expectTag(status, tag.sequence));
  const value = Number.parseInt(readIntegerHex(code), 16);
  if (value === 0 || value === 1) return;
  const text = rest.find((node) => node.tag === tag.sequence);
  const words = text ? children(text).map((node) => Buffer.from(node.content).toString('utf8')) : [];
  const said = words.length > 0 ? [reason('tsa.said', words.join(', '))] : [];
  throw new AnThuError('signing.tsa-refused', { reason: reasons([reason('tsa.status', value), ...said]) });
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function notToken(code: ReasonCode): AnThuError {
  return new AnThuError('signing.tsa-refused', { reason: code });
}
