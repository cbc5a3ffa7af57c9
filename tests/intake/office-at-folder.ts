/**
 * Run as a process of its own: one office of several on a scan folder. Takes in what the folder holds and enters every
 * proposed file in its register, as a clerk would, until its standard input ends and nothing is left to do.
 * argv[2]: data folder. Pages are not read: whatever is proposed is entered under its file's name.
 */
import { openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';

const engine = await openEngine({
  dataDir: process.argv[2] ?? '',
  spawner: createNodeSpawner(),
  actor: 'Văn thư',
  reader: {
    readPage: async ({ page, fraction }) => ({
      page,
      pageWidth: 1240,
      pageHeight: 1754,
      dpi: 150,
      fraction,
      lines: [],
      ms: 0,
    }),
  },
});

let isLast = false;
process.stdin.once('end', () => (isLast = true)).resume();

for (;;) {
  const ends = isLast;
  const { ok } = await engine.call('engine.settled', { timeoutMs: 5_000 });
  const { items } = await engine.call('intake.list', { states: ['proposed'], limit: 500 });
  for (const { id, originalName } of items) {
    await engine.call('intake.accept', {
      id,
      duplicateAccepted: true,
      decision: 'đã xem',
      fields: {
        issuer: 'Sở Nội vụ',
        docNumber: '',
        docNotation: '',
        docDate: null,
        typeName: 'Công văn',
        subject: originalName,
      },
    });
  }
  if (ends && ok && items.length === 0) break;
}
await engine.close();
