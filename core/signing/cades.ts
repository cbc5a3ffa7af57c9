import { constants, createHash, hash, type KeyObject, verify, X509Certificate } from 'node:crypto';
import { compareBytes, contextConstructed, integer, octetString, oid, sequence, setOf } from '../asn1/der.ts';
import type { DigestAlgorithm, SignatureScheme, SigningKey } from '../ports/signing-key.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../shared/errors.ts';
import type { ErrorValue } from '../contract/errors/value.ts';
import { issuerAndSerial, issuerSerial } from './certificate-identity.ts';
import { digestLength, digestIdentifier, oids, schemeFor, signatureIdentifier } from './cms-algorithms.ts';
import { reason } from '../shared/reasons.ts';

/** The digest that is to be signed: of a PDF's byte range. */
export interface ContentDigest {
  readonly digestHex: string;
  readonly digestAlgorithm: DigestAlgorithm;
}

export interface BuildCmsOptions {
  /** Default: PKCS#1 v1.5 for RSA keys, ECDSA for EC keys. */
  readonly scheme?: SignatureScheme;
  /** Fetches a timestamp token (DER) over a SHA-256 digest; when it fails the signature stays B-B. */
  readonly timestamp?: (sha256: Uint8Array) => Promise<Uint8Array>;
  /** Room kept for the CMS in the file; what does not fit of a timestamp, then of the chain, is left out. */
  readonly reserveBytes?: number;
}

export interface BuiltCms {
  /** ContentInfo with SignedData, DER. */
  readonly cms: Uint8Array;
  readonly level: 'B-B' | 'B-T';
  /** What was asked for and is still missing. */
  readonly pending: readonly 'timestamp'[];
  /** Why the timestamp is missing. */
  readonly timestampError?: ErrorValue;
}

/**
 * Signs a content digest as CAdES baseline CMS (signing-peers.md §3.1): DER-sorted signed attributes content-type,
 * message-digest and signing-certificate-v2, no signing-time; the key's chain beside the signer's certificate.
 * The value that comes back is checked with the certificate's public key before it is used. Once the token has signed,
 * neither a long timestamp nor a long chain costs the signature: the first leaves it B-B with the timestamp pending, the
 * second goes down to the signer's certificate. Throws
 * `signing.bad-signature`, `signing.scheme-mismatch` and what the key throws.
 */
export async function buildCms(
  content: ContentDigest,
  key: SigningKey,
  options: BuildCmsOptions = {},
): Promise<BuiltCms> {
  const scheme = schemeFor(key, options.scheme);
  const { digestAlgorithm } = content;
  const attributes = signedAttributes(content, key.certificate);
  const digest = hash(digestAlgorithm, attributes, 'buffer');
  const signature = await key.sign({ scheme, digestAlgorithm, digest });
  checkSignature({ scheme, digestAlgorithm, attributes, signature, certificate: key.certificate });
  const stamped = options.timestamp ? await tryTimestamp(options.timestamp, signature) : {};
  const { certificate } = key;
  const encode = (token: Uint8Array | undefined, chain: readonly Uint8Array[]): Uint8Array =>
    encodeSignedData(
      digestAlgorithm,
      [certificate, ...chain],
      encodeSignerInfo({ certificate, digestAlgorithm, attributes, scheme, signature, token }),
    );
  const fits = (cms: Uint8Array): boolean => cms.length <= (options.reserveBytes ?? Infinity);
  const { token } = stamped;
  if (token) {
    const cms = encode(token, key.chain);
    if (fits(cms)) return { cms, level: 'B-T', pending: [] };
  }
  const error = token ? tooLong(token) : stamped.error;
  const whole = encode(undefined, key.chain);
  return {
    cms: fits(whole) ? whole : encode(undefined, []),
    level: 'B-B',
    pending: error ? ['timestamp'] : [],
    timestampError: error,
  };
}

/** A document timestamp, whose place is made for it, can follow. */
function tooLong(token: Uint8Array): ErrorValue {
  return toErrorValue(
    new AnThuError('signing.tsa-refused', { reason: reason('tsa.too-long', token.length) }),
  );
}

/** The signed attributes as SET OF (tag 0x31): what is hashed and signed. */
export function signedAttributes(content: ContentDigest, certificate: Uint8Array): Uint8Array {
  return setOf([
    attribute(oids.contentType, oid(oids.data)),
    attribute(oids.messageDigest, octetString(Buffer.from(content.digestHex, 'hex'))),
    attribute(oids.signingCertificateV2, signingCertificateV2(certificate, content.digestAlgorithm)),
  ]);
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf([value]));
}

/** ESSCertIDv2 of the signer's certificate; the hash algorithm is left out when it is SHA-256, its DEFAULT. */
function signingCertificateV2(certificate: Uint8Array, algorithm: DigestAlgorithm): Uint8Array {
  const own = octetString(hash(algorithm, certificate, 'buffer'));
  const named = algorithm === 'sha256' ? [] : [digestIdentifier(algorithm)];
  return sequence(sequence(sequence(...named, own, issuerSerial(certificate))));
}

interface CheckedSignature {
  readonly scheme: SignatureScheme;
  readonly digestAlgorithm: DigestAlgorithm;
  readonly attributes: Uint8Array;
  readonly signature: Uint8Array;
  readonly certificate: Uint8Array;
}

const publicKeys = new WeakMap<Uint8Array, KeyObject>();

/** Parsed once a key: a batch signs thousands of times with the same certificate. */
function publicKeyOf(certificate: Uint8Array): KeyObject {
  const known = publicKeys.get(certificate) ?? new X509Certificate(certificate).publicKey;
  publicKeys.set(certificate, known);
  return known;
}

/** A token that signs wrongly must be noticed before the signature is on paper. */
function checkSignature(checked: CheckedSignature): void {
  const { scheme, digestAlgorithm } = checked;
  const publicKey = publicKeyOf(checked.certificate);
  // A bare key means PKCS#1 padding, or r and s in DER, and is taken in half the time of one with options.
  const key =
    scheme === 'rsa-pss'
      ? {
          key: publicKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: digestLength[digestAlgorithm],
        }
      : publicKey;
  if (!isValid(digestAlgorithm, checked, key)) throw new AnThuError('signing.bad-signature', { scheme });
}

function isValid(
  digestAlgorithm: DigestAlgorithm,
  { attributes, signature }: CheckedSignature,
  key: Parameters<typeof verify>[2],
): boolean {
  try {
    return verify(digestAlgorithm, attributes, key, signature);
  } catch {
    return false;
  }
}

async function tryTimestamp(
  fetchToken: (sha256: Uint8Array) => Promise<Uint8Array>,
  signature: Uint8Array,
): Promise<{ token?: Uint8Array; error?: ErrorValue }> {
  try {
    return { token: await fetchToken(createHash('sha256').update(signature).digest()) };
  } catch (thrown) {
    const error = asAnThuError(thrown);
    if (!error.code.startsWith('signing.tsa-')) throw thrown;
    return { error: toErrorValue(error) };
  }
}

interface SignerInfoParts extends Omit<CheckedSignature, 'scheme'> {
  readonly scheme: SignatureScheme;
  readonly token: Uint8Array | undefined;
}

function encodeSignerInfo(parts: SignerInfoParts): Uint8Array {
  const signed = Buffer.from(parts.attributes);
  signed[0] = 0xa0;
  const unsigned = parts.token ? [setOf([attribute(oids.signatureTimeStampToken, parts.token)], 0xa1)] : [];
  return sequence(
    integer(1),
    issuerAndSerial(parts.certificate),
    digestIdentifier(parts.digestAlgorithm),
    signed,
    signatureIdentifier(parts.scheme, parts.digestAlgorithm),
    octetString(parts.signature),
    ...unsigned,
  );
}

function encodeSignedData(
  digestAlgorithm: DigestAlgorithm,
  certificates: readonly Uint8Array[],
  signerInfo: Uint8Array,
): Uint8Array {
  const signedData = sequence(
    integer(1),
    setOf([digestIdentifier(digestAlgorithm)]),
    sequence(oid(oids.data)),
    setOf(withoutRepeats(certificates), 0xa0),
    setOf([signerInfo]),
  );
  return sequence(oid(oids.signedData), contextConstructed(0, signedData));
}

function withoutRepeats(certificates: readonly Uint8Array[]): Uint8Array[] {
  return certificates.filter(
    (certificate, index) =>
      certificates.findIndex((other) => compareBytes(other, certificate) === 0) === index,
  );
}
