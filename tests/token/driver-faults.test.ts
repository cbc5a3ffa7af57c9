import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TokenService } from '../../core/ports/token-service.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { signBatch } from '../../core/signing/batch/sign-batch.ts';
import type { FaultToken } from '../fault-module/fault-token.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';
import { codeOf, isAlive, message, signMessage, unlock, until } from './harness.ts';

let world: FaultWorld;
beforeAll(() => void (world = new FaultWorld()));
afterEach(() => world.endServices());
afterAll(() => world.remove());

/** The start of a host included, also on a busy machine. */
const callDeadlineMs = 6000;
const times = { callDeadlineMs, loginDeadlineMs: callDeadlineMs };

/** What a clerk does; says at which step it ended, with which code, and how long that step took. */
async function useToken(service: TokenService, token: FaultToken): Promise<{ code: string; ms: number }> {
  let started = performance.now();
  try {
    const [module] = await service.list();
    if (module?.error) throw new AnThuError(module.error.code as never, module.error.detail);
    started = performance.now();
    await unlock(service, token.uri('01'), token.pin);
    const key = await service.key(token.uri('01'));
    started = performance.now();
    await signMessage(key, 'rsa-pkcs1');
    return { code: 'signed', ms: performance.now() - started };
  } catch (thrown) {
    if (!(thrown instanceof AnThuError)) throw thrown;
    return { code: thrown.code, ms: performance.now() - started };
  }
}

const functions = [
  'C_Initialize',
  'C_GetSlotList',
  'C_GetTokenInfo',
  'C_OpenSession',
  'C_FindObjectsInit',
  'C_Login',
  'C_SignInit',
  'C_Sign',
];

describe('a driver that', () => {
  test('hangs anywhere is a typed error within two seconds of its deadline; after it the token works', async () => {
    const faults = functions.map((name) => ({ name, token: world.apart() }));
    await Promise.all(
      faults.map(async ({ name, token }, i) => {
        token.order(`${name} ${i % 2 ? 'spin' : 'hang'}`);
        const service = world.open({ times }, [token]);
        const { code, ms } = await useToken(service, token);
        expect([name, code]).toEqual([name, 'token.driver-timeout']);
        expect(ms).toBeLessThan(callDeadlineMs + 2000);
        token.order();
        service.close();
      }),
    );
    await until(() => world.pids.every((pid) => !isAlive(pid)));
    const after = world.open({}, [faults[0]!.token]);
    expect((await useToken(after, faults[0]!.token)).code).toBe('signed');
  });

  test('crashes anywhere is a typed error at once, and the next use starts anew', async () => {
    const ways = ['segv', 'abort', 'exit'];
    for (const [i, name] of functions.entries()) {
      const token = world.another();
      token.order(`${name} ${ways[i % 3]} once=1`);
      const service = world.open({ times }, [token]);
      const first = await useToken(service, token);
      expect([name, first.code]).toEqual([name, 'token.driver-crashed']);
      expect(first.ms).toBeLessThan(callDeadlineMs);
      expect([name, (await useToken(service, token)).code]).toEqual([name, 'signed']);
      service.close();
    }
  });

  test('loses its token anywhere says that it is gone, in a code of its own; plugged in again it works', async () => {
    const service = world.open();
    for (const name of [
      ...functions.slice(2),
      'C_FindObjects',
      'C_FindObjectsFinal',
      'C_GetAttributeValue',
    ]) {
      world.token.order(`${name} vanish`);
      const { code } = await useToken(service, world.token);
      expect([name, code]).toEqual([
        name,
        expect.stringMatching(
          /^token\.(removed|not-present|login-lost|key-not-found|certificate-not-found)$/,
        ),
      ]);
      world.token.order();
      world.token.plug();
    }
    expect((await useToken(service, world.token)).code).toBe('signed');
  });

  test('lost its token and got it back between two looks lists it, closed', async () => {
    const service = world.open();
    await unlock(service, world.token.uri('01'), world.token.pin);
    world.token.order('log');
    world.token.pull();
    expect((await service.list())[0]?.tokens).toEqual([]);
    world.token.plug();
    const [module] = await service.list();
    expect(module).toMatchObject({ state: 'ready', tokens: [{ keys: [{}, {}] }] });
    expect(await codeOf(signMessage(await service.key(world.token.uri('01')), 'rsa-pkcs1'))).toBe(
      'token.not-unlocked',
    );
  });

  test('hangs or crashes is not noticed by another token, which goes on signing', async () => {
    const good = world.another();
    const bad = world.token;
    const service = world.open({ times: { callDeadlineMs: 6000 } }, [bad, good]);
    await service.list();
    // One after the other: SoftHSM2 reads a token badly while another process writes to it.
    await unlock(service, good.uri('01'), good.pin);
    await unlock(service, bad.uri('01'), bad.pin);
    const [goodKey, badKey] = await Promise.all([service.key(good.uri('01')), service.key(bad.uri('01'))]);
    bad.order('C_Sign hang');
    const hanging = codeOf(signMessage(badKey, 'rsa-pkcs1'));
    for (let i = 0; i < 50; i++) {
      const signature = await signMessage(goodKey, 'rsa-pkcs1');
      if (i === 0)
        expect(verify('sha256', message, world.certificates.get('01')!.publicKey, signature)).toBe(true);
    }
    const listed = performance.now();
    const modules = await service.list({ patienceMs: 300 });
    expect(performance.now() - listed).toBeLessThan(1500);
    expect(modules.map(({ tokens }) => tokens[0]?.unlocked)).toEqual([true, true]);
    expect(await hanging).toBe('token.driver-timeout');
    bad.order('C_GetSlotList segv');
    const [broken, fine] = await service.list();
    expect(broken?.error?.code).toBe('token.driver-crashed');
    expect(fine?.tokens[0]?.unlocked).toBe(true);
    await signMessage(goodKey, 'rsa-pkcs1');
  });

  test('hangs over the list holds up no list: its place says so, and it is told when it has answered', async () => {
    const slow = world.token;
    slow.order('C_GetSlotList wait-for go');
    const quick = world.another();
    const service = world.open({}, [slow, quick]);
    await service.key(quick.uri('01'));
    const events: string[] = [];
    service.onEvent(({ kind }) => events.push(kind));
    const [first, second] = await service.list({ patienceMs: 2000 });
    expect(first?.error?.code).toBe('token.module-slow');
    expect(second?.tokens).toHaveLength(1);
    const again = performance.now();
    await service.list({ patienceMs: 2000 });
    expect(performance.now() - again).toBeLessThan(1000);
    slow.release('go');
    await until(() => events.includes('answered'));
    const [after] = await service.list({ patienceMs: 2000 });
    expect(after).toMatchObject({ error: null, tokens: [{ label: 'an-thu' }] });
  });
});

describe('a token host', () => {
  test('does not outlive its killed parent, not even while the driver hangs', async () => {
    world.token.order('log', 'C_GetSlotList hang');
    const parent = spawn(
      process.execPath,
      [join(import.meta.dirname, 'orphan-parent.ts'), world.token.modulePath],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const host = Number(line.toString());
    await until(() => /C_GetSlotList/.test(world.token.calls()), 8000);
    expect(isAlive(host)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(host), 5000);
  });

  test('keeps its memory out of core dumps', async () => {
    const service = world.open();
    await service.list();
    expect(readFileSync(`/proc/${world.pids[0]}/coredump_filter`, 'utf8')).toMatch(/^0+\n$/);
  });
});

describe('a batch', () => {
  const files = Array.from({ length: 30 }, (_, i) => `tệp ${i}`);

  test.each([
    ['whose token vanishes', 'C_Sign vanish after=10', 'token.removed'],
    ['whose driver crashes', 'C_Sign segv after=10', 'token.driver-crashed'],
    ['whose driver signs wrongly', 'C_Sign corrupt after=10', 'token.key-mismatch'],
  ])(
    '%s ends with what is signed, and the rest is signed afterwards: nothing twice, nothing lost',
    async (_, order, code) => {
      const service = world.open({ times });
      const done = new Map<string, Uint8Array>();
      const run = async () => {
        await unlock(service, world.token.uri('01'), world.token.pin);
        return await signBatch({
          files,
          key: await service.key(world.token.uri('01')),
          signOne: async (file, key) => {
            const signature = await signMessage(await key, 'rsa-pkcs1');
            expect(done.has(file)).toBe(false);
            done.set(file, signature);
            return file;
          },
          findFinished: async (file) => (done.has(file) ? file : undefined),
        });
      };
      world.token.order(order);
      const first = await run();
      expect(first.stopped?.code).toBe(code);
      const signed = first.results.filter(({ state }) => state === 'signed').length;
      expect(signed).toBe(done.size);
      expect(signed).toBeGreaterThanOrEqual(8);
      expect(signed).toBeLessThanOrEqual(10);
      world.token.plug();
      world.token.order();
      const second = await run();
      expect(second.results.map(({ state }) => state).toSorted()).toEqual(
        [...Array<string>(signed).fill('resumed'), ...Array<string>(30 - signed).fill('signed')].toSorted(),
      );
      expect(done.size).toBe(30);
      for (const signature of done.values())
        expect(verify('sha256', message, world.certificates.get('01')!.publicKey, signature)).toBe(true);
    },
  );
});
