import { verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signBatch } from '../../core/signing/batch/sign-batch.ts';
import type { TokenServiceOptions } from '../../native/token-host/client.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';
import { codeOf, isAlive, message, signMessage, unlock, until } from './harness.ts';

let world: FaultWorld;
beforeAll(() => void (world = new FaultWorld()));
afterEach(() => world.endServices());
afterAll(() => world.remove());

/** `times`: only where the driver hangs, for the start of a host counts too. */
async function openKey(
  times: TokenServiceOptions['times'] = {},
): Promise<{ service: ReturnType<FaultWorld['open']>; key: SigningKey }> {
  const service = world.open({ times });
  await unlock(service, world.token.uri('01'), world.token.pin);
  return { service, key: await service.key(world.token.uri('01')) };
}

/** Signs with three under way, as a batch, until told to stop; what each came to. */
async function signOn(key: SigningKey, goesOn: () => boolean): Promise<PromiseSettledResult<Uint8Array>[]> {
  const results: PromiseSettledResult<Uint8Array>[] = [];
  const one = async (): Promise<void> => {
    while (goesOn()) {
      const [result] = await Promise.allSettled([signMessage(key, 'rsa-pkcs1')]);
      results.push(result);
    }
  };
  await Promise.all([one(), one(), one()]);
  return results;
}

/** Signs with three under way until each is refused; why, and how many were signed before. */
async function signUntilRefused(key: SigningKey, signed: (count: number) => void): Promise<string[]> {
  let count = 0;
  const one = async (): Promise<void> => {
    for (;;) {
      await signMessage(key, 'rsa-pkcs1');
      signed(++count);
    }
  };
  return (await Promise.all([one(), one(), one()].map(codeOf))).toSorted();
}

/** Goes on for so many signatures in all. */
const inAll = (count: number): (() => boolean) => {
  let left = count;
  return () => left-- > 0;
};

const threads = (): number => new Set(world.token.signingThreads()).size;

/**
 * A quick signature still, with a moment in which whoever asks for them has a processor: where it has none meanwhile (one
 * processor for both), three are signed and then none waits, and nothing is to be hastened.
 */
const quickly = 'C_Sign delay 1';

/** Signs until the token's process has taken a second thread for it; the number of that thread. */
async function makeHaste(key: SigningKey): Promise<string> {
  world.token.order('log-threads', quickly);
  const end = performance.now() + 60_000;
  const results = await signOn(key, () => threads() < 2 && performance.now() < end);
  expect(results.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(threads()).toBe(2);
  world.token.order('log-threads');
  return world.token.signingThreads().at(-1) ?? '';
}

const reasons = (results: readonly PromiseSettledResult<unknown>[]): string[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason.code)] : []));

const fits = (signature: Uint8Array): boolean =>
  verify('sha256', message, world.certificates.get('01')!.publicKey, signature);

describe('a batch on a quick token', () => {
  test('is signed on a thread of its own: every signature fits, and the driver is never called twice at once', async () => {
    const { service, key } = await openKey();
    await makeHaste(key);
    const other = await service.key(world.token.uri('03'));
    world.token.forget();
    const [results, pss, ec] = await Promise.all([
      signOn(key, inAll(60)),
      signMessage(key, 'rsa-pss'),
      signMessage(other, 'ecdsa'),
    ]);
    expect(results.every((result) => result.status === 'fulfilled' && fits(result.value))).toBe(true);
    expect(pss).toHaveLength(256);
    expect(verify('sha256', message, world.certificates.get('03')!.publicKey, ec)).toBe(true);
    expect(world.token.signingThreads()).toHaveLength(62);
    expect(world.token.overlaps()).toBe('');
  });

  test('is the only thing for which one is started: signatures one after the other do without', async () => {
    const { key } = await openKey();
    world.token.order('log-threads');
    for (let i = 0; i < 40; i++) await signMessage(key, 'rsa-pkcs1');
    expect(threads()).toBe(1);
  });

  test('a token that takes its time gets no second thread', async () => {
    const { key } = await openKey();
    world.token.order('log-threads', 'C_Sign delay 8');
    await signOn(key, inAll(60));
    expect(threads()).toBe(1);
  });

  test('one signature that the token refuses fails alone, and is not asked for again', async () => {
    const { key } = await openKey();
    await makeHaste(key);
    world.token.forget();
    world.token.order('log-threads', 'C_Sign rv 0x20 once=refused');
    const results = await signOn(key, inAll(40));
    expect(reasons(results)).toEqual([expect.stringMatching(/^token\./)]);
    expect(world.token.signingThreads()).toHaveLength(40);
    expect(world.token.overlaps()).toBe('');
  });

  test('a session that is stale before anything was signed is opened again, and nothing fails', async () => {
    const { key } = await openKey();
    await makeHaste(key);
    world.token.order('C_SignInit rv 0xB3 once=stale');
    expect(reasons(await signOn(key, inAll(40)))).toEqual([]);
    expect(world.token.overlaps()).toBe('');
  });

  test('goes on after a failure, and soon on that thread again', async () => {
    const { key } = await openKey();
    const thread = await makeHaste(key);
    world.token.order('log-threads', 'C_Sign rv 0x20 once=again', quickly);
    expect(reasons(await signOn(key, inAll(12)))).toHaveLength(1);
    world.token.forget();
    const onThread = (): boolean => world.token.signingThreads().at(-1) === thread;
    const end = performance.now() + 10_000;
    await signOn(key, () => !onThread() && performance.now() < end);
    expect(onThread()).toBe(true);
    expect(world.token.overlaps()).toBe('');
  });

  test('can be locked in its middle: what was not signed is refused, and no PIN is left', async () => {
    const { service, key } = await openKey();
    await makeHaste(key);
    const pid = world.pids.at(-1);
    let signed = 0;
    const signing = signUntilRefused(key, (count) => void (signed = count));
    await until(() => signed > 12);
    await service.lock();
    expect(new Set(await signing)).toEqual(new Set(['token.not-unlocked']));
    expect(world.token.overlaps()).toBe('');
    await until(() => !isAlive(pid));
  });

  test('ends with a typed error within two seconds of its deadline when the driver hangs; what was signed before counts', async () => {
    const callDeadlineMs = 6000;
    const { key } = await openKey({ callDeadlineMs });
    await makeHaste(key);
    const pid = world.pids.at(-1);
    world.token.order('C_Sign hang after=12');
    const started = performance.now();
    let told = 0;
    const codes = await signUntilRefused(key, () => void (told = performance.now()));
    expect(codes).toEqual(['token.driver-crashed', 'token.driver-crashed', 'token.driver-timeout']);
    expect(performance.now() - started).toBeLessThan(callDeadlineMs + 2000);
    // The twelve before it were answered at once, not only at the end.
    expect(told - started).toBeLessThan(callDeadlineMs / 2);
    await until(() => !isAlive(pid));
  });

  test.each([
    ['vanishes', 'C_Sign vanish after=12', 'token.removed', 12],
    ['has a driver that crashes', 'C_Sign segv after=12', 'token.driver-crashed', 10],
    ['has a driver that signs wrongly', 'C_Sign corrupt after=12', 'token.key-mismatch', 12],
  ])('that %s stops it with at most three files failed', async (_, order, code, atLeast) => {
    const { key } = await openKey();
    await makeHaste(key);
    world.token.order(order);
    const { results, stopped } = await signBatch({
      files: Array.from({ length: 30 }, (_, i) => `tệp ${i}`),
      key,
      signOne: async (_, gated) => await signMessage(await gated, 'rsa-pkcs1'),
    });
    const count = (state: string): number => results.filter((one) => one.state === state).length;
    expect(stopped?.code).toBe(code);
    expect(count('signed')).toBeGreaterThanOrEqual(atLeast);
    expect(count('signed')).toBeLessThanOrEqual(12);
    expect(count('failed')).toBeLessThanOrEqual(3);
    expect(world.token.overlaps()).toBe('');
  });
});
