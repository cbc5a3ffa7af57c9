import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openEngine, type Engine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { findClamd } from '../lib/clamd.ts';
import { findSoftHsm } from '../lib/softhsm.ts';
import type { Workplace } from '../demo/workplace.ts';
import { drop, letterFields, sampleLetter, unlock, variant, withOffice } from './bench-office.ts';
import { blankReader } from './blank-reader.ts';
import { type BenchOptions, type BenchResult, figure, type Row } from './result.ts';
import { median, percentile } from './statistics.ts';

/** Milliseconds of one letter from claim to outbox row, and of its parts. */
interface Letter {
  readonly total: number;
  readonly takenIn: number;
  readonly checked: number;
  readonly converted: number;
  readonly proposed: number;
  readonly registered: number;
  readonly sealed: number;
  readonly sign: number;
  readonly verify: number;
  readonly store: number;
  readonly timestamp: number;
  readonly token: number;
}

const sealDataSchema = z.object({
  signMs: z.number(),
  verifyMs: z.number(),
  storeMs: z.number(),
  tokenMs: z.number(),
  timestampMs: z.number(),
});

interface Office {
  readonly label: string;
  readonly key: 'soft-token' | 'softhsm';
  readonly scanner: 'clamd' | 'left-out';
}

/** How long the whole office takes over a letter when nobody reads it (bar: 150 ms beside the token's own time). */
export async function benchLetter(options: BenchOptions): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-letter-'));
  const count = options.size === 'full' ? 25 : 1;
  const warmUp = options.size === 'full' ? 5 : 1;
  try {
    const pdf = await sampleLetter(folder);
    const rows: Row[] = [];
    let judged = Infinity;
    for (const office of offices(options)) {
      options.note(`letter: ${office.label}`);
      const letters = await withOffice(office, (workplace) => runLetters(workplace, pdf, { count, warmUp }));
      rows.push(rowOf(office.label, letters.slice(warmUp)));
      rows.push({ label: `${office.label}, first letter`, cells: rowOf('', letters.slice(0, 1)).cells });
      const beside = median(letters.slice(warmUp).map((letter) => letter.total - letter.token));
      if (judged === Infinity || office.scanner === 'clamd') judged = beside;
    }
    return {
      name: 'letter',
      title: 'One-page letter, without OCR',
      method:
        `From the claim in the watched folder to the outbox row, milliseconds, median of ${count} letters after ${warmUp}, one after the other; ` +
        `PDF scan of one page (200 dpi, ${Math.round(pdf.length / 1000)} KB), B-T with a TSA on loopback, warm helper programs, ` +
        'a reader that finds nothing instead of OCR, entries confirmed at once. “Sign” is drawing the block, hashing, CMS and embedding with token and TSA; p95 and the first letter after start beside.',
      columns: [
        'total',
        'p95',
        'beside token',
        'take in',
        'virus check',
        'to PDF',
        'propose',
        'register',
        'seal',
        'of it sign',
        'verify',
        'store',
        'TSA',
        'token',
      ],
      rows,
      bars: [
        {
          what: 'claim to outbox row beside the token’s own time, median',
          value: judged,
          limit: 150,
          unit: 'ms',
        },
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function offices({ size }: BenchOptions): Office[] {
  const found: Office[] = [{ label: 'soft token, scanner left out', key: 'soft-token', scanner: 'left-out' }];
  if (size === 'tiny') return found;
  if (findSoftHsm()) found.push({ label: 'SoftHSM2, scanner left out', key: 'softhsm', scanner: 'left-out' });
  if (findClamd()) found.push({ label: 'soft token, clamd', key: 'soft-token', scanner: 'clamd' });
  return found;
}

async function runLetters(
  workplace: Workplace,
  pdf: Buffer,
  counts: { count: number; warmUp: number },
): Promise<Letter[]> {
  const engine = await openEngine({
    dataDir: workplace.dataDir,
    spawner: createNodeSpawner(),
    actor: 'an-thu bench',
    reader: blankReader,
  });
  try {
    await unlock(engine, workplace.keyUri);
    await engine.call('engine.settled', { timeoutMs: 30_000 });
    const letters: Letter[] = [];
    for (let index = 0; index < counts.count + counts.warmUp; index++) {
      letters.push(await runLetter(engine, workplace, variant(pdf, index), index));
    }
    return letters;
  } finally {
    await engine.close();
  }
}

const PATIENCE_MS = 60_000;

/** Follows one letter by the engine's own events. */
async function runLetter(
  engine: Engine,
  workplace: Workplace,
  bytes: Buffer,
  index: number,
): Promise<Letter> {
  const marks: number[] = [];
  let claimed = NaN;
  let registered = NaN;
  let documentId = '';
  const steps = await new Promise<{ sealed: number }>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the letter did not get through: ${marks.length} steps`)),
      PATIENCE_MS,
    );
    const finish = (sealed: number) => {
      clearTimeout(timer);
      stop();
      resolve({ sealed });
    };
    const accept = async (id: string) => {
      const accepted = await engine.call('intake.accept', {
        id,
        fields: letterFields(index),
        duplicateAccepted: true,
      });
      documentId = accepted.documentId;
      registered = performance.now();
    };
    const stop = engine.onEvent((name, value) => {
      const now = performance.now();
      const id = (value as { id?: string | null }).id ?? null;
      if (name === 'intake.changed' && id === null && marks.length === 0) claimed = now;
      if (name === 'intake.changed' && id !== null) {
        marks.push(now);
        // Taken in, checked, converted, read: then the clerk confirms.
        if (marks.length === 4) void accept(id).catch(reject);
      }
      if (name === 'document.changed' && id === documentId && documentId !== '') finish(now);
    });
    void drop(workplace, `thu-${index}.pdf`, bytes).catch(reject);
  });
  const detail = await engine.call('document.get', { id: documentId });
  const seal = detail.history.find((entry) => entry.action === 'document.sealed');
  if (!seal || detail.outbox.length !== 1) throw new Error('the letter was not sealed and queued');
  await engine.call('engine.settled', { timeoutMs: PATIENCE_MS });
  const [takenIn = NaN, checked = NaN, converted = NaN, proposed = NaN] = marks;
  const data = sealDataSchema.parse(seal.data);
  return {
    total: steps.sealed - claimed,
    takenIn: takenIn - claimed,
    checked: checked - takenIn,
    converted: converted - checked,
    proposed: proposed - converted,
    registered: registered - proposed,
    sealed: steps.sealed - registered,
    sign: data.signMs - data.tokenMs - data.timestampMs,
    verify: data.verifyMs,
    store: data.storeMs,
    timestamp: data.timestampMs,
    token: data.tokenMs,
  };
}

function rowOf(label: string, letters: readonly Letter[]): Row {
  const of = (value: (letter: Letter) => number) => figure(median(letters.map(value)));
  return {
    label,
    cells: [
      of((letter) => letter.total),
      figure(
        percentile(
          letters.map((letter) => letter.total),
          0.95,
        ),
      ),
      of((letter) => letter.total - letter.token),
      of((letter) => letter.takenIn),
      of((letter) => letter.checked),
      of((letter) => letter.converted),
      of((letter) => letter.proposed),
      of((letter) => letter.registered),
      of((letter) => letter.sealed),
      of((letter) => letter.sign),
      of((letter) => letter.verify),
      of((letter) => letter.store),
      of((letter) => letter.timestamp),
      of((letter) => letter.token),
    ],
  };
}
