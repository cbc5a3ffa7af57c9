import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import type { FaultToken } from '../fault-module/fault-token.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';
import { commandOf, descendants, findInMemory } from '../lib/process-memory.ts';
import { codeOf, signMessage, unlock, until } from './harness.ts';

/*
 * The memory of every process that has to do with a PIN is searched while the token is open. What is looked for is random,
 * and each search proves itself by finding a planted text. (Window, main process and engine: tests/e2e/pin-traces.e2e.ts.)
 */
const repository = join(import.meta.dirname, '..', '..');
const pin = `Pin-${randomBytes(8).toString('hex')}`;
const wrongPin = `Sai-${randomBytes(8).toString('hex')}`;
const planted = `gieo-${randomBytes(8).toString('hex')}`;
let world: FaultWorld;
let token: FaultToken;

beforeAll(() => {
  world = new FaultWorld();
  const identity = world.material.identity('Văn thư', 'rsa:2048');
  const hsm: SoftHsm = createSoftHsm({
    folder: join(world.folder, 'own-pin'),
    keys: [{ id: '01', label: 'khóa', ...identity }],
    pin,
  });
  token = world.another(hsm);
});
afterEach(() => world.endServices());
afterAll(() => world.remove());

/** The command line, stopped in the middle of its signature. */
async function signingCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  token.order('log', `C_Sign wait-for go-${planted}-${args.length}`);
  const cli = join(repository, 'core', 'engine', 'cli', 'main.ts');
  const child = spawn(process.execPath, [cli, 'token', 'test', '--key', token.uri('01'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  await until(() => /C_Sign\n/.test(token.calls()));
  return {
    pid: child.pid ?? 0,
    async end() {
      token.release(`go-${planted}-${args.length}`);
      const [status] = (await ended) as [number];
      token.forget();
      return status;
    },
  };
}

describe('a PIN is not in the memory of', () => {
  test('the command line that took it from a file, nor of its other helpers, once it was sent', async () => {
    const file = join(world.folder, `${planted}.pin`);
    writeFileSync(file, `${pin}\n`, { mode: 0o600 });
    const command = await signingCommand(['--pin-file', file]);
    const helpers = descendants(command.pid);
    const host = helpers.find((pid) => commandOf(pid).includes('token-host'));
    expect(findInMemory(command.pid, [planted, pin])).toEqual([planted]);
    // The one process that must know it, so that the search is seen to find it where it is.
    expect(findInMemory(host ?? 0, [pin])).toEqual([pin]);
    for (const pid of helpers.filter((one) => one !== host)) expect(findInMemory(pid, [pin])).toEqual([]);
    expect(await command.end()).toBe(0);
  });

  test('nor in the environment of helpers, where the command line took it from its own', async () => {
    const command = await signingCommand(['--pin-env', 'AN_THU_TEST_PIN', '--json'], {
      AN_THU_TEST_PIN: pin,
    });
    const hosts = descendants(command.pid).filter((pid) => !commandOf(pid).includes('token-host'));
    for (const pid of hosts) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(pin);
    expect(await command.end()).toBe(0);
  });

  test('a token host that has locked: it is gone; a wrong one is nowhere either', async () => {
    const service = world.open({}, [token]);
    const host = (): number => world.pids.at(-1) ?? 0;
    await unlock(service, token.uri('01'), pin);
    await signMessage(await service.key(token.uri('01')), 'rsa-pkcs1');
    expect(findInMemory(host(), [pin])).toEqual([pin]);
    await service.lock();
    expect(await codeOf(unlock(service, token.uri('01'), wrongPin))).toBe('token.pin-incorrect');
    await service.list();
    // The list started a new process: it has seen neither.
    expect(findInMemory(host(), [pin, wrongPin])).toEqual([]);
  });
});
