import { expect, test } from 'vitest';
import { RING_PLACES, SIGNATURE_BYTES, SignRing } from './sign-ring.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test('hands inputs over and outcomes back in order, round and round', () => {
  const first = new SignRing();
  const second = new SignRing(first.memory);
  for (let n = 0; n < 3 * RING_PLACES; n += 2) {
    first.ask(n, 7, bytes(n, 1));
    first.ask(n + 1, 8, bytes(n + 1));
    expect(second.take(n)).toEqual({ lane: 7, input: Buffer.from([n, 1]) });
    expect(second.give(n, 'signed', bytes(1, 2, n))).toBe(1);
    expect(second.take(n + 1)).toEqual({ lane: 8, input: Buffer.from([n + 1]) });
    expect(first.fetch(n + 1)).toBeUndefined();
    expect(second.give(n + 1, 'C_Sign', Buffer.from('CKR_X'))).toBe(0);
    expect(first.fetch(n)).toEqual({ outcome: 'signed', output: bytes(1, 2, n) });
    expect(first.fetch(n + 1)).toEqual({ outcome: 'C_Sign', output: Uint8Array.from(Buffer.from('CKR_X')) });
  }
});

test('takes no input that is too long, and cuts what a driver says', () => {
  const ring = new SignRing();
  expect(() => ring.ask(0, 1, new Uint8Array(129))).toThrow(RangeError);
  ring.ask(0, 1, bytes(1));
  ring.give(0, 'C_Sign', new Uint8Array(SIGNATURE_BYTES + 5));
  expect(ring.fetch(0)?.output).toHaveLength(SIGNATURE_BYTES);
});
