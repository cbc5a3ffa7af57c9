import { describe, expect, test } from 'vitest';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';
import type { Login } from './login.ts';
import { QuickSigning, type SignsOnLane } from './quick-signing.ts';
import type { LaneAnswer, LaneFailure } from './signing-lane.ts';

const key: KeyDescription = {
  uri: 'pkcs11:a',
  label: '',
  keyType: 'rsa',
  bits: 2048,
  certificate: new Uint8Array(),
  chain: [],
};
const request: SignRequest = { scheme: 'rsa-pkcs1', digestAlgorithm: 'sha256', digest: new Uint8Array(32) };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A token whose signatures say where they were made; `slow` in milliseconds. */
function world({ slow = 0, lane = 'works' as 'works' | 'cannot be started' } = {}) {
  const login = {
    session: Buffer.of(1),
    resolved: new Map([['pkcs11:a', { key, certificate: {} }]]),
    laneKey: () => ({ session: login.session, key: Buffer.of(2), mechanism: { mechanism: 1 } }),
  };
  const log: string[] = [];
  const asked: ((answer: LaneAnswer) => void)[] = [];
  let idle = Promise.withResolvers<void>();
  idle.resolve();
  const onLane: SignsOnLane = {
    ready: true,
    get underWay() {
      return asked.length;
    },
    use: () => void log.push('use'),
    sign: () => {
      if (asked.length === 0) idle = Promise.withResolvers();
      return new Promise((resolve) => asked.push(resolve));
    },
    idle: () => idle.promise,
  };
  const signing = new QuickSigning(
    {
      loginFor: () => ['token', login as never as Login],
      sign: async (uri, _, failed?: LaneFailure) => {
        expect(asked).toEqual([]);
        const end = performance.now() + slow;
        while (performance.now() < end);
        log.push(failed ? `here after ${failed.operation}` : `here ${uri}`);
        if (failed) throw failed.thrown;
        return { signature: Uint8Array.of(1), key, token: 'token' };
      },
    },
    async () => {
      if (lane === 'works') return onLane;
      throw new Error('no thread');
    },
  );
  const answer = async (one: LaneAnswer): Promise<void> => {
    asked.shift()?.(one);
    if (asked.length === 0) idle.resolve();
    await turn();
  };
  /** So many, three under way. */
  const many = async (count: number): Promise<void> => {
    let left = count;
    const one = async (): Promise<void> => {
      while (left-- > 0) await signing.sign('pkcs11:a', request);
    };
    await Promise.all([one(), one(), one()]);
  };
  const haste = async (): Promise<void> => {
    const signed = many(80);
    while (asked.length < 3) await turn();
    while (asked.length > 0) await answer({ kind: 'signed', output: Uint8Array.of(2) });
    await signed;
    log.length = 0;
  };
  return { login, log, asked, signing, answer, many, haste };
}

describe('signatures of one module', () => {
  test('that come quickly one behind another go to the lane, several at once', async () => {
    const { signing, asked, answer, haste } = world();
    await haste();
    const three = [1, 2, 3].map(() => signing.sign('pkcs11:a', request));
    await turn();
    expect(asked).toHaveLength(3);
    for (const byte of [5, 6, 7]) await answer({ kind: 'signed', output: Uint8Array.of(byte) });
    expect((await Promise.all(three)).map(({ signature }) => signature[0])).toEqual([5, 6, 7]);
  });

  test('stay where they are when each waits for the last, or the token is slow, or no thread can be started', async () => {
    const alone = world();
    for (let i = 0; i < 60; i++) await alone.signing.sign('pkcs11:a', request);
    const slow = world({ slow: 6 });
    await slow.many(40);
    const none = world({ lane: 'cannot be started' });
    await none.many(80);
    for (const { log } of [alone, slow, none]) expect(new Set(log)).toEqual(new Set(['here pkcs11:a']));
  });

  test('leave the lane when it waits for them again and again, and come back when they wait for it', async () => {
    const { signing, asked, answer, haste, log } = world();
    await haste();
    let onLane = 0;
    for (let i = 0; i < 20; i++) {
      const signature = signing.sign('pkcs11:a', request);
      await turn();
      onLane += asked.length;
      if (asked.length > 0) await answer({ kind: 'signed', output: Uint8Array.of(2) });
      await signature;
    }
    expect(onLane).toBeGreaterThan(0);
    expect(onLane).toBeLessThan(10);
    expect(log).toHaveLength(20 - onLane);
    await haste();
    const two = [1, 2].map(() => signing.sign('pkcs11:a', request));
    await turn();
    expect(asked).toHaveLength(2);
    while (asked.length > 0) await answer({ kind: 'signed', output: Uint8Array.of(2) });
    await Promise.all(two);
  });

  test('of another kind wait until the lane is idle, and those behind them wait for their turn', async () => {
    const { signing, asked, answer, haste, log } = world();
    await haste();
    const first = signing.sign('pkcs11:a', request);
    const other = signing.sign('pkcs11:a', { ...request, scheme: 'rsa-pss' });
    const third = signing.sign('pkcs11:a', request);
    await turn();
    expect([asked.length, log]).toEqual([1, []]);
    await answer({ kind: 'signed', output: Uint8Array.of(2) });
    await other;
    expect(log[0]).toBe('here pkcs11:a');
    await turn();
    await answer({ kind: 'signed', output: Uint8Array.of(3) });
    await Promise.all([first, third]);
  });

  test('that fail on the lane are seen to here; those behind, which were not begun, are made here', async () => {
    const { signing, answer, haste, log } = world();
    await haste();
    const failing = signing.sign('pkcs11:a', request).catch((thrown: Error) => thrown.message);
    const behind = signing.sign('pkcs11:a', request);
    await turn();
    await answer({ kind: 'failed', failure: { operation: 'C_Sign', thrown: new Error('CKR_X') } });
    expect(log).toEqual([]);
    await answer({ kind: 'not-begun' });
    expect(await failing).toBe('CKR_X');
    await behind;
    expect(log).toEqual(['here after C_Sign', 'here pkcs11:a']);
  });

  test('are made here again once the session is another', async () => {
    const { signing, login, haste, log } = world();
    await haste();
    login.session = Buffer.of(9);
    await signing.sign('pkcs11:a', request);
    expect(log).toEqual(['here pkcs11:a']);
  });
});
