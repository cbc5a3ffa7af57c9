import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { findFinishedOutput } from '../../core/signing/batch/finished-output.ts';
import { outputNameOf, partPathFor, removeDeadParts } from '../../core/signing/part-name.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { makeSamplePdfs, type SamplePdfs } from '../lib/sample-pdfs.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

let shop: Workshop;
let samples: SamplePdfs;
beforeAll(async () => {
  shop = await openWorkshop();
  samples = await makeSamplePdfs(shop.dir);
});
afterAll(() => shop.close());

let made = 0;
function newFolder(): string {
  const path = shop.path(`out-${++made}`);
  mkdirSync(path);
  return path;
}

/** A run that stands before its token: its part is begun, its signature made only when told. */
function runBeforeToken(outputPath: string, level: Level) {
  const key = shop.key();
  const asked = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow: SigningKey = {
    ...key,
    sign: async (request) => {
      asked.resolve();
      await goOn.promise;
      return key.sign(request);
    },
  };
  const signed = sign(outputPath, level, slow);
  return { asked: Promise.race([asked.promise, signed]), signed, goOn: goOn.resolve };
}

/** Held in memory, or (a level that asks services, which are not there) streamed into the part before the token is asked. */
type Level = 'B-B' | 'B-LT';

const sign = (outputPath: string, level: Level, key: SigningKey = shop.key()) =>
  signPdf({
    inputPath: samples.table,
    outputPath,
    key,
    level,
    signingTime: new Date().toISOString(),
    existing: 'replace',
  });

const resume = (outputPath: string) =>
  findFinishedOutput({
    inputPath: samples.table,
    outputPath,
    certificate: shop.key().certificate,
    verify: (path) => shop.verify(path),
  });

describe('two runs into one folder', () => {
  it.each(['B-B', 'B-LT'] as const)('do not take each other’s unfinished file away (%s)', async (level) => {
    const folder = newFolder();
    const output = join(folder, 'văn bản.pdf');
    const first = runBeforeToken(output, level);
    await first.asked;
    expect(await resume(output)).toBeUndefined();
    await removeDeadParts(folder);
    await sign(output, level);
    const between = await shop.verify(output);
    first.goOn();
    const { sha256 } = await first.signed;
    const after = await shop.verify(output);
    expect([between.verdict, after.verdict]).toEqual(['valid', 'valid']);
    expect(after.signatures).toMatchObject([{ integrity: true, coverage: 'whole-file' }]);
    expect(after.sha256).toBe(sha256);
    expect(readdirSync(folder)).toEqual(['văn bản.pdf']);
  });

  it('take away what a dead one left, and nothing else', async () => {
    const folder = newFolder();
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const left = basename(partPathFor(join(folder, 'a.pdf'), { pid: dead }));
    const own = basename(partPathFor(join(folder, 'a.pdf')));
    const living = basename(partPathFor(join(folder, 'a.pdf'), { pid: process.ppid }));
    const elsewhere = left.replace(/\.[0-9a-f]{6}-/, '.000000-');
    const others = ['a.pdf', 'tải về.pdf.part', own, living, elsewhere];
    for (const name of [left, ...others]) writeFileSync(join(folder, name), 'nửa chừng');
    await removeDeadParts(folder);
    expect(readdirSync(folder).toSorted()).toEqual(others.toSorted());
    await expect(removeDeadParts(join(folder, 'nowhere'))).resolves.toBeUndefined();
  });

  it('name an unfinished file after its output, however long that is called', () => {
    const name = basename(partPathFor(`/ra/${'Ế'.repeat(80)}.pdf`));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^Ế+\./);
    expect(outputNameOf(basename(partPathFor('/ra/văn bản.pdf')))).toBe('văn bản.pdf');
  });
});
