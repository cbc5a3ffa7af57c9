import { describe, expect, it } from 'vitest';
import { whileHeld, whileHeldBriefly } from './sharing.ts';

function held(code: string, times: number) {
  const state = { tries: 0, slept: 0 };
  return {
    state,
    work: async () => {
      state.tries++;
      if (state.tries <= times) throw Object.assign(new Error(code), { code });
      return 'done';
    },
    windows: {
      platform: 'win32' as const,
      sleep: async (ms: number) => void (state.slept += ms),
    },
  };
}

describe('a file that another program holds', () => {
  it('is tried again on Windows until it is let go', async () => {
    const { work, windows, state } = held('EBUSY', 3);
    await expect(whileHeld('C:\\a.pdf', work, windows)).resolves.toBe('done');
    expect(state.tries).toBe(4);
  });

  it('is shown after two seconds, not waited for without end', async () => {
    const { work, windows, state } = held('EBUSY', 1_000);
    await expect(whileHeld('C:\\a.pdf', work, windows)).rejects.toMatchObject({
      code: 'store.file-in-use',
      detail: { path: 'C:\\a.pdf' },
    });
    expect(state.slept).toBeGreaterThan(1_500);
    expect(state.slept).toBeLessThan(3_000);
  });

  it('keeps the system’s own error where rights are wanting', async () => {
    const { work, windows } = held('EACCES', 1_000);
    await expect(whileHeld('C:\\a.pdf', work, windows)).rejects.toMatchObject({ code: 'EACCES' });
  });

  it.each([
    ['another error on Windows', 'ENOSPC', 'win32' as const],
    ['any error elsewhere', 'EBUSY', 'linux' as const],
  ])('gives one try to %s', async (_name, code, platform) => {
    const { work, windows, state } = held(code, 1);
    await expect(whileHeld('x', work, { ...windows, platform })).rejects.toMatchObject({ code });
    expect(state.tries).toBe(1);
  });
});

describe('a small file that must be written at once', () => {
  function heldFor(tries: number) {
    let waited = 0;
    let left = tries;
    const windows = { platform: 'win32' as const, wait: (ms: number) => void (waited += ms) };
    const work = (): string => {
      if (left-- > 0) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      return 'done';
    };
    return { windows, work, waited: () => waited };
  }

  it('is tried again on Windows for a moment that a waiting thread can bear', () => {
    const { windows, work, waited } = heldFor(3);
    expect(whileHeldBriefly(work, windows)).toBe('done');
    expect(waited()).toBeLessThan(500);
  });

  it('fails with the system’s own error after it, and at once elsewhere', () => {
    const { windows, work } = heldFor(1_000);
    expect(() => whileHeldBriefly(work, windows)).toThrow('EPERM');
    const elsewhere = heldFor(1);
    expect(() => whileHeldBriefly(elsewhere.work, { ...elsewhere.windows, platform: 'linux' })).toThrow(
      'EPERM',
    );
    expect(elsewhere.waited()).toBe(0);
  });
});
