// npm run test:kill [-- --minutes N] [--seed S]: the engine is killed with SIGKILL at every failpoint, in random
// order, at a random pass, with up to three documents under way, started again and compared with what was put in
// (docs/failpoints.md). Prints `N passed, N failed`.
import { parseArgs } from 'node:util';
import { findClamd } from './lib/clamd.ts';
import { seededRandom } from './samples/prng.ts';
import { failpoints } from '../tests/kill/failpoints.ts';
import { KillOffice } from '../tests/kill/office.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
const minutes = Number(values.minutes ?? 10);
const firstSeed = Number(values.seed ?? Date.now() % 1_000_000);
const deadline = performance.now() + minutes * 60_000;
const say = (line) => void process.stdout.write(`${line}\n`);

let passed = 0;
let failed = 0;
let kills = 0;
for (let seed = firstSeed; performance.now() < deadline; seed++) await oneOffice(seed);
say(`${kills} kills, seeds from ${firstSeed}`);
say(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

/** One office for every failpoint; it is given up at the first thing that does not hold, for what follows would not count. */
async function oneOffice(seed) {
  const random = seededRandom(seed);
  const below = (limit) => Math.floor(random() * limit);
  // Every third office has the real virus scanner.
  const scanner = seed % 3 === 0 && findClamd() !== undefined ? 'clamd' : 'left-out';
  const office = await KillOffice.create(seed, scanner);
  say(`office ${seed}, scanner ${scanner}`);
  try {
    const order = failpoints
      .map((failpoint) => ({ failpoint, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ failpoint }) => failpoint);
    for (const failpoint of order) {
      if (performance.now() > deadline) return;
      const files = 1 + below(3);
      for (let file = 0; file < files; file++) await office.feed(failpoint);
      const skip = below(files);
      const problems = await oneKill(office, failpoint.name, skip);
      say(
        `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${failpoint.name} (${failpoint.needs}), ${files} files, pass ${skip + 1}`,
      );
      for (const problem of problems) say(`       ${problem}`);
      if (problems.length === 0) passed++;
      else {
        failed++;
        return;
      }
    }
  } finally {
    await office.close();
  }
}

/** Kills once (or a second time while it recovers), lets it live, compares. */
async function oneKill(office, name, skip) {
  const first = await office.run({ name, skip });
  if (first.ended !== 'killed') return [`it was to die and ${first.ended}: ${first.output}`];
  kills++;
  const again = await office.run({ name, skip });
  if (again.ended === 'failed') return [`the second start: ${again.output}`];
  if (again.ended === 'killed') kills++;
  const last = await office.run();
  if (last.ended !== 'done') return [`it did not finish: ${last.output}`];
  return office.check();
}
