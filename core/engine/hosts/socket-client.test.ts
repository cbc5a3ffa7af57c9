import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { connectToEngine } from './socket-client.ts';

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
