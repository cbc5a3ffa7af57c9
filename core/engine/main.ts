import { parseArgs } from 'node:util';
import { callMessageSchema } from '../contract/transport.ts';
import { toErrorValue } from '../shared/errors.ts';
import { electronParentPort } from '../shared/parent-port.ts';
import { askMainForProxies } from '../shared/proxy-question.ts';
import { createElectronSpawner } from './hosts/electron-spawner.ts';
import { openEngine } from './engine.ts';
import { serveSocket } from './hosts/socket-server.ts';

/**
 * The engine's entry in Electron's utility process: calls arrive over the parent port, and over the local socket
 * for the command line. Calls that come while the engine opens wait for it.
 */
const { values } = parseArgs({ options: { data: { type: 'string' } } });
const port = electronParentPort();
if (!port || values.data === undefined) {
  process.stderr.write('engine: runs as a utility process with --data DIR\n');
  process.exit(64);
}

askMainForProxies(port);
const opening = openEngine({ dataDir: values.data, spawner: createElectronSpawner(port) });

port.on('message', (event) => {
  const message = callMessageSchema.safeParse(event.data);
  if (!message.success) return;
  const { id, procedure, input } = message.data;
  void (async () => {
    try {
      const engine = await opening;
      port.postMessage({ kind: 'result', id, value: await engine.callUntyped(procedure, input) });
    } catch (thrown) {
      port.postMessage({ kind: 'error', id, error: toErrorValue(thrown) });
    }
  })();
});

try {
  const engine = await opening;
  engine.onEvent((name, value) => port.postMessage({ kind: 'event', name, value }));
  const stopServing = await serveSocket(engine);
  const end = () =>
    void (async () => {
      await stopServing();
      await engine.close();
      process.exit(0);
    })();
  process.once('SIGTERM', end);
  process.once('disconnect', end);
} catch (thrown) {
  // The engine stays to tell each caller why it could not open; it holds nothing.
  process.stderr.write(`engine: ${toErrorValue(thrown, 'en').message}\n`);
}
