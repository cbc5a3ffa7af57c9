import { runSigned, type FuzzCounts } from './run-signed.ts';
import { openReaders, runStructure } from './run-structure.ts';
import { openFuzzShop } from './subjects.ts';

// A process of its own for one kind of fuzzing, so that its parent can kill it when it hangs. Gets batches, gives counts.

/** One batch of mutants. */
export interface Batch {
  readonly kind: 'signed' | 'structure';
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** What came of it, with the largest memory of the process so far. */
export interface BatchResult extends FuzzCounts {
  readonly peakMiB: number;
}

const fuzz = await openFuzzShop();
const readers = await openReaders(fuzz);

process.on('message', (batch: Batch | 'end') => {
  void (async () => {
    if (batch === 'end') {
      await fuzz.shop.close();
      if (process.connected) process.disconnect();
      return;
    }
    const span = [batch.from, batch.to] as const;
    const counts =
      batch.kind === 'signed'
        ? await runSigned(fuzz, batch.seed, span)
        : await runStructure(fuzz, readers, batch.seed, span);
    const result: BatchResult = { ...counts, peakMiB: process.resourceUsage().maxRSS / 1024 };
    process.send?.(result);
  })();
});
process.send?.('ready');
