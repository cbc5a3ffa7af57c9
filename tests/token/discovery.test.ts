import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adviceDefinitions, adviceText } from '../../core/contract/token-advice.ts';
import { type DiagnosedModule, tokenDiagnosisSchema } from '../../core/contract/token-diagnosis.ts';
import { tryCountsIn } from '../../core/engine/services/try-folder.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { type Candidate, findCandidates } from '../../native/token-discovery/candidates.ts';
import { diagnoseTokens } from '../../native/token-discovery/diagnose.ts';
import { createSoftHsm, type SoftHsm } from '../../scripts/lib/softhsm.ts';
import { createMaterial } from './material.ts';

const folder = mkdtempSync(join(tmpdir(), 'an-thu-discovery-'));
let hsm: SoftHsm;

beforeAll(() => {
  const material = createMaterial(folder);
  const identity = material.identity('Văn thư xã', 'rsa:2048');
  hsm = createSoftHsm({
    folder: join(folder, 'hsm'),
    keys: [{ id: '01', label: 'văn thư', ...identity }],
    certificates: [material.issuer],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const candidate = (path: string, more: Partial<Candidate> = {}): Candidate => ({
  path,
  vendor: '',
  sources: ['configured'],
  ...more,
});

async function diagnose(...candidates: Candidate[]): Promise<DiagnosedModule[]> {
  const diagnosis = await diagnoseTokens({
    spawner: createNodeSpawner(),
    configured: [],
    candidates,
    now: new Date(),
    deadlineMs: 8_000,
  });
  return tokenDiagnosisSchema.parse(diagnosis).modules;
}

test('a module is asked everything that needs no PIN, and what to do is a sentence', async () => {
  const [module] = await diagnose(candidate(hsm.modulePath, { env: hsm.env }));
  expect(module).toMatchObject({ exists: true, fits: true, loads: true, error: null, configured: true });
  expect(module?.header).toEqual({ format: 'ELF', architectures: [process.arch] });
  expect(module?.info?.manufacturer).toBe('SoftHSM');
  const token = module?.slots.map(({ token: one }) => one).find((one) => one?.initialized);
  expect(token).toMatchObject({ label: 'an-thu', pinState: 'ok', loginRequired: true });
  expect(token?.mechanisms.find(({ name }) => name === 'CKM_RSA_PKCS')).toMatchObject({ signs: true });
  expect(
    token?.certificates.map(({ role, id, bits, summary }) => [role, id, bits, summary.commonName]).toSorted(),
  ).toEqual([
    ['end-entity', '01', 2048, 'Văn thư xã'],
    ['issuer', '', 256, 'CA thử nghiệm'],
  ]);
  expect(module?.advice.length).toBeGreaterThan(0);
  for (const { code, text } of module?.advice ?? []) {
    expect(code in adviceDefinitions).toBe(true);
    expect(text).toMatch(/\.$/);
  }
});

test('wrong PINs that only we know of count: the token says nothing of them', async () => {
  const { modules } = await diagnoseTokens({
    spawner: createNodeSpawner(),
    configured: [],
    candidates: [candidate(hsm.modulePath, { env: hsm.env })],
    now: new Date(),
    deadlineMs: 8_000,
    tries: {
      known: async () => (id) => ({ wrong: id.includes('token=an-thu') ? 2 : 0, unclear: 0 }),
    },
  });
  const [module] = modules;
  expect(module?.slots.flatMap(({ token }) => (token?.initialized ? [token.pinState] : []))).toEqual([
    'final-try',
  ]);
  expect(module?.advice.map(({ code }) => code)).toContain('token.pin-final-try');
});

test('a count of wrong PINs that cannot be read is said before somebody types one', async () => {
  const path = join(folder, 'no-folder');
  writeFileSync(path, '');
  const { advice } = await diagnoseTokens({
    spawner: createNodeSpawner(),
    configured: [],
    candidates: [],
    now: new Date(),
    tries: tryCountsIn(path),
  });
  expect(advice.map(({ code, weight }) => [code, weight])).toContainEqual([
    'system.tries-unreadable',
    'problem',
  ]);
});

test('a working module that is not allowed yet says how to get it allowed', async () => {
  const [module] = await diagnose(candidate(hsm.modulePath, { env: hsm.env, sources: ['p11-kit'] }));
  expect(module?.configured).toBe(false);
  expect(module?.advice.map(({ code }) => code)).toContain('module.not-used');
});

test('what cannot be loaded is never loaded, and says why', async () => {
  const text = join(folder, 'text.so');
  writeFileSync(text, 'not a library');
  const elf32 = join(folder, 'elf32.so');
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  header.writeUInt16LE(3, 18);
  writeFileSync(elf32, header);
  const missing = join(folder, 'missing.so');
  const noModule = execFileSync('sh', ['-c', 'ldconfig -p | grep -o "/.*/libc.so.6" | head -1'], {
    encoding: 'utf8',
  }).trim();
  const found = await diagnose(
    candidate(text),
    candidate(elf32),
    candidate(missing),
    candidate(join(folder, 'other.so'), { sources: ['known'] }),
    candidate(realpathSync(noModule)),
  );
  const codeOf = (path: string): (string | undefined)[] => {
    const module = found.find((each) => each.path === path);
    return [module?.advice[0]?.code, String(module?.loads)];
  };
  expect(codeOf(text)).toEqual(['module.not-library', 'null']);
  expect(codeOf(elf32)).toEqual(['module.wrong-architecture', 'null']);
  expect(codeOf(missing)).toEqual(['module.configured-missing', 'null']);
  expect(codeOf(join(folder, 'other.so'))).toEqual(['module.not-installed', 'null']);
  expect(codeOf(realpathSync(noModule))).toEqual(['module.load-failed', 'false']);
  expect(found.at(-1)?.path).toBe(join(folder, 'other.so'));
});

test('a token that was never set up is said to be so', async () => {
  const conf = join(folder, 'empty.conf');
  execFileSync('mkdir', ['-p', join(folder, 'empty')]);
  writeFileSync(conf, `directories.tokendir = ${join(folder, 'empty')}\nobjectstore.backend = file\n`);
  const [module] = await diagnose(candidate(hsm.modulePath, { env: { SOFTHSM2_CONF: conf } }));
  expect(module?.advice.map(({ code }) => code)).toContain('token.uninitialized');
});

test('this machine’s p11-kit modules are the ones that p11-kit itself lists, but for its trust store', () => {
  const listed = execFileSync('p11-kit', ['list-modules'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .split('\n')
    .flatMap((line) => /^[\w.-]+: (.+)$/.exec(line)?.[1] ?? [])
    .filter((path) => !path.includes('p11-kit-trust'))
    .map((path) => path.split('/').at(-1));
  const ours = findCandidates([])
    .filter(({ sources }) => sources.includes('p11-kit'))
    .map(({ path }) => path.split('/').at(-1));
  expect(listed.length).toBeGreaterThan(1);
  // p11-kit leaves out those that do not start (a TPM module without a TPM); we list them with the reason.
  expect(ours).toEqual(expect.arrayContaining(listed));
});

test('every advice has both languages, and says the same things', () => {
  const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).toSorted();
  for (const [code, { vi, en }] of Object.entries(adviceDefinitions)) {
    expect([code, places(vi)]).toEqual([code, places(en)]);
    expect(adviceText(code, {}, 'vi').length).toBeGreaterThan(10);
  }
});
