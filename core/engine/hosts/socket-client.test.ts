import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { connectToEngine } from './socket-client.ts';
import { serveSocket } from './socket-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-socket-'));
const path = join(folder, 'engine.sock');
const server = createServer((socket) => socket.on('error', () => undefined));

beforeAll(async () => {
  server.listen(path);
  await once(server, 'listening');
});
afterEach(() => {
  vi.restoreAllMocks();
  chmodSync(folder, 0o700);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const connects = async (): Promise<boolean> => {
  const engine = await connectToEngine(path);
  await engine?.close();
  return engine !== null;
};

/** As if we were somebody else than whoever made the socket. */
const asAnother = (): void => void vi.spyOn(process, 'getuid').mockReturnValue((process.getuid?.() ?? 0) + 1);

test('an engine in a folder that only its owner can write to is the right one, whoever asks', async () => {
  expect(await connects()).toBe(true);
  asAnother();
  expect(await connects()).toBe(true);
});

test('where everybody can put a socket, only our own is an engine’s', async () => {
  chmodSync(folder, 0o1777);
  expect(await connects()).toBe(true);
  asAnother();
  expect(await connects()).toBe(false);
});

describe('an engine over its socket', () => {
  const ownPath = join(folder, 'own.sock');
  const listeners = new Set<(name: 'intake.changed', value: unknown) => void>();
  let stop: () => Promise<void>;
  /** Takes no file: each path comes back as one that failed. */
  const callUntyped = (_: string, { paths }: { paths: string[] }) => {
    const error = { code: 'general.no-such-input', message: '', detail: {} };
    return Promise.resolve({ items: [], failed: paths.map((each) => ({ path: each, error })) });
  };
  beforeAll(async () => {
    stop = await serveSocket({
      socketPath: ownPath,
      callUntyped: (name, input) => callUntyped(name, input as { paths: string[] }),
      onEvent: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
  });
  afterAll(() => stop());

  const echoOf = async (text: string): Promise<string[]> => {
    const engine = await connectToEngine(ownPath);
    const answer = await engine!.call('intake.add', { paths: [text] });
    await engine!.close();
    return answer.failed.map((each) => each.path);
  };

  test('is told every text whole, and tells it so, whatever line ends of other programs are in it', async () => {
    for (const text of ['một\u2028hai', 'một\u2029hai', 'một\r\nhai\u0085ba', 'ệ'.repeat(300_000)])
      expect(await echoOf(text)).toEqual([text]);
  });

  test('outlives a command that is killed before it has read what was told', async () => {
    const killed: Socket = connect(ownPath).pause();
    await once(killed, 'connect');
    // Its connection is served once another one, made later, is answered.
    await echoOf('x');
    for (const tell of listeners) tell('intake.changed', { id: 'x'.repeat(100_000) });
    killed.destroy();
    expect(await echoOf('y')).toEqual(['y']);
  });

  test('lets a command go that has stopped reading', async () => {
    const listening = (count: number) => vi.waitFor(() => expect(listeners.size).toBe(count));
    await listening(0);
    const stopped: Socket = connect(ownPath).pause();
    await listening(1);
    const megabyte = { id: 'x'.repeat(1024 * 1024) };
    for (let told = 0; told < 80; told++) for (const tell of listeners) tell('intake.changed', megabyte);
    await listening(0);
    stopped.destroy();
  });

  test('that has ended gives an error and not silence, also to the next call', async () => {
    const ended = createServer((socket) => socket.destroy());
    const endedPath = join(folder, 'ended.sock');
    await new Promise<void>((resolve) => ended.listen(endedPath, resolve));
    const engine = await connectToEngine(endedPath);
    for (let call = 0; call < 2; call++)
      await expect(engine!.call('intake.add', { paths: ['x'] })).rejects.toMatchObject({
        code: 'engine.unavailable',
      });
    ended.close();
  });
});
