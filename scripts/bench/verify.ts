import { fork } from 'node:child_process';
import { constants, createPrivateKey, privateEncrypt } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nullValue, octetString, oid, sequence } from '../../core/asn1/der.ts';
import { DocumentWorker, type TrustPaths } from '../../core/engine/document-worker-client.ts';
import type { ProgramHandle, ProgramSpawner } from '../../core/ports/program-spawner.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { readCertificates } from '../../core/trust/certificate.ts';
import type { DemoPki } from '../pki/index.ts';
import { makeSampleScans } from '../samples/index.ts';
import { benchPki } from './bench-pki.ts';
import { buildBundle, bundled } from './bundle.ts';
import { writeLargeScan } from './large-scan.ts';
import { cpuMsOf, highWaterMb } from './process-figures.ts';
import { type BenchOptions, type BenchResult, figure, type Row } from './result.ts';
import { runTimed } from './run-process.ts';
import { makeScanFiles } from './scan-files.ts';
import { median } from './statistics.ts';

const sha256 = '2.16.840.1.101.3.4.2.1';

/** The sample agency's key without a token: what signing costs is not the question here. */
async function keyInMemory(pki: DemoPki): Promise<SigningKey> {
  const key = createPrivateKey(await readFile(pki.agency.key));
  const [certificate] = readCertificates(await readFile(pki.agency.certificate));
  if (!certificate) throw new Error('the sample agency has no certificate');
  return {
    uri: 'file:agency.key',
    label: 'agency',
    keyType: 'rsa',
    bits: 2048,
    certificate: certificate.der,
    chain: [pki.issuing.certificate],
    sign: ({ digest }) => {
      const info = sequence(sequence(oid(sha256), nullValue()), octetString(digest));
      return Promise.resolve(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info));
    },
  };
}

interface Case {
  readonly label: string;
  readonly path: string;
  readonly signatures: number;
}

interface Measured extends Case {
  readonly bytes: number;
  /** Medians in milliseconds: ours on the clock and of the processor, pdfsig's, openssl's. */
  readonly ms: number;
  readonly cpuMs: number;
  readonly pdfsigMs: number;
  readonly dgstMs: number;
  readonly peakMb: number;
}

/** Verification in the warm worker beside pdfsig and a bare hash, in one run. */
export async function benchVerify(options: BenchOptions): Promise<BenchResult> {
  const full = options.size === 'full';
  const times = full ? 9 : 1;
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-verify-'));
  try {
    await buildBundle();
    options.note('verify: making files');
    const pki = await benchPki(folder);
    const cases = await makeCases(folder, pki, full);
    const trust: TrustPaths = { anchors: [pki.rootPath], tsaAnchors: [pki.rootPath], certificates: [] };
    const measured: Measured[] = [];
    for (const one of cases) {
      options.note(`verify: ${one.label}`);
      measured.push(await measure(one, trust, times));
    }
    const [letter, , large] = measured;
    const many = measured[1];
    if (!letter || !many || !large) throw new Error('three cases expected');
    const letters = await lettersInARow(folder, letter.path, trust, full ? 300 : 3);
    return {
      name: 'verify',
      title: 'Verification in a warm worker',
      method:
        `Each file ${times} times after two for warming, by turns with the others, medians in milliseconds: a call into the engine’s document worker (full verdict with structure, digests, chain, revocation at hand, changes), ` +
        'processor time of that worker beside; whole processes of `pdfsig -nocert -no-ocsp` and `openssl dgst -sha256`. Peak is the highest resident memory of a fresh worker that judged this file alone. ' +
        `Ordinary letters: ${letters.count} signed one-page scans, one after the other in one worker.`,
      columns: ['MB', 'signatures', 'ms', 'CPU ms', 'pdfsig ms', 'dgst ms', '÷ dgst', 'peak MB'],
      rows: [
        ...measured.map(rowOf),
        {
          label: `ordinary letters in a row: ${Math.floor(60_000 / letters.ms)} a minute`,
          cells: ['–', '1', figure(letters.ms), figure(letters.cpuMs), '–', '–', '–', '–'],
        },
      ],
      bars: [
        { what: '51 signatures, full verdict with analysis', value: many.ms / 1000, limit: 3, unit: 's' },
        {
          what: '150 MB with one signature ÷ openssl dgst -sha256',
          value: large.ms / large.dgstMs,
          limit: 1.5,
          unit: '×',
        },
        { what: '150 MB with one signature, peak memory', value: large.peakMb, limit: 120, unit: 'MB' },
        { what: 'an ordinary letter (1,000 a minute)', value: letters.ms, limit: 60, unit: 'ms' },
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeCases(folder: string, pki: DemoPki, full: boolean): Promise<Case[]> {
  const key = await keyInMemory(pki);
  const sign = async (inputPath: string, name: string): Promise<string> => {
    const outputPath = join(folder, name);
    await signPdf({ inputPath, outputPath, key, level: 'B-B', signingTime: new Date().toISOString() });
    return outputPath;
  };
  const [scan] = await makeScanFiles(folder, [1]);
  if (!scan) throw new Error('no scan');
  const letter = await sign(scan.path, 'letter.pdf');
  const signatures = full ? 51 : 3;
  let many = letter;
  for (let index = 1; index < signatures; index++) {
    const next = await sign(many, `many-${index}.pdf`);
    if (many !== letter) await rm(many);
    many = next;
  }
  const scanPath = join(folder, 'large.pdf');
  const jpeg = { form: 'jpeg', dpi: 200 } as const;
  const [picture] = await makeSampleScans(join(folder, 'pictures'), {
    seed: 5,
    today: '2026-11-21',
    shapes: [jpeg, jpeg, jpeg],
  });
  if (!picture) throw new Error('no picture');
  await writeLargeScan(scanPath, {
    pages: full ? 300 : 2,
    bytes: full ? 150e6 : 2e6,
    jpeg: await readFile(picture.path),
    width: 1654,
    height: 2339,
  });
  const large = await sign(scanPath, 'large-signed.pdf');
  await rm(scanPath);
  return [
    { label: 'one-page letter', path: letter, signatures: 1 },
    { label: `${signatures} signatures`, path: many, signatures },
    { label: 'large file', path: large, signatures: 1 },
  ];
}

/** Starts the worker as it is packed, not from source. */
const bundledWorker: ProgramSpawner = {
  spawn: (name, options = {}): ProgramHandle => {
    const child = fork(bundled(`${name}.mjs`), [], {
      execArgv: options.memoryMb === undefined ? [] : [`--max-old-space-size=${options.memoryMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return {
      get pid() {
        return child.pid;
      },
      post: (message) => void child.send(message as object),
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => void child.once('exit', (code, signal) => listener(String(code ?? signal))),
      kill: () => void child.kill('SIGKILL'),
    };
  },
};

async function judged(worker: DocumentWorker, path: string, trust: TrustPaths, signatures: number) {
  const report = await worker.verify(path, trust, new Date());
  const intact = report.signatures.filter(
    ({ integrity, later }) => integrity === true && later !== 'forbidden',
  );
  if (report.verdict === 'invalid' || intact.length !== signatures)
    throw new Error(`${path}: ${JSON.stringify(report)}`);
}

async function measure(one: Case, trust: TrustPaths, times: number): Promise<Measured> {
  const { path, signatures } = one;
  const fresh = new DocumentWorker(bundledWorker);
  let peakMb: number;
  try {
    await judged(fresh, path, trust, signatures);
    peakMb = await highWaterMb(fresh.pid ?? 0);
  } finally {
    fresh.close();
  }
  const worker = new DocumentWorker(bundledWorker);
  const ours: number[] = [];
  const pdfsig: number[] = [];
  const dgst: number[] = [];
  let cpuMs = 0;
  try {
    for (let round = 0; round < times + 2; round++) {
      const before = round < 2 ? 0 : await cpuMsOf(worker.pid ?? 0);
      const started = performance.now();
      await judged(worker, path, trust, signatures);
      const ms = performance.now() - started;
      const hashed = await runTimed([{ program: 'openssl', args: ['dgst', '-sha256', path] }]);
      const asked = await runTimed([{ program: 'pdfsig', args: ['-nocert', '-no-ocsp', path] }]);
      if (round < 2) continue;
      cpuMs += (await cpuMsOf(worker.pid ?? 0)) - before;
      ours.push(ms);
      dgst.push(hashed);
      pdfsig.push(asked);
    }
  } finally {
    worker.close();
  }
  const { size: bytes } = await stat(path);
  return {
    ...one,
    bytes,
    ms: median(ours),
    cpuMs: cpuMs / ours.length,
    pdfsigMs: median(pdfsig),
    dgstMs: median(dgst),
    peakMb,
  };
}

function rowOf({ label, bytes, signatures, ms, cpuMs, pdfsigMs, dgstMs, peakMb }: Measured): Row {
  return {
    label,
    cells: [
      (bytes / 1e6).toFixed(1),
      String(signatures),
      figure(ms),
      figure(cpuMs),
      figure(pdfsigMs),
      figure(dgstMs),
      (ms / dgstMs).toFixed(2),
      figure(peakMb),
    ],
  };
}

/** Milliseconds of one of many ordinary letters, each a file of its own. */
async function lettersInARow(
  folder: string,
  letter: string,
  trust: TrustPaths,
  count: number,
): Promise<{ count: number; ms: number; cpuMs: number }> {
  const copies = await Promise.all(
    Array.from({ length: Math.min(count, 50) }, async (_, index) => {
      const path = join(folder, `copy-${index}.pdf`);
      await copyFile(letter, path);
      return path;
    }),
  );
  const worker = new DocumentWorker(bundledWorker);
  try {
    for (const path of copies.slice(0, 20)) await judged(worker, path, trust, 1);
    const cpuBefore = await cpuMsOf(worker.pid ?? 0);
    const started = performance.now();
    for (let index = 0; index < count; index++)
      await judged(worker, copies[index % copies.length] ?? '', trust, 1);
    const ms = (performance.now() - started) / count;
    return { count, ms, cpuMs: ((await cpuMsOf(worker.pid ?? 0)) - cpuBefore) / count };
  } finally {
    worker.close();
  }
}
