import { describe, expect, test } from 'vitest';
import { AnThuError } from '../../core/shared/errors.ts';
import type { PluggedToken } from './module.ts';
import { assertPinLength, assertTryAllowed } from './pin-policy.ts';
import { tokenFlag } from './token-flags.ts';

const token = (...flags: (keyof typeof tokenFlag)[]): PluggedToken => ({
  slot: Buffer.alloc(8),
  label: 'a',
  manufacturer: 'b',
  model: 'c',
  serial: 'd',
  flags: flags.reduce((all, flag) => all | tokenFlag[flag], tokenFlag.userPinInitialized as number),
  minPinLength: 4,
  maxPinLength: 8,
});

function codeOf(run: () => void): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof AnThuError) return thrown.code;
  }
  return 'allowed';
}

describe('before a PIN is sent', () => {
  test('a locked token refuses, whatever the person confirms', () => {
    expect(
      codeOf(() => assertTryAllowed(token('userPinLocked'), { lastTry: 'confirmed', failedTries: 0 })),
    ).toBe('token.pin-locked');
  });

  test('the last try needs the word of the person', () => {
    const last = token('userPinCountLow', 'userPinFinalTry');
    expect(codeOf(() => assertTryAllowed(last, { lastTry: 'refuse', failedTries: 0 }))).toBe(
      'token.last-try-needs-confirmation',
    );
    expect(codeOf(() => assertTryAllowed(last, { lastTry: 'confirmed', failedTries: 0 }))).toBe('allowed');
  });

  test('after two wrong PINs that we know of the next needs the word of the person, whatever the flags say', () => {
    const ask = (failedTries: number, lastTry: 'refuse' | 'confirmed') =>
      codeOf(() => assertTryAllowed(token(), { lastTry, failedTries }));
    expect(ask(1, 'refuse')).toBe('allowed');
    expect(ask(2, 'refuse')).toBe('token.last-try-needs-confirmation');
    expect(ask(2, 'confirmed')).toBe('allowed');
  });

  test('a token after one wrong PIN may be tried, one whose PIN must be changed may not', () => {
    expect(
      codeOf(() => assertTryAllowed(token('userPinCountLow'), { lastTry: 'refuse', failedTries: 0 })),
    ).toBe('allowed');
    expect(
      codeOf(() => assertTryAllowed(token('userPinToBeChanged'), { lastTry: 'refuse', failedTries: 0 })),
    ).toBe('token.pin-expired');
    expect(
      codeOf(() => assertTryAllowed({ ...token(), flags: 0 }, { lastTry: 'refuse', failedTries: 0 })),
    ).toBe('token.pin-not-initialized');
  });

  test('its length in bytes is checked; a token that names no maximum sets none', () => {
    expect(codeOf(() => assertPinLength(token(), '123'))).toBe('token.pin-length');
    expect(codeOf(() => assertPinLength(token(), '1234'))).toBe('allowed');
    expect(codeOf(() => assertPinLength(token(), '123456789'))).toBe('token.pin-length');
    expect(codeOf(() => assertPinLength(token(), 'ấấấ'))).toBe('token.pin-length');
    expect(codeOf(() => assertPinLength({ ...token(), maxPinLength: 0 }, '123456789'))).toBe('allowed');
    expect(codeOf(() => assertPinLength({ ...token(), minPinLength: 0 }, ''))).toBe('token.pin-length');
  });
});
