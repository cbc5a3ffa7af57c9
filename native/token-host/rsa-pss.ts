import { createHash, randomBytes } from 'node:crypto';
import type { DigestAlgorithm } from '../../core/ports/signing-key.ts';

/** EMSA-PSS (RFC 8017 §9.1) over a digest that is already made; node:crypto offers it over whole messages only. */

function hash(algorithm: DigestAlgorithm, ...parts: readonly Uint8Array[]): Buffer {
  const state = createHash(algorithm);
  for (const part of parts) state.update(part);
  return state.digest();
}

function mgf1(algorithm: DigestAlgorithm, seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let size = 0, counter = 0; size < length; counter++) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const block = hash(algorithm, seed, count);
    blocks.push(block);
    size += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)));

const prefix = Buffer.alloc(8);

/** Encoded message for a modulus of `modulusBits`; the salt is as long as the digest. */
export function pssEncode(algorithm: DigestAlgorithm, digest: Uint8Array, modulusBits: number): Buffer {
  const emBits = modulusBits - 1;
  const emLength = Math.ceil(emBits / 8);
  const salt = randomBytes(digest.length);
  const h = hash(algorithm, prefix, digest, salt);
  const db = Buffer.alloc(emLength - h.length - 1);
  db[db.length - salt.length - 1] = 1;
  salt.copy(db, db.length - salt.length);
  const masked = xor(db, mgf1(algorithm, h, db.length));
  masked.writeUInt8(masked.readUInt8(0) & (0xff >> (8 * emLength - emBits)), 0);
  const encoded = Buffer.concat([masked, h, Buffer.of(0xbc)]);
  const modulusLength = Math.ceil(modulusBits / 8);
  return Buffer.concat([Buffer.alloc(modulusLength - encoded.length), encoded]);
}

/** Whether `block` (signature to the public exponent, as long as the modulus) encodes `digest`, salt as long as it. */
export function pssMatches(
  algorithm: DigestAlgorithm,
  digest: Uint8Array,
  modulusBits: number,
  block: Uint8Array,
): boolean {
  const emBits = modulusBits - 1;
  const emLength = Math.ceil(emBits / 8);
  const encoded = Buffer.from(block).subarray(block.length - emLength);
  if (encoded[emLength - 1] !== 0xbc) return false;
  const h = encoded.subarray(emLength - 1 - digest.length, emLength - 1);
  const masked = encoded.subarray(0, emLength - 1 - digest.length);
  const db = xor(masked, mgf1(algorithm, h, masked.length));
  db.writeUInt8(db.readUInt8(0) & (0xff >> (8 * emLength - emBits)), 0);
  const separator = db.length - digest.length - 1;
  if (db.subarray(0, separator).some((byte) => byte !== 0) || db[separator] !== 1) return false;
  return hash(algorithm, prefix, digest, db.subarray(separator + 1)).equals(h);
}
