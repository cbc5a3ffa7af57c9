import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { connectToEngine, type EngineClient } from '../../core/engine/hosts/socket-client.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';

const root = resolve(import.meta.dirname, '../..');
const here = (name: string) => join(import.meta.dirname, name);
export const bundled = (name: string) => join(root, 'build', name);

/** Builds what is stale, so that what is measured is what would be packed. */
export async function buildBundle(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts/build.mjs')]);
}

const answerSchema = z.object({ kind: z.string(), value: z.unknown() });

/** Milliseconds from the start of a fresh engine process (the bundle) to its answer to `engine.status`. */
export async function timeEngineStart(dataDir: string): Promise<{ ms: number; engineMs: number }> {
  const started = performance.now();
  const child = fork(bundled('engine.mjs'), ['--data', dataDir], {
    execArgv: ['--import', here('parent-port.mjs')],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((end) => child.once('exit', () => end()));
  try {
    const answer = new Promise<unknown>((settle, reject) => {
      child.once('exit', (code) => reject(new Error(`the engine ended (${code})`)));
      child.on('message', (message) => {
        const parsed = answerSchema.safeParse(message);
        if (!parsed.success || parsed.data.kind === 'event') return;
        if (parsed.data.kind === 'result') settle(parsed.data.value);
        else reject(new Error(JSON.stringify(message)));
      });
    });
    child.send({ kind: 'call', id: 1, procedure: 'engine.status', input: {} });
    const status = z.object({ readyMs: z.number() }).parse(await answer);
    return { ms: performance.now() - started, engineMs: status.readyMs };
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

const loopSchema = z.object({ p50: z.number(), p99: z.number(), max: z.number(), looks: z.number() });
export type LoopDelay = z.infer<typeof loopSchema>;

export interface RunningBundle {
  readonly pid: number;
  readonly client: EngineClient;
  /** Event-loop delay of the engine process since the last call, milliseconds. */
  loopDelay(): Promise<LoopDelay>;
  stop(): Promise<void>;
}

/** Runs the bundled engine (`an-thu intake watch`) on a data folder, in a process of its own. */
export async function startBundle(dataDir: string): Promise<RunningBundle> {
  const loopFile = join(dataDir, 'loop-delay.json');
  const child = spawn(
    process.execPath,
    ['--import', here('loop-probe.mjs'), bundled('an-thu.mjs'), 'intake', 'watch', '--data', dataDir],
    { stdio: ['ignore', 'ignore', 'ignore'], env: { ...process.env, AN_THU_LOOP_FILE: loopFile } },
  );
  const client = await connected(child, dataFolderAt(dataDir).socket);
  return {
    pid: child.pid ?? 0,
    client,
    loopDelay: async () => {
      await rm(loopFile, { force: true });
      child.kill('SIGUSR2');
      return poll(async () => loopSchema.parse(JSON.parse(await readFile(loopFile, 'utf8'))));
    },
    stop: async () => {
      const gone = new Promise<void>((end) => child.once('exit', () => end()));
      await client.close();
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function connected(child: ChildProcess, socket: string): Promise<EngineClient> {
  return poll(async () => {
    if (child.exitCode !== null) throw new Error('the engine ended');
    const client = await connectToEngine(socket);
    if (!client) throw new Error('the engine does not listen');
    return client;
  });
}

/** Tries until it succeeds, for half a minute. */
async function poll<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      if (performance.now() > deadline) throw thrown;
      await sleep(25);
    }
  }
}
