import { mkdtemp, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TokenEvent } from '../../core/contract/token.ts';
import { patchSettings, readSettings, writeSettings } from '../../core/engine/settings.ts';
import { Database } from '../../core/store/database.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import type { TokenService } from '../../core/ports/token-service.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import { createFaultToken, type FaultToken } from '../../tests/fault-module/fault-token.ts';
import { createMaterial } from '../../tests/token/material.ts';
import { createSoftHsm } from '../lib/softhsm.ts';
import { withOffice } from './bench-office.ts';
import { buildBundle, type LoopDelay, startBundle } from './bundle.ts';
import { type BenchOptions, type BenchResult, figure } from './result.ts';
import { median, worst } from './statistics.ts';
import { watchedSpawner } from './watched-spawner.ts';

/** How long a driver takes over a card that was just put in (findings: OpenSC 1.3 to 1.5 s). */
const BLOCKING_MS = 1500;
const PATIENCE_MS = 30_000;

/** A token behind the module of tests/fault-module, watched as the engine does. */
async function withWatchedToken<T>(work: (watched: Watched) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-token-'));
  const identity = createMaterial(folder).identity('Văn thư', 'rsa:2048');
  const keys = [{ id: '01', label: 'khóa', ...identity }];
  const token = createFaultToken(folder, createSoftHsm({ folder: join(folder, 'hsm'), keys }));
  const { spawner, pid } = watchedSpawner();
  const service = createTokenService({
    spawner,
    modules: [{ path: token.modulePath }],
    softTokens: [],
  });
  const stop = service.watch();
  try {
    return await work({ token, service, hostPid: () => pid() ?? 0 });
  } finally {
    stop();
    service.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Watched {
  readonly token: FaultToken;
  readonly service: TokenService;
  readonly hostPid: () => number;
}

function nextEvent(service: TokenService, kinds: readonly TokenEvent['kind'][]): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${kinds.join(' or ')} event`)), PATIENCE_MS);
    const stop = service.onEvent(({ kind }) => {
      if (!kinds.includes(kind)) return;
      clearTimeout(late);
      stop();
      resolve();
    });
  });
}

/** Milliseconds from plugging in until the list shows the token with its certificate, beyond the driver's own blocking. */
async function plugToReady({ token, service }: Watched, blockingMs: number, round: number): Promise<number> {
  const gone = nextEvent(service, ['unplugged']);
  token.pull();
  await gone;
  token.order(...(blockingMs > 0 ? [`C_GetTokenInfo delay ${blockingMs} once=${round}`] : []));
  const plugged = nextEvent(service, ['plugged']);
  const started = performance.now();
  token.plug();
  await plugged;
  const [module] = await service.list();
  if (module?.tokens[0]?.keys.length !== 1) throw new Error('the token is not ready');
  return performance.now() - started - blockingMs;
}

/** Processor time of all threads of a process (schedstat: nanoseconds on a processor). */
function processorMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map(
    (thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0],
  );
  return spent.reduce((sum, nanoseconds) => sum + Number(nanoseconds) / 1e6, 0);
}

/** Per cent of one processor that the host uses while it only watches. */
async function idleShare({ hostPid }: Watched, ms: number): Promise<number> {
  // The start of the host and its first look are over.
  await sleep(Math.min(1000, ms));
  const [before, started] = [processorMs(hostPid()), performance.now()];
  await sleep(ms);
  return ((processorMs(hostPid()) - before) / (performance.now() - started)) * 100;
}

/** Event-loop delay of the whole engine while its only module hangs and the window goes on asking. */
async function loopWhileHanging(ms: number): Promise<LoopDelay> {
  await buildBundle();
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-hang-'));
  try {
    return await withOffice({ key: 'soft-token', scanner: 'left-out' }, async (workplace) => {
      const identity = createMaterial(folder).identity('Văn thư', 'rsa:2048');
      const keys = [{ id: '01', label: 'khóa', ...identity }];
      const token = createFaultToken(folder, createSoftHsm({ folder: join(folder, 'hsm'), keys }));
      token.order('C_GetSlotList spin');
      const database = Database.open(dataFolderAt(workplace.dataDir).database);
      writeSettings(
        database,
        patchSettings(readSettings(database), { signing: { modules: [token.modulePath] } }),
      );
      database.close();
      const engine = await startBundle(workplace.dataDir);
      try {
        engine.client.call('token.list', {}).catch(() => undefined);
        await sleep(500);
        await engine.loopDelay();
        const end = performance.now() + ms;
        while (performance.now() < end) {
          await engine.client.call('register.list', { query: 'uy ban' });
          await sleep(50);
        }
        return await engine.loopDelay();
      } finally {
        await engine.stop();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tokens: plugging in, idling, and a driver that hangs (issue 5, “Speed to show”). */
export async function benchToken({ size, note }: BenchOptions): Promise<BenchResult> {
  const full = size === 'full';
  const rounds = full ? 12 : 1;
  const restMs = full ? 30_000 : 200;
  const hangMs = full ? 15_000 : 500;
  const plug = await withWatchedToken(async (watched) => {
    await nextEvent(watched.service, ['present']);
    const quick: number[] = [];
    const blocking: number[] = [];
    for (let round = 0; round < rounds; round++) {
      note(`plug ${round + 1} of ${rounds}`);
      quick.push(await plugToReady(watched, 0, round));
      blocking.push(await plugToReady(watched, BLOCKING_MS, round));
    }
    watched.token.order();
    note('idle, token in');
    const withToken = await idleShare(watched, restMs);
    const gone = nextEvent(watched.service, ['unplugged']);
    watched.token.pull();
    await gone;
    note('idle, no token');
    return { quick, blocking, withToken, without: await idleShare(watched, restMs) };
  });
  note('a module hangs');
  const delay = await loopWhileHanging(hangMs);
  const times = (values: readonly number[]) => [
    figure(median(values)),
    figure(worst(values)),
    String(rounds),
  ];
  return {
    name: 'token',
    title: 'Tokens: plugging in, idling, a driver that hangs',
    method:
      'SoftHSM2 behind the module of tests/fault-module, in a token host watched as the engine does. Plug-in to ready: from the token’s ' +
      'being there until the list shows it with its certificate, less the time for which the driver blocks (0, or 1.5 s at its first look at ' +
      'the card). Idle: processor time of the host process while it only watches, per cent of one core. Hang: event-loop delay of the engine ' +
      '(bundle) while its module spins in C_GetSlotList and the register is searched every 50 ms.',
    columns: ['median', 'worst or p99', 'samples'],
    rows: [
      { label: 'plug-in to ready, ms', cells: times(plug.quick) },
      { label: `the same, driver blocks ${BLOCKING_MS} ms, ms beyond it`, cells: times(plug.blocking) },
      { label: 'host idle, token in, % of a core', cells: [plug.withToken.toFixed(2), '–', '1'] },
      { label: 'host idle, no token, % of a core', cells: [plug.without.toFixed(2), '–', '1'] },
      {
        label: 'engine event loop while a module hangs, ms',
        cells: [figure(delay.p50), figure(delay.p99), String(delay.looks)],
      },
    ],
    bars: [
      {
        what: 'plug-in to ready beyond the driver’s own blocking, worst',
        value: worst([...plug.quick, ...plug.blocking]),
        limit: 1000,
        unit: 'ms',
      },
      { what: 'host idle', value: Math.max(plug.withToken, plug.without), limit: 0.5, unit: '%' },
      { what: 'event-loop delay while a module hangs, p99', value: delay.p99, limit: 50, unit: 'ms' },
    ],
  };
}
