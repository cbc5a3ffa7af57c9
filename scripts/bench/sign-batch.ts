import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { sealPin } from '../../core/contract/seal-pin.ts';
import type { FileReport } from '../../core/contract/verification.ts';
import type { ByteSource } from '../../core/pdf/byte-source.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { assertOwnSignature } from '../../core/signing/batch/own-signature.ts';
import { SigningCrew } from '../../core/signing/batch/signing-crew.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import type { SoftHsm } from '../lib/softhsm.ts';
import { BENCH_PIN, benchPki } from './bench-pki.ts';
import {
  copies,
  type Each,
  inFolder,
  measureRound,
  medianOf,
  names,
  request,
  type Round,
  signMany,
} from './batch-round.ts';
import { cpuMsOf } from './process-figures.ts';
import { type BenchOptions, type BenchResult, figure, type Row } from './result.ts';
import { makeScanFiles } from './scan-files.ts';
import { agencyToken } from './sign-tools.ts';
import { median, timed } from './statistics.ts';
import { watchedSpawner } from './watched-spawner.ts';

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
  const { spawner, pid } = watchedSpawner();
  const hostCpuMs = (): Promise<number> => cpuMsOf(pid() ?? NaN);
  const tokens = createTokenService({ spawner, modules: [], softTokens: [], allow: 'as-the-uri-says' });
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
    const inputs = await copies(scan.path, join(folder, 'in'), count);
    // Threads and caches warm up on files that are not counted.
    await inFolder(join(folder, 'warm'), inputs.slice(0, 100), (files) => signMany(crew, key, files));
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      options.note(`sign-batch: round ${round + 1}`);
      measured.push(
        await measureRound(join(folder, `${round}`), { hsm, key, inputs, crew, loop, hostCpuMs }),
      );
    }
    options.note('sign-batch: slow token');
    const slowKey = slowToken(key);
    const slowAlone = await slowRate(slowKey, Math.min(slow, 8));
    loop.enable();
    const slowBatch = await inFolder(join(folder, 'slow'), inputs.slice(0, slow), (files) =>
      signMany(crew, slowKey, files),
    );
    loop.disable();
    const besideToken = median(alone.map(({ ms, tokenMs }) => ms - tokenMs));
    const of = (what: 'bare' | 'host' | 'disk' | 'batch') => medianOf(measured.map((round) => round[what]));
    return {
      name: 'sign-batch',
      title: 'Many one-page scans under one login',
      method: methodOf(options.size, { bytes: scan.bytes, idleShare: median(measured.map(({ idleShare }) => idleShare)) }), // prettier-ignore
      columns: ['a second', 'ms each', 'processor ms each'],
      rows: [
        row('bare C_Sign loop', of('bare')),
        row('signatures through the token host', of('host')),
        row('two bare workers: read, hash, write, fsync', of('disk')),
        row('batch: sign, verify, publish', of('batch')),
        row('one after another', { ms: median(alone.map(({ ms }) => ms)) }),
        row('batch with the slow token', { ms: slowBatch.each.ms }),
      ],
      bars: [
        {
          what: 'B-B of one page in a warm process beside the token, fsync included, median',
          value: besideToken,
          limit: 5,
          unit: 'ms',
        },
        {
          what: 'bare C_Sign ÷ token host',
          value: median(measured.map(({ bare, host }) => host.ms / bare.ms)),
          limit: 1.11,
          unit: '×',
        },
        {
          what: 'lower of bare C_Sign and bare workers ÷ batch',
          // Side by side in time: the processors of a virtual machine change their speed from one second to the next.
          value: median(measured.map(({ bare, disk, batch }) => batch.ms / Math.max(bare.ms, disk.ms))),
          limit: 1.67,
          unit: '×',
        },
        {
          what: 'slow token alone ÷ batch',
          value: slowAlone / (1000 / slowBatch.each.ms),
          limit: 1.02,
          unit: '×',
        },
        {
          what: 'event-loop delay while signing, p99',
          value: loop.percentile(99) / 1e6,
          limit: 50,
          unit: 'ms',
        },
      ],
    };
  } finally {
    await crew.close();
    tokens.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const row = (label: string, { ms, cpuMs }: Each): Row => ({
  label,
  cells: [figure(1000 / ms), ms.toFixed(2), cpuMs === undefined ? '–' : cpuMs.toFixed(2)],
});

const methodOf = (
  size: BenchOptions['size'],
  { bytes, idleShare }: { bytes: number; idleShare: number },
): string => {
  const { rounds, count, slow } = sizes[size];
  return (
    `Median of ${rounds} rounds in one process; each round twice ${count} bare signatures (SoftHSM2, RSA-2048) and as many through the token host, then ${count} files of ${(bytes / 1e6).toFixed(1)} MB: two bare workers that read, hash, write and fsync, then the batch as \`an-thu sign\` runs it, which also compares with the input, verifies, renames and syncs the folder. ` +
    'Outputs are emptied after each round and removed at the end: the file system here searches past the numbers of files removed in the last minutes whenever one is made, which slows the bare workers even more than the batch. ' +
    `The bare loop is C_SignInit and C_Sign in one session, one after another, in the process itself. Of the batch’s time the token was idle ${(100 * idleShare).toFixed(0)} %. “One after another” is a single file each time in the warm process, synced to the disk and verified; beside it the time without the token’s. The slow token takes ${SLOW_MS} ms for a signature, ${slow} files; its own rate is that of bare requests. ` +
    'Ratios to the bare rates: median of those measured one after the other in the same round. Processor time: of all threads and of the token’s process. Event-loop delay of the process while it signs: 99th percentile.'
  );
};

const judged = { anchors: [], tsaAnchors: [], extraCertificates: [] };

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
  for (const outputPath of names(folder, count)) {
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
  return taken.slice(Math.floor(count / 3));
}
