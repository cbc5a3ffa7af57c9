import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { readHeadOfDocument } from '../../core/reading/read-document.ts';
import { createPageReader } from '../../native/ocr/client.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { median } from './statistics.ts';
import { makeSampleScans, type SampleFile, type ScanShape } from '../samples/index.ts';

interface OcrBench {
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
async function benchOcr(seeds: readonly number[], resolutions: readonly (200 | 300)[]): Promise<OcrBench> {
  const dir = await mkdtemp(join(tmpdir(), 'an-thu-bench-ocr-'));
  const reader = createPageReader({ spawner: createNodeSpawner() });
  try {
    const samples: SampleFile[] = [];
    for (const seed of seeds) {
      for (const dpi of resolutions) {
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
      medianMs: wholeMedian(times()),
      worstMs: Math.round(Math.max(...times())),
      perDpi: { '200': wholeMedian(times(200)), '300': wholeMedian(times(300)) },
      fieldsRight: right.reduce((sum, count) => sum + count, 0),
      fields: readings.length * 6,
    };
  } finally {
    reader.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

const wholeMedian = (values: readonly number[]) => Math.round(median(values));

/** {@link benchOcr} as one of the named benchmarks (bar: 1.5 s a letter). */
export async function benchReading({ size }: BenchOptions): Promise<BenchResult> {
  const found = await benchOcr(size === 'full' ? [21, 22, 23] : [21], size === 'full' ? [200, 300] : [200]);
  return {
    name: 'ocr',
    title: 'Proposals by OCR',
    method:
      `Reading the head of page 1 and proposing the fields, ${found.letters} generated scans (PDF, 200 and 300 dpi), warm program, milliseconds; ` +
      `${found.fieldsRight} of ${found.fields} fields as drawn.`,
    columns: ['median', 'worst', '200 dpi', '300 dpi', 'first page, with start', 'n'],
    rows: [
      {
        label: 'one letter',
        cells: [
          found.medianMs,
          found.worstMs,
          found.perDpi['200'],
          found.perDpi['300'],
          found.firstMs,
          found.letters,
        ].map((value) => (Number.isNaN(value) ? '–' : String(value))),
      },
    ],
    bars: [{ what: 'proposals of a letter, median', value: found.medianMs, limit: 1500, unit: 'ms' }],
  };
}
