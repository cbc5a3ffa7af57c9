import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findClamd } from '../lib/clamd.ts';
import { drop, letterFields, sampleLetter, unlock, variant, withOffice } from './bench-office.ts';
import { buildBundle, type LoopDelay, type RunningBundle, startBundle } from './bundle.ts';
import { type BenchOptions, type BenchResult, figure } from './result.ts';
import { memoryOf } from './processes.ts';

/** Work of the demo: letters with OCR, confirmed, signed and uploaded while somebody searches. */
async function runLoad(
  options: BenchOptions,
  letters: number,
  observe: (engine: RunningBundle) => Promise<BenchResult>,
): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-load-'));
  try {
    await buildBundle();
    const pdf = await sampleLetter(folder);
    const scanner = findClamd() && options.size === 'full' ? 'clamd' : 'left-out';
    return await withOffice({ key: 'soft-token', scanner }, async (workplace) => {
      const engine = await startBundle(workplace.dataDir);
      try {
        await unlock(engine.client, workplace.keyUri);
        await engine.loopDelay();
        for (let index = 0; index < letters; index++)
          await drop(workplace, `thu-${index}.pdf`, variant(pdf, index));
        await workThrough(engine, letters);
        return await observe(engine);
      } finally {
        await engine.stop();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const PATIENCE_MS = 180_000;

/** Confirms each letter as it is proposed, until all are at the province. */
async function workThrough({ client }: RunningBundle, letters: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let accepted = 0;
  for (;;) {
    const { items } = await client.call('intake.list', { states: ['proposed'] });
    for (const item of items) {
      await client.call('intake.accept', {
        id: item.id,
        fields: letterFields(accepted),
        duplicateAccepted: true,
      });
      accepted++;
    }
    await client.call('register.list', { query: 'uy ban' });
    const { entries } = await client.call('sync.list', { states: ['acked'] });
    if (entries.length === letters) return;
    if (performance.now() > deadline) throw new Error(`${entries.length} of ${letters} letters got through`);
    await sleep(50);
  }
}

/** Event-loop delay of the engine under load (house.md: below 50 ms at the 99th percentile). */
export function benchLoop(options: BenchOptions): Promise<BenchResult> {
  const letters = options.size === 'full' ? 12 : 1;
  return runLoad(options, letters, async (engine) => {
    const delay: LoopDelay = await engine.loopDelay();
    return {
      name: 'loop',
      title: 'Event loop of the engine under load',
      method:
        `Delay of the engine process (bundle, \`an-thu intake watch\`) while ${letters} letters dropped at once are checked, read by OCR, ` +
        'confirmed, signed, archived and uploaded, with a search every 50 ms; milliseconds, sampled each millisecond (which it includes).',
      columns: ['p50', 'p99', 'max', 'samples'],
      rows: [
        {
          label: 'engine',
          cells: [figure(delay.p50), figure(delay.p99), figure(delay.max), String(delay.looks)],
        },
      ],
      bars: [{ what: 'event-loop delay, p99', value: delay.p99, limit: 50, unit: 'ms' }],
    };
  });
}

/** Memory of the engine process after the main job and at rest (bar: 150 MB), helper programs beside. */
export function benchIdle(options: BenchOptions): Promise<BenchResult> {
  const full = options.size === 'full';
  const letters = full ? 3 : 1;
  const restMs = full ? 20_000 : 200;
  return runLoad(options, letters, async (engine) => {
    const after = await memoryOf(engine.pid);
    await sleep(restMs);
    const rest = await memoryOf(engine.pid);
    const own = rest.find(({ pid }) => pid === engine.pid)?.rss ?? NaN;
    return {
      name: 'idle',
      title: 'Memory of the idle engine',
      method:
        `Resident set in MB (10^6 bytes) of the engine process (bundle, \`an-thu intake watch\`) and its helper programs, right after ${letters} letters ` +
        `went all the way and after ${restMs / 1000} s of rest. Helper programs end by themselves when they have been idle for some minutes.`,
      columns: ['after the job', 'at rest'],
      rows: after.map(({ pid, program, rss }) => ({
        label: pid === engine.pid ? 'engine' : program,
        cells: [figure(rss), figure(rest.find((other) => other.pid === pid)?.rss ?? 0)],
      })),
      bars: [{ what: 'engine process at rest', value: own, limit: 150, unit: 'MB' }],
    };
  });
}
