import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSampleScans } from '../samples/index.ts';
import { startDemoOcsp, startDemoTsa } from '../pki/index.ts';
import { BENCH_PIN, benchPki } from './bench-pki.ts';
import { buildBundle } from './bundle.ts';
import { writeLargeScan } from './large-scan.ts';
import { writeManyObjects } from './many-objects.ts';
import { type BenchOptions, type BenchResult, figure } from './result.ts';
import { peakMemory, runTimed } from './run-process.ts';
import { agencyToken, anThuCommand, type Command } from './sign-tools.ts';
import { least, median } from './statistics.ts';

interface Scan {
  readonly path: string;
  readonly bytes: number;
}

interface Way {
  readonly label: string;
  commands(input: string, output: string): readonly Command[];
}

/** Large scans signed by whole processes beside hashing, copying and syncing them; memory for three sizes. */
export async function benchSignLarge(options: BenchOptions): Promise<BenchResult> {
  const full = options.size === 'full';
  const times = full ? 7 : 1;
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-large-'));
  const closing: (() => Promise<void>)[] = [];
  try {
    await buildBundle();
    options.note('sign-large: making files');
    const [small, middle, huge] = await makeScans(folder, full);
    const tagged = await makeTagged(folder, full ? 100_000 : 1000);
    const pki = await benchPki(folder);
    const hsm = await agencyToken({ folder, pki, pin: BENCH_PIN });
    if (!hsm)
      throw new Error('the benchmark sign-large needs SoftHSM2 (Debian packages softhsm2 and opensc)');
    const [tsa, ocsp] = await Promise.all([startDemoTsa(pki), startDemoOcsp(pki)]);
    closing.push(
      () => tsa.close(),
      () => ocsp.close(),
    );
    const env = { ...hsm.env, AN_THU_BENCH_PIN: BENCH_PIN };
    const uri = hsm.uri('01');
    const node: Way = {
      label: 'node -e 0',
      commands: () => [{ program: process.execPath, args: ['-e', '0'] }],
    };
    const floor: Way = {
      label: 'floor: openssl dgst, cp, sync',
      commands: (input, output) => [
        { program: 'openssl', args: ['dgst', '-sha256', input] },
        { program: 'cp', args: [input, output] },
        { program: 'sync', args: [output] },
      ],
    };
    const basic: Way = {
      label: '`an-thu sign`, B-B',
      commands: (input, output) => [anThuCommand({ input, output, uri, env })],
    };
    const longTerm: Way = {
      label: '`an-thu sign`, B-LTA in one pass',
      commands: (input, output) => [
        anThuCommand(
          { input, output, uri, env },
          '--level',
          'B-LTA',
          '--tsa',
          tsa.url,
          '--trust',
          pki.rootPath,
        ),
      ],
    };
    const ways = [node, floor, basic, longTerm];
    const output = join(folder, 'out.pdf');
    const taken = new Map<Way, number[]>(ways.map((way) => [way, []]));
    // Round by round, so that drifting load meets all alike; the first round warms the file cache and the compiled code.
    for (let round = 0; round <= times; round++) {
      options.note(`sign-large: round ${round}`);
      for (const way of ways) {
        await rm(output, { force: true });
        const ms = await runTimed(way.commands(middle.path, output));
        if (round > 0) taken.get(way)?.push(ms);
      }
    }
    const memory = new Map<Way, { own: number; children: number }[]>();
    for (const way of [basic, longTerm]) {
      const peaks: { own: number; children: number }[] = [];
      for (const scan of [small, middle, huge]) {
        options.note(`sign-large: memory, ${(scan.bytes / 1e6).toFixed(0)} MB`);
        await rm(output, { force: true });
        peaks.push(await peakMemory(way.commands(scan.path, output)));
        if ((await stat(output)).size <= scan.bytes) throw new Error(`${way.label} wrote no whole file`);
      }
      memory.set(way, peaks);
    }
    const manyObjects = await timeTagged(basic, tagged, output, times);
    const typical = (way: Way): number => median(taken.get(way) ?? []);
    const beyondNode = (way: Way): number => (typical(way) - typical(node)) / typical(floor);
    const row = (way: Way) => {
      const peaks = memory.get(way);
      const shown = peaks?.map(({ own, children }) => `${own.toFixed(0)} + ${children.toFixed(0)}`) ?? [
        '–',
        '–',
        '–',
      ];
      const share = memory.has(way) ? beyondNode(way).toFixed(2) : '–';
      return {
        label: way.label,
        cells: [figure(typical(way)), figure(least(taken.get(way) ?? [])), share, ...shown],
      };
    };
    const highest = Math.max(...[...memory.values()].flat().map(({ own }) => own));
    const size = (scan: Scan): string => `peak MB at ${(scan.bytes / 1e6).toFixed(0)} MB`;
    return {
      name: 'sign-large',
      title: 'Large scans',
      method:
        `A scan of ${full ? 300 : 2} pages, ${(middle.bytes / 1e6).toFixed(1)} MB; wall time of whole processes, the built entry called directly, milliseconds, median of ${times} after one warm-up, all in turn. ` +
        'One RSA-2048 key in a SoftHSM2 token; TSA and OCSP responder on loopback. Everything an-thu does is included: reading, hashing, syncing, comparing with the input, verifying the finished file, naming, syncing the folder. ' +
        '“× floor” after subtracting Node’s own start. Peak resident memory of the signing process + that of the token host, for three sizes; ' +
        'the program itself, mapped and shared by all its processes, is 40 MB of it. ' +
        `A tagged file of ${tagged.objects} objects (${(tagged.bytes / 1e6).toFixed(1)} MB), every object looked at before signing and after: ${figure(manyObjects.ms)} ms, ${manyObjects.own.toFixed(0)} MB.`,
      columns: ['ms', 'best', '× floor', size(small), size(middle), size(huge)],
      rows: ways.map(row),
      bars: [
        { what: 'B-B beyond Node’s start ÷ floor', value: beyondNode(basic), limit: 1.75, unit: '×' },
        { what: 'B-LTA beyond Node’s start ÷ floor', value: beyondNode(longTerm), limit: 2, unit: '×' },
        { what: 'memory of the signing process, any size', value: highest, limit: 80, unit: 'MB' },
      ],
    };
  } finally {
    await Promise.all(closing.map((close) => close()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeScans(folder: string, full: boolean): Promise<[Scan, Scan, Scan]> {
  const scan = { form: 'jpeg', dpi: 200 } as const;
  const [sample] = await makeSampleScans(join(folder, 'samples'), {
    seed: 5,
    today: '2026-11-21',
    shapes: [scan, scan, scan],
  });
  if (!sample) throw new Error('no sample was made');
  const jpeg = await readFile(sample.path);
  const make = async (pages: number, megabytes: number): Promise<Scan> => {
    const path = join(folder, `${megabytes}.pdf`);
    const bytes = await writeLargeScan(path, {
      pages,
      bytes: megabytes * 1e6,
      jpeg,
      width: 1654,
      height: 2339,
    });
    return { path, bytes };
  };
  if (!full) return [await make(1, 1), await make(2, 2), await make(3, 5)];
  return [await make(20, 10), await make(300, 150), await make(900, 1000)];
}

interface Tagged extends Scan {
  readonly objects: number;
}

async function makeTagged(folder: string, objects: number): Promise<Tagged> {
  const path = join(folder, 'tagged.pdf');
  return { path, objects, bytes: await writeManyObjects(path, objects) };
}

/** Median time and peak memory of signing a file of many objects. */
async function timeTagged(
  way: Way,
  { path }: Tagged,
  output: string,
  times: number,
): Promise<{ readonly ms: number; readonly own: number }> {
  const taken: number[] = [];
  for (let round = 0; round < times; round++) {
    await rm(output, { force: true });
    taken.push(await runTimed(way.commands(path, output)));
  }
  await rm(output, { force: true });
  const { own } = await peakMemory(way.commands(path, output));
  return { ms: median(taken), own };
}
