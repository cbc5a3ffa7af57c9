import { afterAll, beforeAll, expect, test } from 'vitest';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { DiagnosedModule } from '../../core/contract/token-diagnosis.ts';
import { diagnoseTokens } from '../../native/token-discovery/diagnose.ts';
import { FaultWorld } from '../fault-module/fault-world.ts';

let world: FaultWorld;
beforeAll(() => void (world = new FaultWorld()));
afterAll(() => world.remove());

const deadlineMs = 2_500;
const generalError = '0x5';

/** What a module does, the advice that must come of it, and whether it counts as one that loads. */
const rows: readonly [string, readonly string[], string, boolean][] = [
  ['hangs while it starts', ['C_Initialize hang'], 'module.hangs', false],
  ['hangs when asked for slots', ['C_GetSlotList hang'], 'module.hangs', true],
  ['crashes while it starts', ['C_Initialize segv'], 'module.crashes', false],
  ['crashes when asked for a token', ['C_GetTokenInfo abort'], 'module.crashes', true],
  ['does not start', [`C_Initialize rv ${generalError}`], 'module.start-failed', false],
  ['fails when asked for slots', [`C_GetSlotList rv ${generalError}`], 'module.answers-badly', true],
  ['cannot read its token', [`C_GetTokenInfo rv 0xe1`], 'slot.unreadable', true],
  ['has a locked token', [`flags-set ${0x40000}`], 'token.pin-locked', true],
  ['has a token with one try left', [`flags-set ${0x20000}`], 'token.pin-final-try', true],
  ['has a token after a wrong PIN', [`flags-set ${0x10000}`], 'token.pin-count-low', true],
  ['has a token without a PIN', [`flags-clear ${0x8}`], 'token.pin-not-initialized', true],
  ['has a token whose PIN must be changed', [`flags-set ${0x80000}`], 'token.pin-must-be-changed', true],
  ['hides its certificates', ['no-certs'], 'token.no-certificate', true],
  ['cannot sign', ['no-mechanism 0x1', 'no-mechanism 0x1041'], 'module.no-signing', true],
];

test('whatever a driver does, the diagnosis ends, says what to do, and tells the others as they are', async () => {
  const tokens = rows.map(([, orders]) => {
    const token = world.another();
    token.order(...orders);
    return token;
  });
  const paths = [...tokens.map(({ modulePath }) => modulePath), world.token.modulePath];
  const started = performance.now();
  const { modules } = await diagnoseTokens({
    spawner: createNodeSpawner(),
    configured: [],
    candidates: paths.map((path) => ({ path, vendor: '', sources: ['configured'] })),
    now: new Date(),
    deadlineMs,
  });
  const of = (path: string | undefined): DiagnosedModule | undefined =>
    modules.find((module) => module.path === path);
  expect(
    rows.map(([name], i) => [name, of(paths[i])?.advice.map(({ code }) => code), of(paths[i])?.loads]),
  ).toEqual(rows.map(([name, , code, loads]) => [name, expect.arrayContaining([code]), loads]));
  for (const { advice } of modules)
    for (const { text } of advice) expect(text).not.toMatch(/\{|undefined|\?\)/);
  // Beside them the one that behaves is fine: its own uninitialized slot (SoftHSM always has one) is all there is to say.
  expect(of(world.token.modulePath)?.advice.map(({ weight }) => weight)).not.toContain('problem');
  expect(performance.now() - started).toBeLessThan(40_000);
  expect(world.token.loginsSent()).toBe(0);
  for (const token of tokens) expect(token.loginsSent()).toBe(0);
});

test('certificates are judged by their dates', async () => {
  const at = async (now: string): Promise<string[]> => {
    const { modules } = await diagnoseTokens({
      spawner: createNodeSpawner(),
      configured: [],
      candidates: [{ path: world.token.modulePath, vendor: '', sources: ['configured'] }],
      now: new Date(now),
    });
    return (modules[0]?.advice ?? []).map(({ code }) => code);
  };
  const soon = new Date(Date.now() + 350 * 86_400_000).toISOString();
  expect(await at(soon)).toContain('certificate.expiring');
  expect(await at('2040-01-01T00:00:00Z')).toContain('certificate.expired');
  expect(await at('2000-01-01T00:00:00Z')).toContain('certificate.not-yet-valid');
});
