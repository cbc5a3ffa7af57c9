import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './sign-tools.ts';

/** Runs commands one after the other; milliseconds from the first start to the last end. */
export async function runTimed(commands: readonly Command[]): Promise<number> {
  const started = performance.now();
  for (const command of commands) await ended(start(command), command);
  return performance.now() - started;
}

/**
 * Highest resident memory in MB (10^6 bytes) of the commands' processes, and of the children they start, as Linux
 * counts it (VmHWM, looked at every 4 ms). Zeros on other systems.
 */
export async function peakMemory(commands: readonly Command[]): Promise<{ own: number; children: number }> {
  const peak = { own: 0, children: 0 };
  for (const command of commands) {
    const child = start(command);
    const state = { running: true };
    const end = ended(child, command).finally(() => (state.running = false));
    while (state.running) {
      const pid = child.pid ?? 0;
      peak.own = Math.max(peak.own, await highWater(pid));
      const children = await childrenOf(pid);
      const sizes = await Promise.all(children.map(highWater));
      peak.children = Math.max(
        peak.children,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      await sleep(4);
    }
    await end;
  }
  return peak;
}

function start({ program, args, env }: Command): ReturnType<typeof spawn> {
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } });
}

function ended(child: ReturnType<typeof spawn>, { program }: Command): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program}: ${code} ${said}`))));
  });
}

async function highWater(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return (Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024) / 1e6;
}

async function childrenOf(pid: number): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
}
