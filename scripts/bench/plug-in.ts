import { setTimeout as sleep } from 'node:timers/promises';
import buildFirst from '../../tests/e2e/build-first.ts';
import { openFaultOffice, type FaultOffice } from '../../tests/e2e/fault-office.ts';
import { stripShows } from '../../tests/e2e/strip-state.ts';
import { type BenchOptions, type BenchResult, figure, type Row } from './result.ts';
import { median, worst } from './statistics.ts';

/** How long a driver takes over a card that was just put in (findings: OpenSC 1.3 to 1.5 s). */
const BLOCKING_MS = 1500;

/** Milliseconds from plugging in until the window's strip asks for the PIN, beyond the driver's own blocking. */
async function plugToReady({ token, page }: FaultOffice, blockingMs: number, round: string): Promise<number> {
  token.pull();
  await stripShows(page, 'absent');
  // So that plugging in falls anywhere between two looks.
  await sleep(Math.random() * 500);
  token.order(...(blockingMs > 0 ? [`C_GetTokenInfo delay ${blockingMs} once=${round}`] : []));
  const ready = stripShows(page, 'locked');
  const started = performance.now();
  token.plug();
  await ready;
  return performance.now() - started - blockingMs;
}

/** `plug-in`: from putting the token in until the window is ready for its PIN. */
export async function benchPlugIn({ size, note }: BenchOptions): Promise<BenchResult> {
  const rounds = size === 'full' ? 30 : 2;
  buildFirst();
  const office = await openFaultOffice();
  try {
    await stripShows(office.page, 'locked');
    const rows: Row[] = [];
    const all: number[] = [];
    for (const blockingMs of [0, BLOCKING_MS]) {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        times.push(await plugToReady(office, blockingMs, `plug-${blockingMs}-${round}`));
        note(`${blockingMs} ms of the driver, ${round + 1}/${rounds}: ${figure(times.at(-1) ?? NaN)} ms`);
      }
      all.push(...times);
      rows.push({
        label: blockingMs === 0 ? 'a driver that answers at once' : `a driver that blocks ${blockingMs} ms`,
        cells: [figure(median(times)), figure(worst(times))],
      });
    }
    return {
      name: 'plug-in',
      title: 'Plug-in to “ready” in the window',
      method: `The window over the real engine, SoftHSM2 behind the misbehaving module; ${rounds} rounds each, plugged in at a random moment. Time from plugging in until the strip asks for the PIN, less what the driver was told to block.`,
      columns: ['median ms beyond the driver', 'worst ms beyond the driver'],
      rows,
      bars: [
        { what: 'plug-in to ready beyond the driver’s own time', value: worst(all), limit: 1000, unit: 'ms' },
      ],
    };
  } finally {
    await office.close();
  }
}
