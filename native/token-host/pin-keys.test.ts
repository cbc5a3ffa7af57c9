import { expect, test } from 'vitest';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { PinKeys } from './pin-keys.ts';

test('a one-time key is spent after ten minutes', async () => {
  let now = 0;
  const keys = new PinKeys(() => now);
  const early = await sealPin(keys.create('file:///a'), '1234');
  const late = await sealPin(keys.create('file:///a'), '1234');
  now = 9 * 60_000;
  expect(keys.open(early, 'file:///a')).toBe('1234');
  now = 11 * 60_000;
  expect(() => keys.open(late, 'file:///a')).toThrow('token.pin-key-spent');
});

test('sealed PINs of any length look alike and open to what was typed', async () => {
  const keys = new PinKeys();
  const pins = ['', '1', 'ấ'.repeat(80)];
  const sealed = await Promise.all(pins.map((pin) => sealPin(keys.create('k'), pin)));
  expect(new Set(sealed.map(({ ciphertext }) => ciphertext.length)).size).toBe(1);
  expect(sealed.map((one) => keys.open(one, 'k'))).toEqual(pins);
  await expect(sealPin(keys.create('k'), 'x'.repeat(256))).rejects.toThrow(RangeError);
});

test('a host keeps no more than a few open keys: the oldest gives way', async () => {
  const keys = new PinKeys();
  const first = await sealPin(keys.create('k'), '1234');
  for (let i = 0; i < 32; i++) keys.create('k');
  expect(() => keys.open(first, 'k')).toThrow('token.pin-key-spent');
});

test('what is no text is not sent as another PIN than was sealed', async () => {
  const keys = new PinKeys();
  const sealed = await sealPin(keys.create('k'), Uint8Array.of(0x31, 0xb9, 0x32));
  expect(() => keys.open(sealed, 'k')).toThrow('token.sealed-pin-invalid');
});
