import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { readHeadOfDocument } from '../../core/reading/read-document.ts';
import { createPageReader } from '../../native/ocr/client.ts';
import { makeSampleScans, type SampleFile, type ScanShape } from '../samples/index.ts';

export interface OcrBench {
  readonly letters: number;
  /** Start of the program and first page, milliseconds. */
  readonly firstMs: number;
  /** Warm reading and proposing of one letter, milliseconds. */
  readonly medianMs: number;
  readonly worstMs: number;
  readonly perDpi: Readonly<Record<'200' | '300', number>>;
  /** Number, notation, date, issuer, type and subject that equal the ground truth. */
  readonly fieldsRight: number;
  readonly fields: number;
}

const today = '2026-11-21';

/** Times the reading of a letter's head (the bar is 1.5 s a letter) on samples of several seeds at 200 and 300 dpi. */
export async function benchOcr(seeds: readonly number[] = [21, 22, 23]): Promise<OcrBench> {
  const dir = await mkdtemp(join(tmpdir(), 'an-thu-bench-ocr-'));
  const reader = createPageReader({ spawner: createNodeSpawner() });
  try {
    const samples: SampleFile[] = [];
    for (const seed of seeds) {
      for (const dpi of [200, 300] as const) {
        const shape: ScanShape = { form: 'pdf', dpi };
        samples.push(
          ...(await makeSampleScans(join(dir, String(seed)), { seed, today, shapes: [shape, shape, shape] })),
        );
      }
    }
    const read = async (sample: SampleFile) => {
      const started = performance.now();
      const { proposal } = await readHeadOfDocument(reader, {
        pdfPath: sample.path,
        pages: sample.truth.pages,
        today,
        ownAgencyNames: ['Ủy ban nhân dân xã Hòa Thịnh'],
      });
      return { ms: performance.now() - started, proposal, truth: sample.truth };
    };
    const first = await read(samples[0]!);
    const readings: Awaited<ReturnType<typeof read>>[] = [];
    for (const sample of samples) readings.push(await read(sample));
    const right = readings.map(
      ({ proposal, truth }) =>
        (['docNumber', 'docNotation', 'docDate', 'issuer', 'typeId', 'subject'] as const).filter(
          (field) => proposal[field]?.value === truth[field],
        ).length,
    );
    const times = (dpi?: number) =>
      readings.filter(({ truth }) => dpi === undefined || truth.dpi === dpi).map(({ ms }) => ms);
    return {
      letters: readings.length,
      firstMs: Math.round(first.ms),
      medianMs: median(times()),
      worstMs: Math.round(Math.max(...times())),
      perDpi: { '200': median(times(200)), '300': median(times(300)) },
      fieldsRight: right.reduce((sum, count) => sum + count, 0),
      fields: readings.length * 6,
    };
  } finally {
    reader.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await benchOcr(), null, 2));
}
