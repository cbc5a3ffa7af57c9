import { afterEach, describe, expect, test, vi } from 'vitest';
import type { TokenEvent } from '../../core/contract/token.ts';
import type { ProgramHandle, ProgramSpawner } from '../../core/ports/program-spawner.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import { AnThuError, toErrorValue } from '../../core/shared/errors.ts';
import { createTokenService } from './client.ts';

type Answer = (method: string, host: number) => unknown;

/** Hosts that answer from a function; a thrown error is an error of the host, `undefined` no answer at all. */
function fakeSpawner(
  answer: Answer,
): ProgramSpawner & { readonly calls: string[]; living(): number; say(message: unknown): void } {
  const calls: string[] = [];
  const alive = new Set<ProgramHandle>();
  let hosts = 0;
  let say: (message: unknown) => void = () => undefined;
  return {
    calls,
    say: (message) => say(message),
    living: () => alive.size,
    spawn() {
      let receive: (message: unknown) => void = () => undefined;
      const host = ++hosts;
      const handle: ProgramHandle = {
        pid: 1,
        post(message) {
          const requests = (Array.isArray(message) ? message : [message]) as { id: number; method: string }[];
          for (const { id, method } of requests) {
            calls.push(method);
            queueMicrotask(() => {
              try {
                const value = method === 'identify' ? { token: 'a' } : answer(method, host);
                if (value !== undefined) receive({ kind: 'result', id, value });
              } catch (thrown) {
                receive({ kind: 'error', id, error: toErrorValue(thrown) });
              }
            });
          }
        },
        onMessage: (listener) => void (say = receive = listener),
        onExit: () => undefined,
        kill: () => void alive.delete(handle),
      };
      alive.add(handle);
      return handle;
    },
  };
}

let tokens: TokenService;
afterEach(() => tokens.close());

function open(spawner: ProgramSpawner, times = {}): TokenEvent[] {
  tokens = createTokenService({ spawner, modules: [{ path: '/m.so' }], softTokens: [], pollMs: 5, times });
  const events: TokenEvent[] = [];
  tokens.onEvent((event) => events.push(event));
  return events;
}

const sealed = { hostKeyId: '0'.repeat(32), ephemeralKey: '', iv: '', ciphertext: '' };
const uri = 'pkcs11:token=a';

async function eventually(check: () => void): Promise<void> {
  await vi.waitFor(check, { interval: 5, timeout: 3000 });
}

describe('the token service', () => {
  test('that was told to lock opens nothing that it was asked for before', async () => {
    const spawner = fakeSpawner((method) =>
      method === 'unlock' ? { token: 'a', unlocked: ['a'] } : { unlocked: [] },
    );
    const events = open(spawner);
    const refused = expect(tokens.unlock(uri, sealed)).rejects.toMatchObject({ code: 'token.canceled' });
    await tokens.lock();
    await refused;
    expect(spawner.calls).not.toContain('unlock');
    await tokens.unlock(uri, sealed);
    expect(events.map(({ kind }) => kind)).toEqual(['unlocked']);
  });

  test('that was told to lock one token opens it for nobody who asked before, but others', async () => {
    const spawner = fakeSpawner((method) =>
      method === 'unlock' ? { token: 'a', unlocked: ['a'] } : { unlocked: [] },
    );
    open(spawner);
    const unlocking = tokens.unlock(uri, sealed);
    const locking = tokens.lock(uri);
    await expect(unlocking).rejects.toMatchObject({ code: 'token.canceled' });
    await locking;
    expect(spawner.calls).not.toContain('unlock');
    const other = tokens.unlock(uri, sealed);
    await tokens.lock('pkcs11:token=b');
    await other;
  });

  test('tells what is plugged in and pulled out while it is watched, and that its login is gone', async () => {
    let present = ['a'];
    let unlocked = ['a'];
    const spawner = fakeSpawner((method) =>
      method === 'unlock' ? { token: 'a', unlocked } : { present, unlocked },
    );
    const events = open(spawner);
    await tokens.unlock(uri, sealed);
    const stop = tokens.watch();
    await eventually(() =>
      expect(spawner.calls.filter((call) => call === 'presence').length).toBeGreaterThan(1),
    );
    present = ['b'];
    unlocked = [];
    await eventually(() => expect(events.map(({ kind, tokenId }) => [kind, tokenId])).toEqual([
      ['unlocked', 'a'],
      ['present', 'a'],
      ['locked', 'a'],
      ['plugged', 'b'],
      ['unplugged', 'a'],
    ])); // prettier-ignore
    stop();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = spawner.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(spawner.calls.length).toBe(before);
  });

  test('a token that a list missed between two looks is told when it is seen again', async () => {
    const token = {
      id: 'a',
      kind: 'pkcs11',
      label: 'a',
      manufacturer: '',
      model: '',
      serial: '1',
      slot: '0',
      pinState: 'ok',
      pinLength: { min: 4, max: 8 },
      failedTries: 0,
      pinPad: false,
      unlocked: false,
      keys: [],
    };
    const module = { kind: 'pkcs11', path: '/m.so', state: 'ready', error: null, description: '', slots: [] };
    let listed: object[] = [];
    const spawner = fakeSpawner((method) =>
      method === 'list' ? [{ ...module, tokens: listed }] : { present: ['a'], unlocked: [] },
    );
    const events = open(spawner);
    const stop = tokens.watch();
    const kinds = () => events.map(({ kind }) => kind);
    await eventually(() => expect(kinds()).toEqual(['present']));
    await tokens.list();
    await eventually(() => expect(kinds()).toEqual(['present', 'unplugged', 'plugged']));
    listed = [token];
    await tokens.list();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(kinds()).toEqual(['present', 'unplugged', 'plugged']);
    stop();
  });

  test('asks a failing driver less and less often', async () => {
    const spawner = fakeSpawner(() => {
      throw new AnThuError('token.driver-fault', { ckr: 'CKR_GENERAL_ERROR', operation: 'C_GetSlotList' });
    });
    open(spawner);
    tokens.watch();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(spawner.calls.length).toBeGreaterThan(1);
    expect(spawner.calls.length).toBeLessThan(9);
  });

  test('sends a PIN once and ends the host after a wrong one, but not when the last try was not confirmed', async () => {
    let code: 'token.pin-incorrect' | 'token.last-try-needs-confirmation' =
      'token.last-try-needs-confirmation';
    const spawner = fakeSpawner((method) => {
      if (method === 'unlock') throw new AnThuError(code, { token: 'a' });
      return { unlocked: [] };
    });
    open(spawner);
    await expect(tokens.unlock(uri, sealed)).rejects.toMatchObject({ code });
    expect(spawner.living()).toBe(1);
    code = 'token.pin-incorrect';
    await expect(tokens.unlock(uri, sealed)).rejects.toMatchObject({ code, detail: { failedTries: 1 } });
    await expect(tokens.unlock(uri, sealed)).rejects.toMatchObject({ code, detail: { failedTries: 2 } });
    expect(spawner.living()).toBe(0);
    expect(spawner.calls.filter((method) => method === 'unlock')).toHaveLength(3);
  });

  describe('leaves a key for a PIN good', () => {
    const spki = (host: number) => ({ hostKeyId: String(host).repeat(32), publicKey: 'AAAA' });
    const key = { uri, label: '', keyType: 'rsa', bits: 2048, certificate: '', chain: [] };
    const request = { scheme: 'rsa-pkcs1', digestAlgorithm: 'sha256', digest: new Uint8Array(32) } as const;
    const gone = new AnThuError('token.not-present', { uri });

    test('when a signature fails that was asked for before', async () => {
      let logins: string[] = [];
      const spawner = fakeSpawner((method, host) => {
        if (method === 'key') return key;
        if (method === 'pinKey') return spki(host);
        if (method === 'unlock') return { token: 'a', unlocked: (logins = ['a']) };
        if (method === 'sign') throw gone;
        return { unlocked: logins };
      });
      open(spawner);
      const { sign } = await tokens.key(uri);
      const failed = expect(sign(request)).rejects.toMatchObject({ code: gone.code });
      const { hostKeyId } = await tokens.pinKey(uri);
      await failed;
      expect(spawner.living()).toBe(1);
      await tokens.unlock(uri, { ...sealed, hostKeyId });
      expect(hostKeyId).toBe(spki(1).hostKeyId);
      expect(spawner.living()).toBe(1);
    });

    test('and makes it in a host that knows no PIN, where one that does was about to end', async () => {
      const logins = new Set<number>();
      const spawner = fakeSpawner((method, host) => {
        if (method === 'key') return key;
        if (method === 'pinKey') return spki(host);
        if (method === 'unlock') logins.add(host);
        if (method === 'lock') logins.delete(host);
        return method === 'sign'
          ? { signature: 'AAAA' }
          : { token: 'a', unlocked: logins.has(host) ? ['a'] : [] };
      });
      open(spawner);
      await tokens.unlock(uri, sealed);
      const { sign } = await tokens.key(uri);
      const locking = tokens.lock();
      const asking = tokens.pinKey(uri);
      const signing = sign(request);
      await locking;
      const { hostKeyId } = await asking;
      expect(hostKeyId).toBe(spki(2).hostKeyId);
      await signing;
      await tokens.unlock(uri, { ...sealed, hostKeyId });
      expect([...logins]).toEqual([2]);
      expect(spawner.living()).toBe(1);
    });
  });

  test('waits longer for a login than for anything else, and counts from when the call is sent', async () => {
    const spawner = fakeSpawner(() => undefined);
    open(spawner, { loginDeadlineMs: 200, callDeadlineMs: 100 });
    const started = performance.now();
    const [login, list] = await Promise.allSettled([tokens.unlock(uri, sealed), tokens.list()]);
    expect(login).toMatchObject({ status: 'rejected', reason: { code: 'token.driver-timeout' } });
    expect(list).toMatchObject({
      status: 'fulfilled',
      value: [{ state: 'unusable', error: { code: 'token.driver-timeout' } }],
    });
    expect(performance.now() - started).toBeGreaterThan(290);
  });

  test('has signatures ready behind the one that the token makes, each with a deadline of its own', async () => {
    const key = { uri, label: '', keyType: 'rsa', bits: 2048, certificate: '', chain: [] };
    const spawner = fakeSpawner((method) => {
      if (method === 'unlock') return { token: 'a', unlocked: ['a'] };
      return method === 'key' ? key : undefined;
    });
    open(spawner, { callDeadlineMs: 100 });
    await tokens.unlock(uri, sealed);
    const { sign } = await tokens.key(uri);
    const request = { scheme: 'rsa-pkcs1', digestAlgorithm: 'sha256', digest: new Uint8Array(32) } as const;
    const results = await Promise.allSettled([sign(request), sign(request), sign(request)]);
    expect(spawner.calls.filter((method) => method === 'sign')).toHaveLength(3);
    // The one that hangs takes its host, and what was ready behind it, along.
    expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
      'token.driver-timeout',
      'token.driver-crashed',
      'token.driver-crashed',
    ]);
    expect(spawner.living()).toBe(0);
  });

  test.each([
    ['a message that is none', 'x'],
    ['an event without what it locked', { kind: 'event', name: 'idle-locked', value: 5 }],
  ])('ends a host that says %s, and tells that its logins are gone', async (_, message) => {
    const spawner = fakeSpawner((method) =>
      method === 'unlock' ? { token: 'a', unlocked: ['a'] } : { unlocked: [] },
    );
    const events = open(spawner);
    await tokens.unlock(uri, sealed);
    spawner.say(message);
    expect(spawner.living()).toBe(0);
    expect(events.map(({ kind }) => kind).slice(0, 2)).toEqual(['unlocked', 'locked']);
  });

  test('counts a host that dies while locking as locked', async () => {
    const spawner = fakeSpawner((method) =>
      method === 'unlock' ? { token: 'a', unlocked: ['a'] } : undefined,
    );
    const events = open(spawner, { callDeadlineMs: 50 });
    await tokens.unlock(uri, sealed);
    await tokens.lock();
    expect(spawner.living()).toBe(0);
    expect(events.map(({ kind }) => kind)).toEqual(['unlocked', 'locked', 'died']);
  });
});
