import { createHash, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';
import { unlock, until } from './harness.ts';

/*
 * Each signature belongs to what was asked for, whatever happens between: with an EC key, whose signatures the token host cannot
 * check itself, and a different text each time.
 */
let world: FaultWorld;
beforeAll(() => void (world = new FaultWorld()), 60_000);
afterEach(() => world.endServices());
afterAll(() => world.remove());

let texts = 0;

/** Signs a text of its own; whether the signature is over it. */
async function signOne(key: SigningKey): Promise<boolean> {
  const text = Buffer.from(`Văn bản số ${++texts}`);
  const digest = createHash('sha256').update(text).digest();
  const signature = await key.sign({ scheme: 'ecdsa', digestAlgorithm: 'sha256', digest });
  return verify('sha256', text, world.certificates.get('03')!.publicKey, signature);
}

/** Signs with three under way while `goesOn`; counts what came out. */
async function signOn(key: SigningKey, goesOn: () => boolean) {
  const counts = { own: 0, other: 0, failed: 0 };
  const one = async (): Promise<void> => {
    while (goesOn()) {
      const result = await signOne(key).catch(() => undefined);
      counts[result === undefined ? 'failed' : result ? 'own' : 'other']++;
    }
  };
  await Promise.all([one(), one(), one()]);
  return counts;
}

const inAll = (count: number): (() => boolean) => {
  let left = count;
  return () => left-- > 0;
};

/**
 * Until a second thread signs. Each signature takes a moment, still a quick one, in which whoever asks for them has a processor:
 * where it has none meanwhile (one processor for both), three are signed and then none waits, and nothing is to be hastened.
 */
async function makeHaste(key: SigningKey): Promise<void> {
  world.token.order('log-threads', 'C_Sign delay 1');
  const isQuick = (): boolean => new Set(world.token.signingThreads()).size > 1;
  const end = performance.now() + 60_000;
  expect(await signOn(key, () => !isQuick() && performance.now() < end)).toMatchObject({
    other: 0,
    failed: 0,
  });
  expect(isQuick()).toBe(true);
  world.token.order('log-threads');
}

test.each([
  ['a signature that fails', 'C_Sign rv 0x20 once=s', 1],
  ['a stale session', 'C_SignInit rv 0xB3 once=i', 0],
])('after %s on the quick way', async (_, fault, failed) => {
  const service = world.open();
  await unlock(service, world.token.uri('03'), world.hsm.pin);
  const key = await service.key(world.token.uri('03'));
  await makeHaste(key);
  world.token.order(fault);
  expect(await signOn(key, inAll(60))).toEqual({ own: 60 - failed, other: 0, failed });
});

test('when the token is locked in the middle of a batch and opened again', async () => {
  const service = world.open();
  await unlock(service, world.token.uri('03'), world.hsm.pin);
  const key = await service.key(world.token.uri('03'));
  await makeHaste(key);
  let ended = false;
  const batch = signOn(key, () => !ended);
  try {
    await service.lock();
    await unlock(service, world.token.uri('03'), world.hsm.pin);
    const before = texts;
    await until(() => texts > before + 20);
  } finally {
    // Else it goes on for ever with a service that is closed.
    ended = true;
  }
  const { own, other } = await batch;
  expect(other).toBe(0);
  expect(own).toBeGreaterThan(0);
});
