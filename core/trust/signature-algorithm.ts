import { constants, verify, type AsymmetricKeyDetails, type KeyObject } from 'node:crypto';
import { Asn1Error, children, decode, expectTag, readIntegerHex, readOid, tag } from '../asn1/der.ts';
import { isDigestKnown } from './digest.ts';

/** SHAKE256 is the one with 512 bits that Ed448 wants. */
export const digestNames = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'shake256'] as const;
export type DigestName = (typeof digestNames)[number];
/** DSA is read so that old chains can be named; the policy accepts it at no time. */
export const schemeNames = ['rsa-pkcs1', 'rsa-pss', 'ecdsa', 'dsa', 'ed25519', 'ed448'] as const;
export type SchemeName = (typeof schemeNames)[number];

const digestByOid: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const rsaSignatures: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.1.1.4': 'md5',
  '1.2.840.113549.1.1.5': 'sha1',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};

const ecdsaSignatures: Readonly<Record<string, DigestName>> = {
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

const dsaSignatures: Readonly<Record<string, DigestName>> = {
  '1.2.840.10040.4.3': 'sha1',
  '2.16.840.1.101.3.4.3.1': 'sha224',
  '2.16.840.1.101.3.4.3.2': 'sha256',
};

/** Pure EdDSA (RFC 8410); the digest is that of the message where attributes are signed (RFC 8419 3.1). */
const edwardsSignatures: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.3.101.112': { scheme: 'ed25519', digest: 'sha512' },
  '1.3.101.113': { scheme: 'ed448', digest: 'shake256' },
};

const shake256 = '2.16.840.1.101.3.4.2.12';
const shake256WithLength = '2.16.840.1.101.3.4.2.18';

const rsaEncryption = '1.2.840.113549.1.1.1';
const ecPublicKey = '1.2.840.10045.2.1';
const rsaPss = '1.2.840.113549.1.1.10';
const maskGeneration1 = '1.2.840.113549.1.1.8';

/** How a signature was made, as its AlgorithmIdentifier says. */
export interface SignatureAlgorithm {
  readonly scheme: SchemeName;
  readonly digest: DigestName;
  /** PSS only. */
  readonly saltLength?: number;
}

/**
 * Digest of an AlgorithmIdentifier (DER), or undefined when it is not one we know. SHAKE256 comes as RFC 8419 writes it
 * (with its length of 512 bits) and as ISO/TS 32001 does (fixed, without parameters).
 */
export function readDigestAlgorithm(identifier: Uint8Array): DigestName | undefined {
  const [algorithm, parameters, ...more] = children(expectTag(decode(identifier), tag.sequence));
  const id = readOid(algorithm);
  const isShake =
    (id === shake256 && !parameters) ||
    (id === shake256WithLength && parameters?.tag === tag.integer && readIntegerHex(parameters) === '200');
  if (isShake && more.length === 0) return isDigestKnown('shake256') ? 'shake256' : undefined;
  return Object.hasOwn(digestByOid, id) ? digestByOid[id] : undefined;
}

function readPss(parameters: Uint8Array | undefined): SignatureAlgorithm | undefined {
  let digest: DigestName | undefined = 'sha1';
  let maskDigest: DigestName | undefined = 'sha1';
  let saltLength = 20;
  if (!parameters) return undefined;
  for (const field of children(expectTag(decode(parameters), tag.sequence))) {
    const [value] = children(field);
    if (!value) throw new Asn1Error('empty PSS parameter');
    if (field.tag === 0xa0) digest = readDigestAlgorithm(value.raw);
    else if (field.tag === 0xa1) {
      const [generator, generatorDigest] = children(value);
      if (readOid(generator) !== maskGeneration1 || !generatorDigest) return undefined;
      maskDigest = readDigestAlgorithm(generatorDigest.raw);
    } else if (field.tag === 0xa2) saltLength = Number.parseInt(readIntegerHex(value), 16);
    else if (field.tag !== 0xa3 || readIntegerHex(value) !== '1') return undefined;
  }
  return digest && digest === maskDigest ? { scheme: 'rsa-pss', digest, saltLength } : undefined;
}

/**
 * Reads a signature AlgorithmIdentifier (RFC 4055, RFC 5758). CMS may name only the key's kind; `digest` is
 * then the one to use. Undefined when the algorithm or its parameters are not supported.
 */
export function readSignatureAlgorithm(
  identifier: Uint8Array,
  digest?: DigestName,
): SignatureAlgorithm | undefined {
  const [algorithm, parameters] = children(expectTag(decode(identifier), tag.sequence));
  const id = readOid(algorithm);
  if (id === rsaPss) return readPss(parameters?.raw);
  if (id === rsaEncryption) return digest && { scheme: 'rsa-pkcs1', digest };
  if (id === ecPublicKey) return digest && { scheme: 'ecdsa', digest };
  // EdDSA has no parameters at all (RFC 8410 3).
  const edwards = parameters ? undefined : edwardsSignatures[id];
  if (edwards) return edwards;
  const rsa = rsaSignatures[id];
  if (rsa) return { scheme: 'rsa-pkcs1', digest: rsa };
  const ecdsa = ecdsaSignatures[id];
  if (ecdsa) return { scheme: 'ecdsa', digest: ecdsa };
  const dsa = dsaSignatures[id];
  return dsa && { scheme: 'dsa', digest: dsa };
}

const knownDetails = new WeakMap<KeyObject, AsymmetricKeyDetails>();

/** The crypto library works them out anew at each question. */
function detailsOf(key: KeyObject): AsymmetricKeyDetails {
  const details = knownDetails.get(key) ?? key.asymmetricKeyDetails ?? {};
  knownDetails.set(key, details);
  return details;
}

const edwardsBits: Readonly<Record<string, number>> = { ed25519: 256, ed448: 456 };

/** Size of a key in bits: RSA modulus or curve order; 0 for a kind we do not use. */
export function keyBits(key: KeyObject): number {
  const edwards = edwardsBits[key.asymmetricKeyType ?? ''];
  if (edwards !== undefined) return edwards;
  const details = detailsOf(key);
  if (details.modulusLength) return details.modulusLength;
  const curves: Record<string, number> = {
    prime256v1: 256,
    secp384r1: 384,
    secp521r1: 521,
    secp224r1: 224,
    secp256k1: 256,
    prime192v1: 192,
  };
  return curves[details.namedCurve ?? ''] ?? 0;
}

const keyKinds: Readonly<Record<SchemeName, readonly string[]>> = {
  'rsa-pkcs1': ['rsa', 'rsa-pss'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  dsa: ['dsa'],
  ed25519: ['ed25519'],
  ed448: ['ed448'],
};

/** Keys beyond these are of nobody, and a value under one takes up to a hundred times as long: ten thousand of them fit in a file. */
const LARGE_EXPONENT = 1n << 64n;
const MOST_MODULUS_BITS = 8192;

/**
 * Whether `signature` is the value over `data` under `key`. The key's kind must fit the scheme, and an RSA
 * exponent below 3 is refused (with exponent 1 every block is its own signature; findings/pdf-attacks.md).
 */
export function signatureMatches(
  algorithm: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const type = key.asymmetricKeyType;
  const fits = keyKinds[algorithm.scheme].includes(type ?? '');
  if (!fits || (type === 'rsa-pss' && algorithm.scheme !== 'rsa-pss')) return false;
  const exponent = detailsOf(key).publicExponent;
  if (exponent !== undefined && (exponent < 3n || exponent >= LARGE_EXPONENT)) return false;
  if ((detailsOf(key).modulusLength ?? 0) > MOST_MODULUS_BITS) return false;
  const padded =
    algorithm.scheme === 'rsa-pss'
      ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: algorithm.saltLength ?? 0 }
      : key;
  try {
    // EdDSA takes the data themselves, without a context.
    if (type === 'ed25519' || type === 'ed448') return verify(null, data, key, signature);
    return verify(algorithm.digest, data, padded, signature);
  } catch {
    return false;
  }
}
