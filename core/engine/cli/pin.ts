import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { sealPin } from '../../contract/seal-pin.ts';
import type { PinKey, SealedPin } from '../../contract/token.ts';
import { keepOutOfCoreDumps } from '../../../native/token-host/guards.ts';
import { AnThuError } from '../../shared/errors.ts';
import { type CommandArguments, flag, text, usage } from './arguments.ts';
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
 * a string, which nobody could wipe; out of the environment it is taken, so that no program started later inherits it. What
 * nobody can have typed as a PIN is `general.usage`: sent to the token, it would cost a try.
 */
export async function readPin(args: CommandArguments): Promise<Uint8Array | undefined> {
  const name = text(args, 'pin-env');
  const file = text(args, 'pin-file');
  if (name !== undefined || file !== undefined) keepOutOfCoreDumps();
  if (name !== undefined) {
    const value = process.env[name];
    if (value === undefined) throw usage(`biến môi trường ${name} chưa được đặt`);
    delete process.env[name];
    return typeable(new TextEncoder().encode(value), `biến môi trường ${name}`);
  }
  if (file === undefined) return undefined;
  return typeable(withoutMarks(await readPinFile(file)), `tệp ${file}`);
}

async function readPinFile(file: string): Promise<Uint8Array> {
  try {
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
      note(`Cảnh báo: người khác đọc được tệp mã PIN ${file}. Nên đặt quyền 0600.`);
    }
    return await readFile(file);
  } catch (error) {
    throw new AnThuError('general.no-such-input', { path: file }, { cause: error });
  }
}

const LINE_ENDS: ReadonlySet<number | undefined> = new Set([0x0a, 0x0d]);
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/** The same memory without what editors put around the text: a mark of order (Windows), ends of lines. */
function withoutMarks(bytes: Uint8Array): Uint8Array {
  const start = BYTE_ORDER_MARK.every((byte, place) => bytes[place] === byte) ? BYTE_ORDER_MARK.length : 0;
  let end = bytes.length;
  while (end > start && LINE_ENDS.has(bytes[end - 1])) end--;
  return bytes.subarray(start, end);
}

const FIRST_BLANK = 0x20;

/** Refuses bytes in which no keyboard can have written a PIN: UTF-16, an old character set, several lines. */
function typeable(pin: Uint8Array, source: string): Uint8Array {
  if (isUtf8(pin) && pin.every((byte) => byte >= FIRST_BLANK)) return pin;
  pin.fill(0);
  throw usage(`mã PIN trong ${source} phải là một dòng văn bản UTF-8`);
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
