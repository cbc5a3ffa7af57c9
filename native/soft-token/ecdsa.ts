import { createECDH, type KeyObject, randomBytes } from 'node:crypto';
import { integer, sequence } from '../../core/asn1/der.ts';

/** ECDSA (FIPS 186-4 §6.4) over a digest that is already made; node:crypto signs whole messages only. */

interface Curve {
  /** OpenSSL's name. */
  readonly name: string;
  readonly order: bigint;
}

const curves: Readonly<Record<number, Curve>> = {
  256: {
    name: 'prime256v1',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  384: {
    name: 'secp384r1',
    order:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  521: {
    name: 'secp521r1',
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
};

const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);

function toBytes(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

/** Uniform in 1 … order − 1 (64 bits more than needed, reduced: FIPS 186-4 B.5.1). */
function randomScalar(order: bigint, length: number): bigint {
  return (toBigInt(randomBytes(length + 8)) % (order - 1n)) + 1n;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [((value % modulus) + modulus) % modulus, modulus];
  let [x, y] = [1n, 0n];
  while (a > 1n) {
    const quotient = b / a;
    [a, b] = [b - quotient * a, a];
    [x, y] = [y - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
}

/** Leftmost bits of the digest, as many as the order has. */
function truncated(digest: Uint8Array, bits: number): bigint {
  const excess = digest.length * 8 - bits;
  const value = toBigInt(digest);
  return excess > 0 ? value >> BigInt(excess) : value;
}

/**
 * DER `SEQUENCE { r, s }` over `digest` with a private key on P-256, P-384 or P-521 (`bits`). The multiplication of the point is
 * OpenSSL's; the arithmetic on scalars is blinded. For soft tokens and tests only: BigInt is not constant in time.
 */
export function ecdsaSign(key: KeyObject, bits: number, digest: Uint8Array): Uint8Array {
  const curve = curves[bits];
  const { d } = key.export({ format: 'jwk' });
  if (!curve || typeof d !== 'string') throw new TypeError(`no curve of ${bits} bits`);
  const { order } = curve;
  const length = Math.ceil(bits / 8);
  const secret = toBigInt(Buffer.from(d, 'base64url'));
  for (;;) {
    const nonce = randomScalar(order, length);
    const point = createECDH(curve.name);
    point.setPrivateKey(toBytes(nonce, length));
    const r = toBigInt(point.getPublicKey().subarray(1, 1 + length)) % order;
    const blind = randomScalar(order, length);
    const sum = (blind * truncated(digest, bits) + ((blind * secret) % order) * r) % order;
    const s = (sum * inverse((nonce * blind) % order, order)) % order;
    if (r !== 0n && s !== 0n) return sequence(integer(r), integer(s));
  }
}
