import { readFile, stat } from 'node:fs/promises';
import { sealPin } from '../../contract/seal-pin.ts';
import type { PinKey, SealedPin } from '../../contract/token.ts';
import { AnThuError } from '../../shared/errors.ts';
import { type CommandArguments, flag, text } from './arguments.ts';
import { note } from './output.ts';

/** Options of every command that may need a PIN; a PIN itself is never an argument. */
export const pinOptions = {
  'pin-env': { type: 'string' },
  'pin-file': { type: 'string' },
  'confirm-last-try': { type: 'boolean' },
} as const;

/** Whether the person has said that the PIN may be tried although a wrong one would lock the token. */
export const lastTryOf = (args: CommandArguments): 'confirmed' | 'refuse' =>
  flag(args, 'confirm-last-try') ? 'confirmed' : 'refuse';

/**
 * The PIN from `--pin-env` or `--pin-file` as UTF-8 bytes, or undefined when neither is given. From a file it never becomes
 * a string, which nobody could wipe; out of the environment it is taken, so that no program started later inherits it.
 */
export async function readPin(args: CommandArguments): Promise<Uint8Array | undefined> {
  const name = text(args, 'pin-env');
  if (name !== undefined) {
    const value = process.env[name];
    if (value === undefined)
      throw new AnThuError('general.usage', { reason: `biến môi trường ${name} chưa được đặt` });
    delete process.env[name];
    return new TextEncoder().encode(value);
  }
  const file = text(args, 'pin-file');
  if (file === undefined) return undefined;
  try {
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
      note(`Cảnh báo: người khác đọc được tệp mã PIN ${file}. Nên đặt quyền 0600.`);
    }
    return withoutLineEnd(await readFile(file));
  } catch (error) {
    throw new AnThuError('general.no-such-input', { path: file }, { cause: error });
  }
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The same memory without the line end that editors add. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === LINE_FEED) end--;
  if (end < bytes.length && bytes[end - 1] === CARRIAGE_RETURN) end--;
  return bytes.subarray(0, end);
}

/** Seals the PIN to the token host's one-time key and wipes it; null for a token with a PIN pad. */
export async function sealedPin(
  pin: Uint8Array | undefined,
  pinKey: () => Promise<PinKey>,
): Promise<SealedPin | null> {
  if (pin === undefined) return null;
  const asked = pinKey();
  asked.catch(() => undefined); // awaited when everything is ready for it
  await rehearseSealing();
  return sealPin(await asked, pin);
}

/** Seals nothing to nobody while the host starts: the first time WebCrypto is used it takes several times as long. */
async function rehearseSealing(): Promise<void> {
  const { subtle } = globalThis.crypto;
  const { publicKey } = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ]);
  const spki = Buffer.from(await subtle.exportKey('spki', publicKey)).toString('base64');
  await sealPin({ hostKeyId: '', publicKey: spki }, new Uint8Array(1));
}
