import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BENCH_PIN, benchPki } from './bench-pki.ts';
import { buildBundle } from './bundle.ts';
import { type Bar, type BenchOptions, type BenchResult, figure, type Row } from './result.ts';
import { peakMemory, runTimed } from './run-process.ts';
import { type BenchFile, makeScanFiles } from './scan-files.ts';
import { findSigners, type Signer } from './sign-tools.ts';
import { median } from './statistics.ts';

/** Our time as a share of pdfsig's for 1, 20 and 300 pages: what the prototype reached (findings/signing-stack.md §6). */
const prototypeShare = [0.47, 0.5, 0.29];

interface Measured {
  readonly label: string;
  /** One for each file. */
  readonly ms: number[];
  readonly peak: { readonly own: number; readonly children: number };
}

/** Whole-process signing beside other tools, in one run: time on each file, and memory on the largest. */
export async function benchSign(options: BenchOptions): Promise<BenchResult> {
  const full = options.size === 'full';
  const times = full ? 7 : 1;
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-sign-'));
  try {
    await buildBundle();
    options.note('sign: making files');
    const files = await makeScanFiles(folder, full ? [1, 20, 300] : [1]);
    const pki = await benchPki(folder);
    const signers = await findSigners({ folder, pki, pin: BENCH_PIN });
    const measured = await measure(signers, files, { times, folder, note: options.note });
    return {
      name: 'sign',
      title: '`an-thu sign` B-B beside other tools',
      method:
        `Wall time of whole processes, milliseconds, median of ${times} after one warm-up, all tools in turn on each file; in brackets times the floor. One RSA-2048 key for all, in a SoftHSM2 token or PKCS#12 file (an NSS database for pdfsig). ` +
        'The built entry is called directly, and Node starts twice in it (the token stays in a process of its own); what a start costs shows the second row. Peak resident memory in MB on the largest file, + that of helper processes. Invisible signature, no timestamp. pdfsig and @signpdf make no PAdES signature and check nothing afterwards; an-thu syncs, compares with the input and verifies its file before it gets its name.',
      columns: [...files.map((file) => `${file.pages} p., ${(file.bytes / 1e6).toFixed(1)} MB`), 'peak MB'],
      rows: rowsOf(measured),
      bars: full ? barsOf(measured) : [],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  signers: readonly Signer[],
  files: readonly BenchFile[],
  options: { times: number; folder: string; note: (line: string) => void },
): Promise<Measured[]> {
  const output = join(options.folder, 'out.pdf');
  const all = signers.map((signer) => ({ signer, ms: [] as number[], peak: { own: 0, children: 0 } }));
  for (const file of files) {
    options.note(`sign: ${file.pages} pages`);
    const taken = new Map<Signer, number[]>(signers.map((signer) => [signer, []]));
    // Round by round, so that drifting load meets every tool alike; the first round warms the file cache and shows the memory.
    for (let round = 0; round <= options.times; round++) {
      for (const entry of all) {
        await rm(output, { force: true });
        const commands = entry.signer.commands(file.path, output);
        if (round === 0) entry.peak = await peakMemory(commands);
        else taken.get(entry.signer)?.push(await runTimed(commands));
        if ((await stat(output)).size < file.bytes)
          throw new Error(`${entry.signer.label} wrote no whole file`);
      }
    }
    for (const entry of all) entry.ms.push(median(taken.get(entry.signer) ?? []));
  }
  return all.map(({ signer, ms, peak }) => ({ label: signer.label, ms, peak }));
}

function rowsOf(measured: readonly Measured[]): Row[] {
  const floor = measured[0]?.ms ?? [];
  return measured.map(({ label, ms, peak }) => ({
    label,
    cells: [
      ...ms.map((value, index) => `${figure(value)} (${(value / (floor[index] ?? NaN)).toFixed(1)})`),
      peak.children > 0 ? `${peak.own.toFixed(0)} + ${peak.children.toFixed(0)}` : peak.own.toFixed(0),
    ],
  }));
}

function barsOf(measured: readonly Measured[]): Bar[] {
  const ours = measured.find(({ label }) => label.includes('SoftHSM2'));
  const pdfsig = measured.find(({ label }) => label.startsWith('pdfsig'));
  if (!ours || !pdfsig) return [];
  return prototypeShare.map((limit, index) => ({
    what: `an-thu (SoftHSM2) ÷ pdfsig, file ${index + 1}; the prototype’s share`,
    value: (ours.ms[index] ?? NaN) / (pdfsig.ms[index] ?? NaN),
    limit,
    unit: '×',
  }));
}
