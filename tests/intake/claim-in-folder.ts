/**
 * Run as a process of its own: watches argv[2] until it is idle for good, copying to
 * argv[3] what cannot be moved, as the owner argv[5]. Prints one JSON line a claimed file and one a state. Drops to argv[4] (uid) first.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { watchFolder } from '../../core/intake/watch-folder.ts';
import { systemClock } from '../../core/shared/clock.ts';

const [root = '', copyFolder = '', uid = '', owner = 'so-may-nay'] = process.argv.slice(2);
if (uid) {
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}
const watched = watchFolder({
  root,
  owner: { id: owner, session: String(process.pid), computer: 'MAY', dataFolder: owner },
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
