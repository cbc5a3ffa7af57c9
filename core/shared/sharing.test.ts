import { describe, expect, it } from 'vitest';
import { whileHeld } from './sharing.ts';

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
