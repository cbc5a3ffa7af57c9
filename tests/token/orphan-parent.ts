import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { createTokenService } from '../../native/token-host/client.ts';

/*
 * A program that is killed while its token host hangs in the driver given as argument: tells the host's process id, then
 * waits for the end.
 */
const inner = createNodeSpawner();
const service = createTokenService({
  spawner: {
    spawn(name, options) {
      const handle = inner.spawn(name, options);
      process.stdout.write(`${handle.pid}\n`);
      return handle;
    },
  },
  modules: [{ path: process.argv[2] ?? '' }],
  softTokens: [],
});
await service.list().catch(() => undefined);
