import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signBatch } from '../../core/signing/batch/sign-batch.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import type { SoftHsm } from '../lib/softhsm.ts';
import { createDemoPki } from '../pki/index.ts';
import { bareFileRate, bareSignatureRate } from './bare-signing.ts';
import { type BenchOptions, type BenchResult, figure } from './result.ts';
import { makeScanFiles } from './scan-files.ts';
import { agencyToken } from './sign-tools.ts';
import { median, percentile, timed } from './statistics.ts';

const PIN = '24681357';
const request = {
  scheme: 'rsa-pkcs1',
  digestAlgorithm: 'sha256',
  digest: createHash('sha256').update('bench').digest(),
} as const;

/** Many one-page scans under one login in a warm process, beside what the token and the disk can do at best. */
export async function benchSignBatch(options: BenchOptions): Promise<BenchResult> {
  const full = options.size === 'full';
  const [rounds, signatures, files] = full ? [5, 400, 200] : [1, 4, 4];
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-bench-batch-'));
  const tokens = createTokenService({
    spawner: createNodeSpawner(),
    modules: [],
    softTokens: [],
    allow: 'as-the-uri-says',
  });
  try {
    const pki = await createDemoPki(join(folder, 'pki'), {
      agencyName: 'Ủy ban nhân dân xã Hòa Thịnh',
      organId: 'H99.33',
      senderName: 'Ủy ban nhân dân tỉnh An Lạc',
      senderOrganId: 'H99',
      pin: PIN,
    });
    const hsm = await agencyToken({ folder, pki, pin: PIN });
    if (!hsm)
      throw new Error('the benchmark sign-batch needs SoftHSM2 (Debian packages softhsm2 and opensc)');
    const [scan] = await makeScanFiles(folder, [1]);
    if (!scan) throw new Error('no scan was made');
    process.env['SOFTHSM2_CONF'] = hsm.env.SOFTHSM2_CONF;
    const key = await unlocked(tokens, hsm);
    const single = await signInTurn(key, scan.path, join(folder, 'single'), full ? 40 : 2);
    const rates = { bare: [] as number[], host: [] as number[], disk: [] as number[], batch: [] as number[] };
    const waits: number[] = [];
    const loop = monitorEventLoopDelay({ resolution: 5 });
    for (let round = 0; round < rounds; round++) {
      options.note(`sign-batch: round ${round + 1}`);
      rates.bare.push(await bareSignatureRate(hsm, signatures));
      rates.host.push(await hostSignatureRate(key, signatures));
      const out = join(folder, `out-${round}`);
      await mkdir(out);
      const outputs = Array.from({ length: files }, (_, index) => join(out, `${index}.bin`));
      rates.disk.push(await bareFileRate(scan.path, outputs));
      loop.enable();
      const batch = await signMany(key, scan.path, outputs.map((path) => `${path}.pdf`)); // prettier-ignore
      loop.disable();
      rates.batch.push(batch.rate);
      waits.push(batch.idleShare);
      await rm(out, { recursive: true });
    }
    const [bare, host, disk, batch] = [rates.bare, rates.host, rates.disk, rates.batch].map(median) as [
      number,
      number,
      number,
      number,
    ];
    const row = (label: string, rate: number) => ({ label, cells: [figure(rate), figure(1000 / rate)] });
    return {
      name: 'sign-batch',
      title: 'Many one-page scans under one login',
      method:
        `Median of ${rounds} rounds in one process; each round ${signatures} bare signatures (SoftHSM2, RSA-2048), as many through the token host, and ${files} files of ${(scan.bytes / 1e6).toFixed(1)} MB: two bare workers that read, hash, write and fsync, then the batch, which also compares with the input, verifies, renames and syncs the folder. ` +
        `Of the batch’s time the token was idle ${(100 * median(waits)).toFixed(0)} %; event-loop delay during the batches: 99th percentile ${figure(loop.percentile(99) / 1e6)} ms. “One after another” is a single file each time in the warm process, median (p95 ${figure(percentile(single, 0.95))} ms).`,
      columns: ['a second', 'ms each'],
      rows: [
        row('bare C_Sign loop', bare),
        row('signatures through the token host', host),
        row('two bare workers: hash, write, fsync', disk),
        row('batch: sign, verify, publish', batch),
        row('one after another', 1000 / median(single)),
      ],
      bars: [
        { what: 'B-B of one page in a warm process, median', value: median(single), limit: 150, unit: 'ms' },
        { what: 'bare C_Sign ÷ token host', value: bare / host, limit: 1.11, unit: '×' },
        {
          what: 'lower of bare C_Sign and bare workers ÷ batch',
          value: Math.min(bare, disk) / batch,
          limit: 1.67,
          unit: '×',
        },
      ],
    };
  } finally {
    tokens.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function unlocked(tokens: ReturnType<typeof createTokenService>, hsm: SoftHsm): Promise<SigningKey> {
  const uri = hsm.uri('01');
  await tokens.unlock(uri, await sealPin(await tokens.pinKey(uri), hsm.pin));
  return tokens.key(uri);
}

/** Signatures a second with a few requests under way at once. */
async function hostSignatureRate(key: SigningKey, count: number): Promise<number> {
  let left = count;
  const ask = async (): Promise<void> => {
    while (left-- > 0) await key.sign(request);
  };
  const { ms } = await timed(() => Promise.all([ask(), ask(), ask(), ask()]));
  return (count / ms) * 1000;
}

async function signFile(
  key: SigningKey | Promise<SigningKey>,
  inputPath: string,
  outputPath: string,
): Promise<void> {
  const signingTime = new Date().toISOString();
  await signPdf({ inputPath, outputPath, key, level: 'B-B', signingTime, verify: selfCheck });
}

async function selfCheck(path: string): Promise<void> {
  const report = await verifyPdf(path, {
    anchors: [],
    tsaAnchors: [],
    extraCertificates: [],
    now: new Date(),
  });
  if (report.signatures.at(-1)?.integrity !== true) throw new Error('the signed file does not verify');
}

async function signInTurn(key: SigningKey, input: string, folder: string, count: number): Promise<number[]> {
  await mkdir(folder);
  const taken: number[] = [];
  for (let index = 0; index < count; index++)
    taken.push((await timed(() => signFile(key, input, join(folder, `${index}.pdf`)))).ms);
  await rm(folder, { recursive: true });
  // The first ones warm the process up.
  return taken.slice(Math.floor(count / 4));
}

async function signMany(
  key: SigningKey,
  input: string,
  files: readonly string[],
): Promise<{ rate: number; idleShare: number }> {
  const { ms, value } = await timed(() =>
    signBatch({ files, key, signOne: (output, gated) => signFile(gated, input, output) }),
  );
  const failed = value.results.find(({ error }) => error);
  if (failed) throw failed.error ?? new Error('a file failed');
  return { rate: (files.length / ms) * 1000, idleShare: value.token.idleMs / value.token.spanMs };
}
