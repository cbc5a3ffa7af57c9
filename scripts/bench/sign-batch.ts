import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sealPin } from '../../core/contract/seal-pin.ts';
import type { FileReport } from '../../core/contract/verification.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { ByteSource } from '../../core/pdf/byte-source.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { assertOwnSignature } from '../../core/signing/batch/own-signature.ts';
import { signBatch, TOKEN_DEPTH } from '../../core/signing/batch/sign-batch.ts';
import { SigningCrew } from '../../core/signing/batch/signing-crew.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import type { SoftHsm } from '../lib/softhsm.ts';
import { BENCH_PIN, benchPki } from './bench-pki.ts';
import { bareFileRate, bareSignatureRate } from './bare-signing.ts';
import { type BenchOptions, type BenchResult, figure } from './result.ts';
import { makeScanFiles } from './scan-files.ts';
import { agencyToken } from './sign-tools.ts';
import { median, timed } from './statistics.ts';

const request = {
  scheme: 'rsa-pkcs1',
  digestAlgorithm: 'sha256',
  digest: createHash('sha256').update('bench').digest(),
} as const;

/** What a slow token takes for a signature, milliseconds (design/house.md: cards take 130 to 300). */
const SLOW_MS = 300;

/** How much each of the two runs does. */
const sizes = {
  full: { rounds: 7, count: 1000, single: 60, slow: 24 },
  tiny: { rounds: 1, count: 14, single: 3, slow: 2 },
};

/** Many one-page scans under one login in a warm process, beside what the token and the disk can do at best. */
export async function benchSignBatch(options: BenchOptions): Promise<BenchResult> {
  const { rounds, count, single, slow } = sizes[options.size];
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-batch-'));
  const tokens = createTokenService({
    spawner: createNodeSpawner(),
    modules: [],
    softTokens: [],
    allow: 'as-the-uri-says',
  });
  const crew = new SigningCrew(judged);
  try {
    const pki = await benchPki(folder);
    const hsm = await agencyToken({ folder, pki, pin: BENCH_PIN });
    if (!hsm)
      throw new Error('the benchmark sign-batch needs SoftHSM2 (Debian packages softhsm2 and opensc)');
    const [scan] = await makeScanFiles(folder, [1]);
    if (!scan) throw new Error('no scan was made');
    process.env['SOFTHSM2_CONF'] = hsm.env.SOFTHSM2_CONF;
    const key = await unlocked(tokens, hsm);
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    const alone = await signInTurn(key, scan.path, join(folder, 'single'), single);
    loop.disable();
    const batch = (signer: SigningKey, names: readonly string[]) =>
      signMany(crew, signer, scan.path, names); // prettier-ignore
    // Threads and caches warm up on files that are not counted.
    await inFolder(join(folder, 'warm'), (out) => batch(key, outputs(out, Math.min(count, 100))));
    const rates = { bare: [] as number[], host: [] as number[], disk: [] as number[], batch: [] as number[] };
    const waits: number[] = [];
    for (let round = 0; round < rounds; round++) {
      options.note(`sign-batch: round ${round + 1}`);
      for (let turn = 0; turn < 2; turn++) {
        rates.bare.push(await bareSignatureRate(hsm, count));
        rates.host.push(await hostSignatureRate(key, count));
      }
      rates.disk.push(
        await inFolder(join(folder, `disk-${round}`), (out) => bareFileRate(scan.path, outputs(out, count))),
      );
      loop.enable();
      const done = await inFolder(join(folder, `out-${round}`), (out) => batch(key, outputs(out, count)));
      loop.disable();
      rates.batch.push(done.rate);
      waits.push(done.idleShare);
    }
    options.note('sign-batch: slow token');
    const slowKey = slowToken(key);
    const slowAlone = await slowRate(slowKey, Math.min(slow, 8));
    loop.enable();
    const slowBatch = await inFolder(join(folder, 'slow'), (out) => batch(slowKey, outputs(out, slow)));
    loop.disable();
    const [bare, host, disk, whole] = [rates.bare, rates.host, rates.disk, rates.batch].map(median) as [
      number,
      number,
      number,
      number,
    ];
    // Side by side in time: the processors of a virtual machine change their speed from one second to the next.
    const hostRatios = rates.bare.map((rate, index) => rate / (rates.host[index] ?? NaN));
    const batchRatios = rates.batch.map(
      (rate, round) =>
        Math.min(median(rates.bare.slice(2 * round, 2 * round + 2)), rates.disk[round] ?? NaN) / rate,
    );
    const row = (label: string, rate: number) => ({ label, cells: [figure(rate), figure(1000 / rate)] });
    const besideToken = median(alone.map(({ ms, tokenMs }) => ms - tokenMs));
    const p99 = loop.percentile(99) / 1e6;
    return {
      name: 'sign-batch',
      title: 'Many one-page scans under one login',
      method:
        `Median of ${rounds} rounds in one process; each round twice ${count} bare signatures (SoftHSM2, RSA-2048) and as many through the token host, then ${count} files of ${(scan.bytes / 1e6).toFixed(1)} MB: two bare workers that read, hash, write and fsync, then the batch as \`an-thu sign\` runs it, which also compares with the input, verifies, renames and syncs the folder. ` +
        `The bare loop is C_SignInit and C_Sign in one session, one after another, in the process itself. Of the batch’s time the token was idle ${(100 * median(waits)).toFixed(0)} %. “One after another” is a single file each time in the warm process, synced to the disk and verified; beside it the time without the token’s. The slow token takes ${SLOW_MS} ms for a signature, ${slow} files; its own rate is that of bare requests. Ratios to the bare rates: median of those measured one after the other in the same round. Event-loop delay of the process while it signs: 99th percentile.`,
      columns: ['a second', 'ms each'],
      rows: [
        row('bare C_Sign loop', bare),
        row('signatures through the token host', host),
        row('two bare workers: hash, write, fsync', disk),
        row('batch: sign, verify, publish', whole),
        row('one after another', 1000 / median(alone.map(({ ms }) => ms))),
        row('batch with the slow token', slowBatch.rate),
      ],
      bars: [
        {
          what: 'B-B of one page in a warm process beside the token, fsync included, median',
          value: besideToken,
          limit: 5,
          unit: 'ms',
        },
        { what: 'bare C_Sign ÷ token host', value: median(hostRatios), limit: 1.11, unit: '×' },
        {
          what: 'lower of bare C_Sign and bare workers ÷ batch',
          value: median(batchRatios),
          limit: 1.67,
          unit: '×',
        },
        { what: 'slow token alone ÷ batch', value: slowAlone / slowBatch.rate, limit: 1.02, unit: '×' },
        { what: 'event-loop delay while signing, p99', value: p99, limit: 50, unit: 'ms' },
      ],
    };
  } finally {
    await crew.close();
    tokens.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const judged = { anchors: [], tsaAnchors: [], extraCertificates: [] };

const outputs = (folder: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => join(folder, `${index}.pdf`));

/** Makes a folder for some outputs and removes it with them. */
async function inFolder<T>(path: string, work: (path: string) => Promise<T>): Promise<T> {
  await mkdir(path);
  try {
    return await work(path);
  } finally {
    await rm(path, { recursive: true });
  }
}

/** One signature after the other, each not sooner than a slow card would give it. */
function slowToken(key: SigningKey): SigningKey {
  let last: Promise<unknown> = Promise.resolve();
  const sign: SigningKey['sign'] = (asked) => {
    const turn = last.then(async () => {
      const [signature] = await Promise.all([key.sign(asked), sleep(SLOW_MS)]);
      return signature;
    });
    last = turn.catch(() => undefined);
    return turn;
  };
  return { ...key, sign };
}

async function slowRate(key: SigningKey, count: number): Promise<number> {
  const { ms } = await timed(() => Promise.all(Array.from({ length: count }, () => key.sign(request))));
  return (count / ms) * 1000;
}

async function unlocked(tokens: ReturnType<typeof createTokenService>, hsm: SoftHsm): Promise<SigningKey> {
  const uri = hsm.uri('01');
  await tokens.unlock(uri, await sealPin(await tokens.pinKey(uri), hsm.pin));
  return tokens.key(uri);
}

/** Signatures a second with as many requests under way at once as a batch has. */
async function hostSignatureRate(key: SigningKey, count: number): Promise<number> {
  let left = count;
  const ask = async (): Promise<void> => {
    while (left-- > 0) await key.sign(request);
  };
  const { ms } = await timed(() => Promise.all(Array.from({ length: TOKEN_DEPTH }, ask)));
  return (count / ms) * 1000;
}

async function selfCheck(path: string, readBack?: ByteSource): Promise<FileReport> {
  const report = await verifyPdf(path, { ...judged, now: new Date() }, readBack);
  assertOwnSignature(report);
  return report;
}

/** Single files; how long each took, and how much of it the token. The first ones warm the process up. */
async function signInTurn(
  key: SigningKey,
  inputPath: string,
  folder: string,
  count: number,
): Promise<{ ms: number; tokenMs: number }[]> {
  await mkdir(folder);
  const taken: { ms: number; tokenMs: number }[] = [];
  for (const outputPath of outputs(folder, count)) {
    let tokenMs = 0;
    const sign: SigningKey['sign'] = async (asked) => {
      const { ms, value } = await timed(() => key.sign(asked));
      tokenMs = ms;
      return value;
    };
    const signingTime = new Date().toISOString();
    const one = {
      inputPath,
      outputPath,
      signingTime,
      level: 'B-B',
      concerns: 'told',
      verify: selfCheck,
    } as const;
    const { ms } = await timed(() => signPdf({ ...one, key: { ...key, sign } }));
    taken.push({ ms, tokenMs });
  }
  await rm(folder, { recursive: true });
  return taken.slice(Math.floor(count / 3));
}

async function signMany(
  crew: SigningCrew,
  key: SigningKey,
  inputPath: string,
  files: readonly string[],
): Promise<{ rate: number; idleShare: number }> {
  const { ms, value } = await timed(() =>
    signBatch({
      files,
      key,
      parallel: crew.parallel,
      signOne: (outputPath, gated) =>
        crew.sign({ inputPath, outputPath, signingTime: new Date().toISOString(), concerns: 'told' }, gated),
    }),
  );
  const failed = value.results.find(({ error }) => error);
  if (failed) throw failed.error ?? new Error('a file failed');
  return { rate: (files.length / ms) * 1000, idleShare: value.token.idleMs / value.token.spanMs };
}
