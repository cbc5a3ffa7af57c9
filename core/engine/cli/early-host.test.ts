import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { createTokenService } from '../../../native/token-host/client.ts';
import type { SpawnOptions } from '../../ports/program-spawner.ts';
import { endStarted, hostFor, startHostFor, type StartedHost } from './early-host.ts';

const started: StartedHost[] = [];

afterEach(() => started.splice(0).forEach(endStarted));

function start(...argv: readonly string[]): StartedHost | undefined {
  const host = startHostFor(argv);
  if (host) started.push(host);
  return host;
}

/** What the token service asks its spawner for when a key of this URI is wanted. */
async function askedFor(uri: string): Promise<SpawnOptions> {
  let asked: SpawnOptions | undefined;
  const spawner = {
    spawn: (_name: string, options: SpawnOptions = {}) => {
      asked = options;
      throw new Error('not started here');
    },
  };
  const tokens = createTokenService({ spawner, modules: [], softTokens: [], allow: 'as-the-uri-says' });
  await tokens.pinKey(uri).catch(() => undefined);
  if (!asked) throw new Error('no host was asked for');
  return asked;
}

const uris = [
  'pkcs11:token=an-thu;id=%01;type=private?module-path=/usr/lib/khong%20co/thu.so',
  'pkcs11:token=an-thu?pin-value=x&module-path=/usr/lib/thu.so',
  'file:///tmp/kh%C3%B3a%20th%E1%BB%AD.p12',
];

describe('the token host that starts ahead', () => {
  test.each(uris.filter((uri) => !uri.includes('pin-value')))(
    'is the one that is asked for: %s',
    async (uri) => {
      const host = start('a.pdf', '--key', uri, '--out', 'b.pdf');
      const options = await askedFor(uri);
      expect(host && hostFor(host, options)).toBe(host?.child);
    },
  );

  test('that is another one than is asked for is ended', async () => {
    const host = start('a.pdf', '--key', uris[0] ?? '');
    if (!host) throw new Error('no host');
    const gone = new Promise((resolve) => host.child.once('exit', (_, signal) => resolve(signal)));
    expect(hostFor(host, { args: ['--module', '/usr/lib/other.so'] })).toBeUndefined();
    expect(await gone).toBe('SIGKILL');
  });

  test('that died before it was asked for is not used', async () => {
    const host = start('a.pdf', '--key', uris[0] ?? '');
    if (!host) throw new Error('no host');
    host.child.kill('SIGKILL');
    while (host.child.signalCode === null) await sleep(5);
    expect(hostFor(host, await askedFor(uris[0] ?? ''))).toBeUndefined();
  });

  test.each([[[]], [['a.pdf']], [['--key']], [['--key', 'pkcs11:token=x']], [['--key', 'nonsense']], [['--key', 'file://host/a']]])(
    'is not started where the words do not tell it: %j',
    (argv) => {
      expect(start(...argv)).toBeUndefined();
    },
  ); // prettier-ignore
});
