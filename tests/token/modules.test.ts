import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { TokenService } from '../../core/ports/token-service.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { codeOf, recordingSpawner } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-modules-'));
let tokens: TokenService;

afterEach(() => tokens.close());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function withFile(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** The first bytes of a 32-bit x86 shared library, and nothing after them. */
function elf32(): Uint8Array {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(3, 18);
  return header;
}

/** A header of this machine with nothing behind it: the file check lets it pass, the loader does not. */
function truncatedLibrary(): Uint8Array {
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeUInt16LE(3, 16);
  header.writeUInt16LE(process.arch === 'arm64' ? 0xb7 : 0x3e, 18);
  return header;
}

const cases = {
  'token.module-missing': join(folder, 'missing.so'),
  'token.module-not-library': withFile('text.so', 'not a library'),
  'token.module-wrong-architecture': withFile('elf32.so', elf32()),
  'token.module-load-failed': withFile('truncated.so', truncatedLibrary()),
};

test('every module that cannot be used is listed with its reason in Vietnamese, one for each', async () => {
  const spawner = recordingSpawner();
  tokens = createTokenService({
    spawner,
    modules: Object.values(cases).map((path) => ({ path })),
    softTokens: [],
  });
  const modules = await tokens.list();
  expect(modules.map(({ path, state, error }) => [error?.code, path, state])).toEqual(
    Object.entries(cases).map(([code, path]) => [code, path, 'unusable']),
  );
  expect(modules[2]?.error?.message).toContain('32-bit');
});

test('using a key of such a module fails with the same code', async () => {
  const [code, path] = Object.entries(cases)[2] ?? ['', ''];
  tokens = createTokenService({ spawner: recordingSpawner(), modules: [{ path }], softTokens: [] });
  expect(await codeOf(tokens.pinKey('pkcs11:token=x').then(() => tokens.key('pkcs11:token=x')))).toBe(code);
});

test('a library that is no PKCS#11 module is a load failure, not a crash', async () => {
  const { createRequire } = await import('node:module');
  const addon = createRequire(import.meta.url).resolve('pkcs11js/build/Release/pkcs11.node');
  tokens = createTokenService({ spawner: recordingSpawner(), modules: [{ path: addon }], softTokens: [] });
  const [module] = await tokens.list();
  expect(module?.error?.code).toBe('token.module-load-failed');
});
