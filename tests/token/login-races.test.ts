import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countsInMemory } from '../../native/token-host/try-ledger.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';
import { codeOf, isAlive, signMessage, unlock, until } from './harness.ts';

let world: FaultWorld;
beforeAll(() => void (world = new FaultWorld()), 60_000);
afterEach(() => world.endServices());
afterAll(() => world.remove());

const uri = (): string => world.token.uri('01');

test('a token that is looked for anew while its PIN is being checked stays open', async () => {
  const service = world.open();
  world.token.order('C_Login wait-for looked');
  const unlocking = unlock(service, uri(), world.hsm.pin);
  await until(() => world.token.loginsSent() === 1);
  service.lookAnew();
  world.token.release('looked');
  await unlocking;
  await signMessage(await service.key(uri()), 'rsa-pkcs1');
});

test('a token of the same serial number that is asked for in vain leaves the open one open', async () => {
  world.token.order('serial 0');
  const service = world.open();
  await unlock(service, uri(), world.hsm.pin);
  const key = await service.key(uri());
  const other = `pkcs11:token=other;serial=0;id=%01?module-path=${world.token.modulePath}`;
  expect(await codeOf(service.key(other))).toBe('token.not-present');
  await signMessage(key, 'rsa-pkcs1');
});

test('a token that is changed for another between the question who it is and the PIN gets no PIN', async () => {
  const counts = countsInMemory();
  const tryCounts = {
    known: () => counts.known(),
    begin: async (tokenId: string) => {
      // Asked just before the PIN is sent.
      world.token.order('serial 77');
      return await counts.begin(tokenId);
    },
  };
  const service = world.open({ tryCounts });
  expect(await codeOf(unlock(service, `pkcs11:id=%01?module-path=${world.token.modulePath}`, '999999'))).toBe(
    'token.not-present',
  );
  expect(world.token.loginsSent()).toBe(0);
  expect((await service.list())[0]?.tokens[0]).toMatchObject({ serial: '77', failedTries: 0 });
});

test('a second token that is set up beside one of the same software is told to whoever watches', async () => {
  const service = world.open({ pollMs: 50 });
  const told: string[] = [];
  service.onEvent(({ kind, tokenId }) => told.push(`${kind} ${tokenId}`));
  const stop = service.watch();
  await until(() => told.some((event) => event.startsWith('present ')));
  const pins = ['--pin', world.hsm.pin, '--so-pin', '12345678'];
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'may-thu-hai', ...pins], {
    env: { ...process.env, ...world.hsm.env },
    stdio: 'pipe',
  });
  await until(() => told.some((event) => event.startsWith('plugged ') && event.includes('may-thu-hai')));
  stop();
  expect(told.filter((event) => event.startsWith('unplugged'))).toEqual([]);
});

test('a host that has seen a PIN for nothing ends, also when only then the key turns out to be two', async () => {
  const kind = ['--key-type', 'EC:prime256v1', '--usage-sign', '--id', '03', '--label', 'thứ hai'];
  world.hsm.pkcs11Tool('--keypairgen', ...kind);
  const service = world.open();
  expect(await codeOf(unlock(service, world.token.uri('03'), world.hsm.pin))).toBe('token.ambiguous');
  expect(world.token.loginsSent()).toBe(1);
  await until(() => world.pids.every((pid) => !isAlive(pid)), 5_000);
});
