import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { procedures, shellOnlyProcedures } from '../../core/contract/procedures.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { type Engine, openEngine } from '../../core/engine/engine.ts';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { findSoftHsm } from '../../scripts/lib/softhsm.ts';
import { codeOf } from './harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-engine-modules-'));
const module = findSoftHsm() ?? 'missing';
let engine: Engine;

beforeAll(async () => {
  await setUpAgency(folder, {
    agency: { name: 'UBND xã Hòa Thịnh', organId: 'H99.33', place: 'Hòa Thịnh', demo: true },
    registers: [{ name: 'Sổ văn bản đến' }],
  });
  engine = await openEngine({
    dataDir: folder,
    mode: 'idle',
    spawner: createNodeSpawner(),
    actor: 'chị Lan',
  });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const used = async (): Promise<readonly string[]> => (await engine.call('settings.get', {})).signing.modules;

test('a library is added after it was loaded once, is used at once, and is in the log with its digest', async () => {
  expect((await engine.call('token.list', {})).modules).toEqual([]);
  expect(await engine.call('tokens.add-module', { path: module })).toEqual({ modules: [module] });
  // The list waits for a module three seconds at most; on a busy machine the first look takes longer.
  const listed = async () =>
    (await engine.call('token.list', {})).modules.map(({ path, state }) => [path, state]);
  await expect.poll(listed).toEqual([[module, 'ready']]);
  const { entries } = await engine.call('audit.list', {});
  const entry = entries.find(({ action }) => action === 'token-module.added');
  expect(entry?.data).toMatchObject({ path: module, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  await engine.call('tokens.add-module', { path: module });
  expect(await used()).toEqual([module]);
});

test('what is no library of this machine is not added', async () => {
  const text = join(folder, 'x.so');
  writeFileSync(text, 'không phải thư viện');
  const add = (path: string): Promise<string> => codeOf(engine.call('tokens.add-module', { path }));
  expect(await add(text)).toBe('token.module-not-library');
  expect(await add(join(folder, 'missing.so'))).toBe('token.module-missing');
  expect(await add('x.so')).toBe('general.invalid-input');
  expect(await used()).toEqual([module]);
});

test('the diagnosis marks what is used, and lists what is not', async () => {
  const { modules } = await engine.call('tokens.diagnose', {});
  expect(modules.find(({ path }) => path === module)).toMatchObject({ configured: true, loads: true });
  expect(modules.some(({ configured, exists }) => exists && !configured)).toBe(true);
});

test('a library is taken out again, and its tokens with it', async () => {
  expect(await engine.call('tokens.remove-module', { path: module })).toEqual({ modules: [] });
  expect((await engine.call('token.list', {})).modules).toEqual([]);
});

test('no procedure that the page may call takes the path of a library', () => {
  const withPath = Object.entries(procedures)
    .filter(([name]) => !shellOnlyProcedures.some((each) => each === name))
    .filter(([, { input }]) => {
      const parsed = input.safeParse({
        path: '/tmp/evil.so',
        modules: ['/tmp/evil.so'],
        signing: { modules: ['/tmp/evil.so'], softTokens: ['/tmp/evil.p12'] },
        states: [],
        paths: [],
      });
      return parsed.success && JSON.stringify(parsed.data).includes('evil');
    })
    .map(([name]) => name);
  expect(withPath).toEqual([]);
});

test('a key’s URI cannot bring a library in either', async () => {
  const keyUri = 'pkcs11:token=x;id=%01?module-path=/tmp/evil.so';
  expect(await codeOf(engine.call('token.pin-key', { keyUri }))).toBe('token.module-not-configured');
  const soft = 'file:///tmp/evil.p12';
  expect(await codeOf(engine.call('token.pin-key', { keyUri: soft }))).toBe('token.module-not-configured');
});

test('an address with a PIN in it, or that is none, does not become the agency’s key, and is nowhere written down', async () => {
  const choose = (keyUri: string): Promise<string> =>
    codeOf(engine.call('settings.set', { signing: { keyUri } }));
  expect(await choose('pkcs11:token=a?pin-value=matkhau99')).toBe('token.pin-value-refused');
  expect(await choose('pkcs11:token=a;slot-id=3')).toBe('token.uri-invalid');
  expect((await engine.call('settings.get', {})).signing.keyUri).toBeNull();
  expect(JSON.stringify(await engine.call('audit.list', {}))).not.toContain('matkhau99');
});

test('an office is not set up with a PIN in the address of its key', async () => {
  const setUp = setUpAgency(join(folder, 'other'), {
    agency: { name: 'UBND xã Hòa Thịnh', organId: 'H99.33', demo: true },
    registers: [{ name: 'Sổ văn bản đến' }],
    settings: { signing: { keyUri: 'pkcs11:token=a?pin-value=matkhau99' } },
  });
  expect(await codeOf(setUp)).toBe('token.pin-value-refused');
  expect(existsSync(join(folder, 'other'))).toBe(false);
});
