import type { PinKey, SealedPin } from './token.ts';

/** The plain text is padded to this many bytes, so that the ciphertext does not tell the PIN's length. */
const PADDED_BYTES = 256;

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * Encrypts a PIN to a token host's one-time key: ECDH P-256, HKDF-SHA-256 (salt empty, info names the
 * purpose and the host's key), AES-256-GCM over length byte + UTF-8 + zero padding. WebCrypto only, so that
 * the page and the command line run the same code. A PIN given as UTF-8 bytes is overwritten with zeros. Throws
 * RangeError when the PIN is longer than 255 bytes.
 */
export async function sealPin(pinKey: PinKey, pin: string | Uint8Array): Promise<SealedPin> {
  const { subtle } = globalThis.crypto;
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const pinBytes = typeof pin === 'string' ? new TextEncoder().encode(pin) : pin;
  if (pinBytes.length >= PADDED_BYTES) throw new RangeError('PIN too long');
  const plain = new Uint8Array(PADDED_BYTES);
  plain[0] = pinBytes.length;
  plain.set(pinBytes, 1);
  const hostKey = await subtle.importKey('spki', fromBase64(pinKey.publicKey), curve, false, []);
  const pair = await subtle.generateKey(curve, true, ['deriveBits']);
  const shared = await subtle.deriveBits({ name: 'ECDH', public: hostKey }, pair.privateKey, 256);
  const info = new TextEncoder().encode(`an-thu pin v1 ${pinKey.hostKeyId}`);
  const master = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const key = await subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    master,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  );
  const iv = globalThis.crypto.getRandomValues(new Uint8Array(12));
  const ciphertext = await subtle.encrypt({ name: 'AES-GCM', iv }, key, plain);
  plain.fill(0);
  pinBytes.fill(0);
  return {
    hostKeyId: pinKey.hostKeyId,
    ephemeralKey: toBase64(new Uint8Array(await subtle.exportKey('spki', pair.publicKey))),
    iv: toBase64(iv),
    ciphertext: toBase64(new Uint8Array(ciphertext)),
  };
}
