import { AnThuError } from '../../shared/errors.ts';
import { dataFolderAt } from '../../store/data-folder.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';
import { connectToEngine, type EngineClient } from '../hosts/socket-client.ts';
import { serveSocket } from '../hosts/socket-server.ts';

/**
 * The engine of a data folder: the running one over its socket, or one of our own for as long as the command lasts.
 * `mode: 'work'` lets ours watch folders, run jobs and sync.
 */
export async function engineFor(dataDir: string, mode: 'work' | 'idle' = 'idle'): Promise<EngineClient> {
  const running = await connectToEngine(dataFolderAt(dataDir).socket);
  if (running) return running;
  try {
    return await ownEngine(dataDir, mode);
  } catch (thrown) {
    // Somebody started one between the two looks.
    if (thrown instanceof AnThuError && thrown.code === 'store.busy') {
      const late = await connectToEngine(dataFolderAt(dataDir).socket);
      if (late) return late;
    }
    throw thrown;
  }
}

async function ownEngine(dataDir: string, mode: 'work' | 'idle'): Promise<EngineClient> {
  const { openEngine } = await import('../engine.ts');
  const engine = await openEngine({ dataDir, mode, spawner: createNodeSpawner() });
  const stopServing = mode === 'work' ? await serveSocket(engine) : async () => undefined;
  return {
    call: (procedure, input) => engine.call(procedure, input),
    onEvent: (listener) => engine.onEvent(listener),
    close: async () => {
      await stopServing();
      await engine.close();
    },
  };
}

/** Runs `work` with an engine and closes it whatever happens. */
export async function withEngine<T>(
  dataDir: string,
  mode: 'work' | 'idle',
  work: (engine: EngineClient) => Promise<T>,
): Promise<T> {
  const engine = await engineFor(dataDir, mode);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}
