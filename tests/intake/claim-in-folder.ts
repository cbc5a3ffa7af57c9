/**
 * Run as a process of its own: watches argv[2] until argv[4] files are settled or it is idle for good, copying to
 * argv[3] what cannot be moved. Prints one JSON line a claimed file and one a state. Drops to argv[5] (uid) first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { watchFolder } from '../../core/intake/watch-folder.ts';
import { systemClock } from '../../core/shared/clock.ts';

const [root = '', copyFolder = '', uid = ''] = process.argv.slice(2);
if (uid) {
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}
const watched = watchFolder({
  root,
  settle: { quietMs: 30, incompleteAfterMs: 10_000 },
  clock: systemClock,
  ...(copyFolder ? { copyFolder } : {}),
  onClaimed: async (claimed) => console.log(JSON.stringify({ claimed })),
  onState: (state) => console.log(JSON.stringify({ state })),
});
await watched.rescan();
await watched.idle();
await sleep(100);
await watched.idle();
await watched.close();
