import { parseArgs } from 'node:util';
import { z } from 'zod';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { openEngine, type Engine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';

/**
 * A whole working day of the engine in a process of its own, so that it can be killed: opens the data folder,
 * unlocks the sample key, enters every proposed file in the register as a clerk would, and goes on until nothing
 * is left to do (with `--leave-level`: but for levels that wait for a service). Prints `done` and ends with 0, or says what is stuck and ends with 1.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    key: { type: 'string' },
    pin: { type: 'string' },
    'leave-level': { type: 'boolean', default: false },
  },
});
const given = z
  .object({ data: z.string(), key: z.string(), pin: z.string(), 'leave-level': z.boolean() })
  .parse(values);

/** Longer than any honest day of these tests takes, shorter than the parent's patience. */
const PATIENCE_MS = 60_000;

const engine = await openEngine({ dataDir: given.data, spawner: createNodeSpawner(), actor: 'Văn thư' });
const pinKey = await engine.call('token.pin-key', { keyUri: given.key });
await engine.call('token.unlock', { keyUri: given.key, sealedPin: await sealPin(pinKey, given.pin) });

const deadline = performance.now() + PATIENCE_MS;
let quietRounds = 0;
while (quietRounds < 2) {
  if (performance.now() > deadline) {
    process.stderr.write(`stuck: ${JSON.stringify(await leftOver(engine))}\n`);
    process.exit(1);
  }
  quietRounds = (await work(engine)) ? 0 : quietRounds + 1;
}
process.stdout.write('done\n');
await engine.close();
process.exit(0);

/** One round; true when something was done or still waits for its turn. */
async function work(running: Engine): Promise<boolean> {
  const { ok } = await running.call('engine.settled', { timeoutMs: 5_000 });
  const { items } = await running.call('intake.list', { states: ['proposed'], limit: 500 });
  for (const item of items) {
    const { proposal } = item;
    await running.call('intake.accept', {
      decision: item.verification ? 'đã hỏi lại nơi gửi' : '',
      id: item.id,
      duplicateAccepted: true,
      fields: {
        issuer: proposal?.issuer?.value ?? 'Không rõ',
        docNumber: proposal?.docNumber?.value ?? '',
        docNotation: proposal?.docNotation?.value ?? '',
        docDate: proposal?.docDate?.value ?? null,
        typeName: proposal?.typeName?.value ?? 'Công văn',
        subject: proposal?.subject?.value ?? item.originalName,
      },
    });
  }
  const round = await running.call('sync.run', {});
  const left = await leftOver(running);
  const busy = items.length > 0 || round.sent > 0 || round.fetched > 0 || !ok;
  if (!busy && left.length > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  return busy || left.length > 0;
}

/** What is neither finished nor refused for good. */
async function leftOver(running: Engine): Promise<string[]> {
  const [{ items, candidates }, sync, { counts }] = await Promise.all([
    running.call('intake.list', { limit: 500 }),
    running.call('sync.status', {}),
    running.call('engine.status', {}),
  ]);
  const finished = ['accepted', 'quarantined', 'dismissed'];
  return [
    ...items
      .filter((item) => !finished.includes(item.state))
      .map(
        (item) =>
          `${item.originalName}: ${item.state} ${item.error?.code ?? ''} ${item.error?.message ?? ''}`,
      ),
    ...candidates.map((candidate) => `${candidate.name}: ${candidate.state}`),
    ...(sync.pending > 0 ? [`outbox: ${sync.pending} pending, ${sync.lastError?.message ?? ''}`] : []),
    ...(sync.blocked > 0 ? [`outbox: ${sync.blocked} blocked`] : []),
    ...(counts.waitingForLevel > 0 && !given['leave-level']
      ? [`${counts.waitingForLevel} wait for their level`]
      : []),
    ...(counts.waitingForToken > 0 ? [`${counts.waitingForToken} wait for the token`] : []),
  ];
}
