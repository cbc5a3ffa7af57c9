import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { PDFDocument } from 'pdf-lib';
import { createDemoPki, type DemoPki } from '../pki/index.ts';
import { makeSampleScans } from '../samples/index.ts';
import { buildBundle, bundled } from './bundle.ts';
import { type BenchOptions, type BenchResult, figure, type Row } from './result.ts';
import { median, timed } from './statistics.ts';

const run = promisify(execFile);
const PIN = '24681357';

/** A way to sign, as a process of its own; undefined when the tool is not installed. */
interface Signer {
  readonly label: string;
  sign(input: string, output: string): Promise<unknown>;
}

/** Whole-process signing beside other tools, in one run (the baseline for speed work on signing). */
export async function benchSign(options: BenchOptions): Promise<BenchResult> {
  const full = options.size === 'full';
  const times = full ? 7 : 1;
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-sign-'));
  try {
    await buildBundle();
    options.note('sign: making files');
    const files = await makeFiles(folder, full ? [1, 20, 300] : [1]);
    const pki = await createDemoPki(join(folder, 'pki'), {
      agencyName: 'Ủy ban nhân dân xã Hòa Thịnh',
      organId: 'H99.33',
      senderName: 'Ủy ban nhân dân tỉnh An Lạc',
      senderOrganId: 'H99',
      pin: PIN,
    });
    const signers = await findSigners(folder, pki);
    const measured = await measure(signers, files, { times, folder, note: options.note });
    return {
      name: 'sign',
      title: '`an-thu sign` beside other tools',
      method:
        `Wall time of a whole process, milliseconds, median of ${times} after one warm-up, all signers in turn on each file; key in PKCS#12 (NSS for pdfsig), invisible, no timestamp. ` +
        'In brackets: times the floor, which only hashes and copies. pdfsig makes no PAdES signature; an-thu verifies its own file before it gets its name. pyHanko and @signpdf’s placeholder packages are not installed here; the findings’ figures for them are not repeated.',
      columns: files.map((file) => `${file.pages} p., ${(file.bytes / 1e6).toFixed(1)} MB`),
      rows: measured,
      bars: [],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface BenchFile {
  readonly path: string;
  readonly pages: number;
  readonly bytes: number;
}

/** PDFs of colour scans at 200 dpi with that many pages. */
async function makeFiles(folder: string, sizes: readonly number[]): Promise<BenchFile[]> {
  const jpeg = { form: 'jpeg', dpi: 200 } as const;
  const scans = await makeSampleScans(join(folder, 'samples'), {
    seed: 5,
    today: '2026-11-21',
    shapes: [jpeg, jpeg, jpeg],
  });
  const pictures = await Promise.all(scans.map(({ path }) => readFile(path)));
  const files: BenchFile[] = [];
  for (const pages of sizes) {
    const document = await PDFDocument.create();
    for (let page = 0; page < pages; page++) {
      const picture = await document.embedJpg(pictures[page % pictures.length] ?? Buffer.alloc(0));
      document.addPage([595, 842]).drawImage(picture, { x: 0, y: 0, width: 595, height: 842 });
    }
    const path = join(folder, `${pages}.pdf`);
    await writeFile(path, await document.save({ useObjectStreams: false }));
    files.push({ path, pages, bytes: (await stat(path)).size });
  }
  return files;
}

async function findSigners(folder: string, pki: DemoPki): Promise<Signer[]> {
  const found: Signer[] = [
    {
      label: 'floor: openssl dgst + cp',
      sign: async (input, output) => {
        await run('openssl', ['dgst', '-sha256', '-sign', pki.agency.key, '-out', `${output}.sig`, input]);
        await run('cp', [input, output]);
      },
    },
    {
      label: '`an-thu sign` B-B',
      sign: (input, output) =>
        run(
          process.execPath,
          [
            bundled('an-thu.mjs'),
            'sign',
            input,
            '--out',
            output,
            '--key',
            pathToFileURL(pki.agency.pkcs12).href,
            '--pin-env',
            'AN_THU_BENCH_PIN',
          ],
          { env: { ...process.env, AN_THU_BENCH_PIN: PIN } },
        ),
    },
  ];
  const pdfsig = await pdfsigSigner(join(folder, 'nss'), pki);
  return pdfsig ? [...found, pdfsig] : found;
}

/** pdfsig signs with a key in an NSS database; undefined when it or NSS's tools are missing. */
async function pdfsigSigner(nss: string, pki: DemoPki): Promise<Signer | undefined> {
  const database = `sql:${nss}`;
  try {
    await mkdir(nss);
    await run('certutil', ['-N', '-d', database, '--empty-password']);
    await run('pk12util', ['-i', pki.agency.pkcs12, '-d', database, '-W', PIN, '-K', '']);
    await run('certutil', ['-A', '-d', database, '-n', 'goc', '-t', 'CT,C,C', '-i', pki.rootPath]);
    const { stdout } = await run('certutil', ['-K', '-d', database]);
    const nick = /<\s*\d+>\s+\w+\s+[0-9a-f]+\s+(?:NSS Certificate DB:)?(.+?)\s*$/m.exec(stdout)?.[1];
    if (nick === undefined) return undefined;
    await run('pdfsig', ['-v']);
    return {
      label: 'pdfsig -add-signature',
      sign: (input, output) =>
        run('pdfsig', [
          '-nssdir',
          database,
          '-nss-pwd',
          '',
          '-add-signature',
          '-nick',
          nick,
          '-digest',
          'SHA256',
          input,
          output,
        ]),
    };
  } catch {
    return undefined;
  }
}

async function measure(
  signers: readonly Signer[],
  files: readonly BenchFile[],
  options: { times: number; folder: string; note: (line: string) => void },
): Promise<Row[]> {
  const medians = new Map<string, number[]>();
  const output = join(options.folder, 'out.pdf');
  for (const file of files) {
    options.note(`sign: ${file.pages} pages`);
    const taken = new Map<string, number[]>(signers.map(({ label }) => [label, []]));
    // Round by round, so that drifting load meets every signer alike; the first round warms the file cache.
    for (let round = 0; round <= options.times; round++) {
      for (const signer of signers) {
        await rm(output, { force: true });
        const { ms } = await timed(() => signer.sign(file.path, output));
        if ((await stat(output)).size < file.bytes) throw new Error(`${signer.label} wrote no whole file`);
        if (round > 0) taken.get(signer.label)?.push(ms);
      }
    }
    for (const [label, ms] of taken) medians.set(label, [...(medians.get(label) ?? []), median(ms)]);
  }
  const floor = medians.get(signers[0]?.label ?? '') ?? [];
  return [...medians].map(([label, values]) => ({
    label,
    cells: values.map((value, index) => `${figure(value)} (${(value / (floor[index] ?? NaN)).toFixed(1)})`),
  }));
}
