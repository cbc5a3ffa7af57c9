import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { AnThuError } from '../../core/shared/errors.ts';
import { signBatch } from '../../core/signing/batch/sign-batch.ts';
import type { SignedPdf } from '../../core/signing/sign-pdf.ts';
import { SigningCrew } from '../../core/signing/batch/signing-crew.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { makeTestPki } from '../lib/test-keys.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-crew-'));
const setup = { anchors: [], tsaAnchors: [], extraCertificates: [] };
const signingTime = '2026-11-20T08:04:05Z';
let key: SigningKey;
let out: string;
let folders = 0;

beforeAll(() => {
  const pki = makeTestPki(dir);
  key = pki.key('rsa-2048');
});
beforeEach(() => {
  out = join(dir, `out-${folders++}`);
  mkdirSync(out);
});
let crew: SigningCrew | undefined;
let threads: Worker[] = [];
afterEach(async () => {
  await crew?.close();
  crew = undefined;
  threads = [];
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function start(count: number): SigningCrew {
  crew = new SigningCrew({ ...setup, threads: count, onThread: (thread) => threads.push(thread) });
  return crew;
}

function makeInput(name: string): string {
  const path = join(dir, name);
  writeFileSync(path, `${rawPdf({ objects: onePageObjects() }).toString('latin1')}% ${name}\n`, 'latin1');
  return path;
}

/** The key, each signature `ms` later; `asked` counts. */
function slowKey(ms: number): { key: SigningKey; asked: () => number } {
  let asked = 0;
  const sign: SigningKey['sign'] = async (request) => {
    asked++;
    await sleep(ms);
    return key.sign(request);
  };
  return { key: { ...key, sign }, asked: () => asked };
}

const batchOf = (count: number, options: { key: SigningKey; signal?: AbortSignal; onDone?: (done: number) => void }) =>
  signBatch<string, SignedPdf>({
    files: Array.from({ length: count }, (_, index) => `${index}.pdf`),
    key: options.key,
    parallel: 6,
    ...(options.signal && { signal: options.signal }),
    onProgress: ({ done }) => options.onDone?.(done),
    signOne: async (name, gated) => {
      if (!crew) throw new Error('no crew');
      return crew.sign({ inputPath: makeInput(name), outputPath: join(out, name), signingTime, concerns: 'told' }, gated);
    },
  }); // prettier-ignore

describe('threads that sign', () => {
  test('leave files that begin with their input and verify', async () => {
    start(2);
    const { results } = await batchOf(12, { key });
    expect(results.map(({ state }) => state)).toEqual(results.map(() => 'signed'));
    for (const { file, value } of results) {
      const report = await verifyPdf(join(out, file), { ...setup, now: new Date() });
      expect(report.sha256).toBe(value?.sha256);
      expect(report.signatures).toMatchObject([{ integrity: true, coverage: 'whole-file' }]);
      const [before, after] = [readFileSync(join(dir, file)), readFileSync(join(out, file))];
      expect(after.subarray(0, before.length).equals(before)).toBe(true);
    }
    expect(threads).toHaveLength(2);
    expect(readdirSync(out)).toHaveLength(12);
  });

  test('tell a refusal by its code, and the others go on', async () => {
    const { sign } = start(1);
    const one = (inputPath: string, name: string) =>
      sign.call(
        crew,
        { inputPath, outputPath: join(out, name), signingTime, concerns: 'told' },
        Promise.resolve(key),
      );
    const broken = join(dir, 'broken.pdf');
    writeFileSync(broken, 'no PDF');
    const [first, second, third] = await Promise.allSettled([
      one(broken, 'a.pdf'),
      one(join(dir, 'missing.pdf'), 'b.pdf'),
      one(makeInput('good.pdf'), 'c.pdf'),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'pdf.not-pdf' } });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'general.no-such-input' } });
    expect(third?.status).toBe('fulfilled');
    expect(readdirSync(out)).toEqual(['c.pdf']);
  });

  test('hand on what the token refuses, and leave no file', async () => {
    start(2);
    const refusing: SigningKey = {
      ...key,
      sign: () => Promise.reject(new AnThuError('token.removed', { operation: 'C_Sign' })),
    };
    const report = await batchOf(20, { key: refusing });
    expect(report.stopped?.code).toBe('token.removed');
    expect(report.results.filter(({ state }) => state === 'failed').length).toBeLessThanOrEqual(3);
    expect(report.results.some(({ state }) => state === 'not-tried')).toBe(true);
    expect(readdirSync(out)).toEqual([]);
  });

  test('never take a signature that does not fit the certificate', async () => {
    start(1);
    const wrong: SigningKey = { ...key, sign: () => Promise.resolve(new Uint8Array(256).fill(7)) };
    const report = await batchOf(1, { key: wrong });
    expect(report.results[0]).toMatchObject({ state: 'failed', error: { code: 'signing.bad-signature' } });
    expect(readdirSync(out)).toEqual([]);
  });

  test('that are not unlocked sign nothing', async () => {
    start(2);
    const report = await signBatch({
      files: ['a.pdf', 'b.pdf'],
      key: Promise.reject(new AnThuError('token.pin-incorrect', {})),
      signOne: (name, gated) =>
        crew?.sign(
          { inputPath: makeInput(name), outputPath: join(out, name), signingTime, concerns: 'told' },
          gated,
        ) ?? Promise.reject(new Error('no crew')),
    });
    expect(report.results.every(({ value }) => value === undefined)).toBe(true);
    expect(readdirSync(out)).toEqual([]);
  });
});

describe('a thread that is ended', () => {
  test('fails the files it held, leaves nothing half done, and another takes its place', async () => {
    start(1);
    const slow = slowKey(80);
    const report = await batchOf(20, {
      key: slow.key,
      onDone: (done) => void (done === 3 && threads[0]?.terminate()),
    });
    const failed = report.results.filter(({ state }) => state === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThanOrEqual(6);
    for (const { error } of failed) expect(error).toMatchObject({ code: 'general.program-died' });
    const signed = report.results.filter(({ state }) => state === 'signed').map(({ file }) => file);
    expect(signed.length).toBe(20 - failed.length);
    // One that had its name already when its thread ended is whole, and found by the next run.
    expect(readdirSync(out)).toEqual(expect.arrayContaining(signed));
    for (const name of readdirSync(out)) {
      const report = await verifyPdf(join(out, name), { ...setup, now: new Date() });
      expect([name, report.signatures[0]?.integrity]).toEqual([name, true]);
    }
    expect(threads).toHaveLength(2);
  });
});

test('a cancelled batch finishes what is with the token and begins nothing more', async () => {
  start(2);
  const slow = slowKey(20);
  const cancel = new AbortController();
  const report = await batchOf(30, {
    key: slow.key,
    signal: cancel.signal,
    onDone: (done) => void (done === 5 && cancel.abort()),
  });
  const signed = report.results.filter(({ state }) => state === 'signed');
  expect(report.stopped?.code).toBe('signing.batch-cancelled');
  expect(signed.length).toBeGreaterThanOrEqual(5);
  expect(signed.length).toBe(slow.asked());
  expect(report.results.filter(({ state }) => state === 'not-tried').length).toBe(30 - signed.length);
  expect(readdirSync(out)).toHaveLength(signed.length);
});
