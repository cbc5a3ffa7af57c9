import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TokenEvent } from '../../core/contract/token.ts';
import { signCommand } from '../../core/engine/cli/commands/sign.ts';
import { tryCountsIn } from '../../core/engine/services/try-folder.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import type { AnThuError } from '../../core/shared/errors.ts';
import { dataFolderAt, isFree } from '../../core/store/data-folder.ts';
import { countsInMemory } from '../../native/token-host/try-ledger.ts';
import { runProgram } from '../cli/run.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';
import { codeOf, isAlive, signMessage, unlock, until } from './harness.ts';

let world: FaultWorld;
beforeAll(() => void (world = new FaultWorld()));
afterEach(() => world.endServices());
afterAll(() => world.remove());

const flag = {
  initialized: 0x8,
  pinPad: 0x100,
  low: 0x10000,
  final: 0x20000,
  locked: 0x40000,
  change: 0x80000,
};
const uri = (): string => world.token.uri('01');
const first = async (service: TokenService) => (await service.list())[0]?.tokens[0];

describe('nothing is sent to a token', () => {
  test.each([
    ['that is locked', [`flags-set ${flag.locked}`], 'token.pin-locked'],
    ['that is locked, whatever else it says', [`flags-set ${flag.locked | flag.low}`], 'token.pin-locked'],
    ['without a PIN', [`flags-clear ${flag.initialized}`], 'token.pin-not-initialized'],
    ['whose PIN must be changed', [`flags-set ${flag.change}`], 'token.pin-expired'],
    ['that wants a longer PIN', ['pin-min 7'], 'token.pin-length'],
    ['that wants a shorter PIN', ['pin-max 5'], 'token.pin-length'],
  ])('%s, even when the person insists', async (_, orders, code) => {
    world.token.order(...orders);
    const service = world.open();
    expect(await codeOf(unlock(service, uri(), world.hsm.pin, { lastTry: 'confirmed' }))).toBe(code);
    expect(world.token.loginsSent()).toBe(0);
    expect((await first(service))?.failedTries).toBe(0);
  });

  test('that has one try left, before the person has confirmed; then exactly one PIN', async () => {
    world.token.order(`flags-set ${flag.final}`);
    const service = world.open();
    expect(await codeOf(unlock(service, uri(), world.hsm.pin))).toBe('token.last-try-needs-confirmation');
    expect(world.token.loginsSent()).toBe(0);
    await unlock(service, uri(), world.hsm.pin, { lastTry: 'confirmed' });
    expect(world.token.loginsSent()).toBe(1);
  });

  test('that locked under our eyes: the third PIN is the last that it ever gets', async () => {
    world.token.order('pin-tries 3');
    const service = world.open();
    const wrong = (lastTry: 'refuse' | 'confirmed') => codeOf(unlock(service, uri(), '999999', { lastTry }));
    expect(await wrong('refuse')).toBe('token.pin-incorrect');
    expect(await first(service)).toMatchObject({ pinState: 'count-low', failedTries: 1 });
    expect(await wrong('refuse')).toBe('token.pin-incorrect');
    expect(await first(service)).toMatchObject({ pinState: 'final-try', failedTries: 2 });
    expect(await wrong('refuse')).toBe('token.last-try-needs-confirmation');
    expect(world.token.failedOnToken()).toBe(2);
    expect(await wrong('confirmed')).toBe('token.pin-locked');
    expect(await first(service)).toMatchObject({ pinState: 'locked' });
    for (const pin of ['999999', world.hsm.pin])
      expect(await codeOf(unlock(service, uri(), pin, { lastTry: 'confirmed' }))).toBe('token.pin-locked');
    expect([world.token.loginsSent(), world.token.failedOnToken()]).toEqual([3, 3]);
  });
});

describe('one PIN that was typed', () => {
  test('is sent once when it is wrong, and counted once by us and by the token', async () => {
    world.token.order('pin-tries 3');
    const service = world.open();
    expect(await codeOf(unlock(service, uri(), '999999'))).toBe('token.pin-incorrect');
    expect([world.token.loginsSent(), world.token.failedOnToken()]).toEqual([1, 1]);
    expect((await first(service))?.failedTries).toBe(1);
    await unlock(service, uri(), world.hsm.pin);
    expect((await first(service))?.failedTries).toBe(0);
  });

  test('is sent once to a driver that says somebody is logged in already', async () => {
    world.token.order('C_Login rv 0x100');
    expect(await codeOf(unlock(world.open(), uri(), world.hsm.pin))).toBe('token.busy');
    expect(world.token.loginsSent()).toBe(1);
  });

  test.each([
    ['hangs', 'hang', 'token.driver-timeout', 'listed'],
    ['hangs', 'hang', 'token.driver-timeout', 'short'],
    ['crashes', 'segv', 'token.driver-crashed', 'listed'],
    ['crashes', 'segv', 'token.driver-crashed', 'short'],
    ['fails', 'rv 0x30', 'token.login-unclear', 'listed'],
  ])(
    'is not sent again when the driver %s over it, and counts as a try that may be spent (%s, %s, %s address)',
    async (_, act, code, names) => {
      // The login that goes well at the end has this long, too.
      const service = world.open(act === 'hang' ? { times: { loginDeadlineMs: 1500 } } : {});
      // The address that the list gives, or one that names less than all of the token.
      const listed = (await first(service))?.keys.find(({ id }) => id === '01')?.uri ?? '';
      const key = names === 'listed' ? listed : uri();
      for (const sent of [1, 2]) {
        world.token.order(`C_Login ${act}`);
        expect(await codeOf(unlock(service, key, world.hsm.pin))).toBe(code);
        expect(world.token.loginsSent()).toBe(sent);
        await service.list().catch(() => undefined);
        expect(world.token.loginsSent()).toBe(sent);
      }
      world.token.order();
      expect(await codeOf(unlock(service, key, world.hsm.pin))).toBe('token.last-try-needs-confirmation');
      expect(await first(service)).toMatchObject({ pinState: 'final-try', failedTries: 0 });
      await unlock(service, key, world.hsm.pin, { lastTry: 'confirmed' });
      expect(await first(service)).toMatchObject({ unlocked: true, failedTries: 0 });
    },
  );
});

describe('our own count', () => {
  test('stops before the third PIN although the flags say nothing, and is cleared by the right one', async () => {
    world.token.order('pin-tries 3', 'no-pin-flags', `flags-clear ${flag.low | flag.final | flag.locked}`);
    const service = world.open();
    for (let i = 0; i < 2; i++)
      expect(await codeOf(unlock(service, uri(), '999999'))).toBe('token.pin-incorrect');
    const refused = await unlock(service, uri(), world.hsm.pin).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'token.last-try-needs-confirmation', detail: { failedTries: 2 } });
    expect(world.token.loginsSent()).toBe(2);
    await unlock(service, uri(), world.hsm.pin, { lastTry: 'confirmed' });
    await service.lock();
    await unlock(service, uri(), world.hsm.pin);
    expect(world.token.failedOnToken()).toBe(0);
  });

  test('outlives the program', async () => {
    world.token.order('no-pin-flags', `flags-clear ${flag.low}`);
    const tryCounts = countsInMemory();
    const before = world.open({ tryCounts });
    for (let i = 0; i < 2; i++) await codeOf(unlock(before, uri(), '999999'));
    before.close();
    const after = world.open({ tryCounts });
    expect(await first(after)).toMatchObject({ failedTries: 2, pinState: 'final-try' });
    expect(await codeOf(unlock(after, uri(), world.hsm.pin))).toBe('token.last-try-needs-confirmation');
    expect(world.token.loginsSent()).toBe(2);
  });
});

describe('a PIN pad', () => {
  const padFlag = `flags-set ${flag.pinPad}`;

  test('is never asked with a PIN of length zero on the flag alone, for a driver may take that as a wrong one', async () => {
    world.token.order(padFlag, `pad-pin ${world.hsm.pin}`);
    const service = world.open();
    expect(await first(service)).toMatchObject({ pinPad: false });
    expect(await codeOf(service.unlock(uri(), null))).toBe('token.pin-required');
    expect(await codeOf(unlock(service, uri(), ''))).toBe('token.pin-length');
    expect(world.token.loginsSent()).toBe(0);
    await unlock(service, uri(), world.hsm.pin);
    await signMessage(await service.key(uri()), 'rsa-pkcs1');
  });

  test('is asked where the administrator says that the driver can; wrong and cancelled there are told apart', async () => {
    const service = world.open({}, [world.token], { AN_THU_PIN_PAD: 'asks' });
    expect(await codeOf(service.unlock(uri(), null))).toBe('token.pin-required');
    expect(world.token.loginsSent()).toBe(0);
    world.token.order(padFlag, 'pad-pin 999999');
    expect(await codeOf(service.unlock(uri(), null))).toBe('token.pin-incorrect');
    world.token.order(padFlag, 'C_Login rv 0x50');
    expect(await codeOf(service.unlock(uri(), null))).toBe('token.canceled');
    world.token.order(padFlag, `pad-pin ${world.hsm.pin}`);
    expect(await first(service)).toMatchObject({ pinPad: true });
    await service.unlock(uri(), null);
    await signMessage(await service.key(uri()), 'rsa-pkcs1');
  });
});

describe('a login ends', () => {
  test('when the token is pulled: the process that knew the PIN is gone', async () => {
    const service = world.open({ pollMs: 50 });
    const events: TokenEvent[] = [];
    service.onEvent((event) => events.push(event));
    const stop = service.watch();
    await unlock(service, uri(), world.hsm.pin);
    const [pid] = world.pids;
    await until(() => events.some(({ kind }) => kind === 'present'));
    world.token.pull();
    await until(() => events.some(({ kind }) => kind === 'unplugged'));
    expect(events).toContainEqual(expect.objectContaining({ kind: 'locked', reason: 'removed' }));
    await until(() => !isAlive(pid));
    stop();
  });

  test.each([
    ['hangs while it logs out', 'C_Logout hang'],
    ['hangs in a signature', 'C_Sign hang'],
  ])('at once when asked to, though the driver %s', async (_, hang) => {
    const service = world.open({ times: { lockPatienceMs: 300 } });
    await unlock(service, uri(), world.hsm.pin);
    const key = await service.key(uri());
    const [pid] = world.pids;
    world.token.order(hang);
    const signing = signMessage(key, 'rsa-pkcs1').catch((thrown: unknown) => thrown);
    const started = performance.now();
    await service.lock();
    expect(performance.now() - started).toBeLessThan(2000);
    await until(() => !isAlive(pid));
    const outcome = await signing;
    if (hang.startsWith('C_Sign')) expect((outcome as AnThuError).code).toBe('token.driver-crashed');
    expect((await first(world.open()))?.unlocked).toBe(false);
  });

  test('with the signature for which the PIN was not taken again', async () => {
    const kind = ['--key-type', 'rsa:2048', '--always-auth', '--usage-sign'];
    world.hsm.pkcs11Tool('--keypairgen', ...kind, '--id', '07', '--label', 'lần');
    world.addCertificate('07', 'lần');
    const service = world.open();
    await unlock(service, world.token.uri('07'), world.hsm.pin);
    const key = await service.key(world.token.uri('07'));
    await signMessage(key, 'rsa-pkcs1');
    expect(world.token.loginsSent(2)).toBe(1);
    world.token.order('C_Login rv 0xa0 user=2');
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.login-lost');
    expect(await codeOf(signMessage(key, 'rsa-pkcs1'))).toBe('token.not-unlocked');
    expect([world.token.loginsSent(), world.token.loginsSent(2)]).toEqual([1, 2]);
    // The token took it for a wrong one.
    expect((await first(service))?.failedTries).toBe(1);
  });
});

describe('the command line', () => {
  let folders = 0;
  beforeEach(() => void folders++);
  const dataDir = (): string => join(world.folder, `no-office-${folders}`);

  /** Words of `an-thu token test` with this PIN. */
  function testWords(pin: string): string[] {
    const file = join(world.folder, 'pin');
    writeFileSync(file, pin, { mode: 0o600 });
    const program = join(import.meta.dirname, '..', '..', 'core', 'engine', 'cli', 'main.ts');
    return [program, 'token', 'test', '--json', '--key', uri(), '--pin-file', file, '--data', dataDir()];
  }

  const startTryingPin = (pin: string) => spawn(process.execPath, testWords(pin), { stdio: 'ignore' });

  /** `an-thu token test` with this PIN, as a run of its own. */
  async function tryPin(pin: string, ...more: readonly string[]) {
    const { status, stdout } = await runProgram(process.execPath, [...testWords(pin), ...more]);
    return { status, code: /"code":\s*"([^"]+)"/.exec(stdout)?.[1] };
  }

  test('makes the last try only when it was told to', async () => {
    world.token.order(`flags-set ${flag.final}`);
    const refused = await tryPin(world.hsm.pin);
    expect(refused).toEqual({ status: 77, code: 'token.last-try-needs-confirmation' });
    expect(world.token.loginsSent()).toBe(0);
    expect((await tryPin(world.hsm.pin, '--confirm-last-try')).status).toBe(0);
    expect(world.token.loginsSent()).toBe(1);
  });

  test('that is interrupted before it sends the PIN does not send it', async () => {
    const file = join(world.folder, 'pin');
    writeFileSync(file, world.hsm.pin, { mode: 0o600 });
    const input = join(world.folder, 'a.pdf');
    writeFileSync(input, '%PDF-1.7');
    const before = process.listeners('SIGINT');
    const words = ['--key', uri(), '--pin-file', file, '--out', join(world.folder, 'b.pdf')];
    const signing = signCommand([input, ...words, '--data', dataDir(), '--json']);
    for (const pressed of process.listeners('SIGINT').filter((one) => !before.includes(one)))
      pressed('SIGINT');
    expect(await codeOf(signing)).toBe('signing.batch-cancelled');
    expect(world.token.loginsSent()).toBe(0);
  });

  test('counts wrong PINs from run to run, together with the engine, on a token that tells nothing of them', async () => {
    world.token.order('no-pin-flags', `flags-clear ${flag.low}`);
    expect((await tryPin('999999')).code).toBe('token.pin-incorrect');
    expect(readdirSync(dataDir())).toEqual(['token-tries']);
    const engine = world.open({ tryCounts: tryCountsIn(join(dataDir(), 'token-tries')) });
    expect(await first(engine)).toMatchObject({ failedTries: 1, pinState: 'count-low' });
    expect(await codeOf(unlock(engine, uri(), '999999'))).toBe('token.pin-incorrect');
    // The third of a script that goes on and on, with whatever PIN: nothing is sent.
    expect((await tryPin('999999')).code).toBe('token.last-try-needs-confirmation');
    expect((await tryPin(world.hsm.pin)).code).toBe('token.last-try-needs-confirmation');
    expect(world.token.loginsSent()).toBe(2);
    expect((await tryPin(world.hsm.pin, '--confirm-last-try')).status).toBe(0);
    expect(await first(engine)).toMatchObject({ failedTries: 0, pinState: 'ok' });
    expect((await tryPin(world.hsm.pin)).status).toBe(0);
  });

  test('that is killed while the token looks at a PIN has counted it', async () => {
    world.token.order('no-pin-flags', `flags-clear ${flag.low}`, 'C_Login hang');
    for (const sent of [1, 2]) {
      const running = startTryingPin('999999');
      await until(() => world.token.loginsSent() === sent);
      running.kill('SIGKILL');
      await once(running, 'exit');
    }
    world.token.order('no-pin-flags', `flags-clear ${flag.low}`);
    expect((await tryPin(world.hsm.pin)).code).toBe('token.last-try-needs-confirmation');
    expect(world.token.loginsSent()).toBe(2);
    expect((await tryPin(world.hsm.pin, '--confirm-last-try')).status).toBe(0);
    expect(readdirSync(join(dataDir(), 'token-tries'))).toEqual([]);
  });

  test('leaves room to set an office up where it only counted', async () => {
    expect((await tryPin('999999')).code).toBe('token.pin-incorrect');
    expect(await isFree(dataFolderAt(dataDir()))).toBe(true);
    await tryPin(world.hsm.pin);
  });
});
