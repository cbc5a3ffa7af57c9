import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseCommand } from './arguments.ts';
import { pinOptions, readPin } from './pin.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-pin-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What would be sent to the token for a file of these bytes. */
async function pinOf(bytes: Uint8Array): Promise<string> {
  const file = join(folder, 'pin');
  writeFileSync(file, bytes, { mode: 0o600 });
  const pin = await readPin(parseCommand(['--pin-file', file], pinOptions));
  return Buffer.from(pin ?? []).toString('utf8');
}

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('a PIN file gives what the person typed, however the editor saved it', () => {
  test.each([
    ['as it is', utf8('123456')],
    ['with a line end', utf8('123456\n')],
    ['with the line end of Windows', utf8('123456\r\n')],
    ['with empty lines behind it', utf8('123456\n\r\n\n')],
    ['with the mark of order of Windows', utf8('\u{feff}123456\r\n')],
  ])('%s', async (_, bytes) => {
    expect(await pinOf(bytes)).toBe('123456');
  });

  test('blanks and letters of any kind belong to the PIN', async () => {
    expect(await pinOf(utf8(' mật khẩu \n'))).toBe(' mật khẩu ');
  });
});

describe('what can be no PIN is refused here, for it would cost a try', () => {
  test.each([
    ['UTF-16, as PowerShell writes it', Buffer.from('\u{feff}123456\r\n', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('123456', 'utf16le')],
    ['an old Vietnamese character set', Buffer.from([0x6d, 0xb9, 0x74, 0x20, 0x6b, 0x68])],
    ['two lines', utf8('123456\n654321\n')],
  ])('%s', async (_, bytes) => {
    await expect(pinOf(bytes)).rejects.toMatchObject({ code: 'general.usage' });
  });

  test('a variable with the line end of another system', async () => {
    process.env['AN_THU_PIN_OF_TEST'] = '12\r3456';
    const reading = readPin(parseCommand(['--pin-env', 'AN_THU_PIN_OF_TEST'], pinOptions));
    await expect(reading).rejects.toMatchObject({ code: 'general.usage' });
    expect(process.env['AN_THU_PIN_OF_TEST']).toBeUndefined();
  });
});
