import { readFile, stat } from 'node:fs/promises';
import { sealPin } from '../../contract/seal-pin.ts';
import type { PinKey, SealedPin } from '../../contract/token.ts';
import { AnThuError } from '../../shared/errors.ts';
import { type CommandArguments, text } from './arguments.ts';
import { note } from './output.ts';

/** Options of every command that may need a PIN; a PIN itself is never an argument. */
export const pinOptions = { 'pin-env': { type: 'string' }, 'pin-file': { type: 'string' } } as const;

/** The PIN from `--pin-env` or `--pin-file`, or undefined when neither is given. */
export async function readPin(args: CommandArguments): Promise<string | undefined> {
  const name = text(args, 'pin-env');
  if (name !== undefined) {
    const value = process.env[name];
    if (value === undefined)
      throw new AnThuError('general.usage', { reason: `biến môi trường ${name} chưa được đặt` });
    return value;
  }
  const file = text(args, 'pin-file');
  if (file === undefined) return undefined;
  try {
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0) {
      note(`Cảnh báo: người khác đọc được tệp mã PIN ${file}. Nên đặt quyền 0600.`);
    }
    return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new AnThuError('general.no-such-input', { path: file }, { cause: error });
  }
}

/** Seals the PIN to the token host's one-time key; null for a token with a PIN pad. */
export async function sealedPin(
  pin: string | undefined,
  pinKey: () => Promise<PinKey>,
): Promise<SealedPin | null> {
  return pin === undefined ? null : sealPin(await pinKey(), pin);
}
