import { isUtf8 } from 'node:buffer';
import {
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { PinKey, SealedPin } from '../../core/contract/token.ts';
import { strictAssert } from '../../core/shared/assert.ts';
import { AnThuError } from '../../core/shared/errors.ts';

const lifetimeMs = 10 * 60 * 1000;
const maxOutstanding = 32;

interface Outstanding {
  readonly privateKey: KeyObject;
  readonly keyUri: string;
  readonly expires: number;
}

/** The host's one-time keys: each opens one sealed PIN, for the key URI it was made for, within ten minutes. */
export class PinKeys {
  readonly #outstanding = new Map<string, Outstanding>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  create(keyUri: string): PinKey {
    const [oldest] = this.#outstanding.keys();
    if (oldest !== undefined && this.#outstanding.size >= maxOutstanding) this.#outstanding.delete(oldest);
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const hostKeyId = randomBytes(16).toString('hex');
    this.#outstanding.set(hostKeyId, { privateKey, keyUri, expires: this.#now() + lifetimeMs });
    return { hostKeyId, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
  }

  /**
   * Opens a sealed PIN and spends its key, also when it cannot be opened.
   * Errors: `token.pin-key-spent`, `token.sealed-pin-invalid`.
   */
  open(sealed: SealedPin, keyUri: string): string {
    const key = this.#outstanding.get(sealed.hostKeyId);
    this.#outstanding.delete(sealed.hostKeyId);
    if (!key || key.keyUri !== keyUri || key.expires < this.#now())
      throw new AnThuError('token.pin-key-spent');
    let plain: Buffer | undefined;
    try {
      plain = decrypt(sealed, key.privateKey);
      const pin = plain.subarray(1, 1 + plain.readUInt8(0));
      // Made readable, other bytes would become another PIN, and cost a try.
      strictAssert(isUtf8(pin), 'a PIN is text');
      return pin.toString('utf8');
    } catch (cause) {
      throw new AnThuError('token.sealed-pin-invalid', {}, { cause });
    } finally {
      plain?.fill(0);
    }
  }
}

/** The other end of `sealPin` (core/contract/seal-pin.ts). */
function decrypt(sealed: SealedPin, privateKey: KeyObject): Buffer {
  const publicKey = createPublicKey({
    key: Buffer.from(sealed.ephemeralKey, 'base64'),
    format: 'der',
    type: 'spki',
  });
  const shared = diffieHellman({ privateKey, publicKey });
  const info = Buffer.from(`an-thu pin v1 ${sealed.hostKeyId}`);
  const key = Buffer.from(hkdfSync('sha256', shared, Buffer.alloc(0), info, 32));
  const ciphertext = Buffer.from(sealed.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(sealed.iv, 'base64'), {
    authTagLength: 16,
  });
  decipher.setAuthTag(ciphertext.subarray(-16));
  const plain = Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
  shared.fill(0);
  key.fill(0);
  return plain;
}
