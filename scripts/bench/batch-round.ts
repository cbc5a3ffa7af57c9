import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { monitorEventLoopDelay } from 'node:perf_hooks';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signBatch, TOKEN_DEPTH } from '../../core/signing/batch/sign-batch.ts';
import type { SigningCrew } from '../../core/signing/batch/signing-crew.ts';
import type { SoftHsm } from '../lib/softhsm.ts';
import { bareFiles, bareSignatures, type InOut } from './bare-signing.ts';
import { median, timed } from './statistics.ts';

/** What the key is asked for where no file stands behind it. */
export const request = {
  scheme: 'rsa-pkcs1',
  digestAlgorithm: 'sha256',
  digest: createHash('sha256').update('bench').digest(),
} as const;

/** Milliseconds for one signature or file: on the clock, and of the processors (undefined where they were not asked). */
export interface Each {
  readonly ms: number;
  readonly cpuMs?: number;
}

export interface Round {
  readonly bare: Each;
  readonly host: Each;
  readonly disk: Each;
  readonly batch: Each;
  /** Share of the batch’s time in which the token had nothing to do. */
  readonly idleShare: number;
}

interface Measuring {
  readonly hsm: SoftHsm;
  readonly key: SigningKey;
  readonly inputs: readonly string[];
  readonly crew: SigningCrew;
  readonly loop: ReturnType<typeof monitorEventLoopDelay>;
  /** Processor time of the token's process so far, milliseconds. */
  readonly hostCpuMs: () => Promise<number>;
}

/** The four one after the other, so that they meet the machine at about the same speed. */
export async function measureRound(
  folder: string,
  { hsm, key, inputs, crew, loop, hostCpuMs }: Measuring,
): Promise<Round> {
  const count = inputs.length;
  const withHost = async <T>(work: () => Promise<T & Each>): Promise<T & Each> => {
    const before = await hostCpuMs();
    const done = await work();
    return { ...done, cpuMs: (done.cpuMs ?? 0) + (await hostCpuMs()) - before };
  };
  const [bare, host] = [[] as Each[], [] as Each[]];
  for (let turn = 0; turn < 2; turn++) {
    bare.push(each(await bareSignatures(hsm, count), count));
    host.push(each(await withHost(() => timed(() => hostSignatures(key, count))), count));
  }
  const disk = await inFolder(`${folder}-disk`, inputs, async (files) => each(await bareFiles(files), count));
  loop.enable();
  const done = await inFolder(`${folder}-out`, inputs, (files) =>
    withHost(async () => {
      const signed = await signMany(crew, key, files);
      return { ...signed, ms: signed.each.ms * count, cpuMs: (signed.each.cpuMs ?? NaN) * count };
    }),
  );
  loop.disable();
  return {
    bare: medianOf(bare),
    host: medianOf(host),
    disk,
    batch: each(done, count),
    idleShare: done.idleShare,
  };
}

const each = ({ ms, cpuMs }: Each, count: number): Each => ({
  ms: ms / count,
  ...(cpuMs !== undefined && { cpuMs: cpuMs / count }),
});

export const medianOf = (all: readonly Each[]): Each => ({
  ms: median(all.map(({ ms }) => ms)),
  cpuMs: median(all.map(({ cpuMs }) => cpuMs ?? NaN)),
});

/** Paths of numbered PDFs in a folder. */
export const names = (folder: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => join(folder, `${index}.pdf`));

/** Files of their own, as a batch has them: one alone would stay in the processor's cache. */
export async function copies(path: string, folder: string, count: number): Promise<string[]> {
  await mkdir(folder);
  const all = names(folder, count);
  for (const copy of all) {
    await copyFile(path, copy);
    const file = await open(copy);
    await file.sync();
    await file.close();
  }
  return all;
}

/** Makes a folder for the outputs of some inputs, and empties them afterwards (they are removed at the end, with all the rest). */
export async function inFolder<T>(
  path: string,
  inputs: readonly string[],
  work: (files: readonly InOut[]) => Promise<T>,
): Promise<T> {
  await mkdir(path);
  const outputs = names(path, inputs.length);
  const done = await work(inputs.map((input, index) => ({ input, output: outputs[index] ?? '' })));
  for (const output of outputs) await truncate(output);
  return done;
}

/** Signatures with as many requests under way at once as a batch has. */
async function hostSignatures(key: SigningKey, count: number): Promise<void> {
  let left = count;
  const ask = async (): Promise<void> => {
    while (left-- > 0) await key.sign(request);
  };
  await Promise.all(Array.from({ length: TOKEN_DEPTH }, ask));
}

/** A whole batch; throws the first error of a file. */
export async function signMany(
  crew: SigningCrew,
  key: SigningKey,
  files: readonly InOut[],
): Promise<{ each: Each; idleShare: number }> {
  const { value, ...taken } = await timed(() =>
    signBatch({
      files,
      key,
      parallel: crew.parallel,
      signOne: ({ input, output }, gated) =>
        crew.sign(
          { inputPath: input, outputPath: output, signingTime: new Date().toISOString(), concerns: 'told' },
          gated,
        ),
    }),
  );
  const failed = value.results.find(({ error }) => error);
  if (failed) throw failed.error ?? new Error('a file failed');
  return { each: each(taken, files.length), idleShare: value.token.idleMs / value.token.spanMs };
}
