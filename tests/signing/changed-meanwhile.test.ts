import {
  appendFileSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { syncFolderTogether } from '../../core/shared/durable-fs.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { makeTestPki } from '../lib/test-keys.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-meanwhile-'));
let key: SigningKey;

beforeAll(() => void (key = makeTestPki(dir).key('rsa-2048')));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The first is signed in memory, the second streamed. */
const kinds = [
  ['a small file', 0],
  ['a large file', 6 * 1024 * 1024],
] as const;

function makeInput(name: string, filler: number): string {
  const path = join(dir, `${name}.pdf`);
  const pdf = rawPdf({ objects: onePageObjects() });
  // Junk behind the header comment would move the offsets; behind the end it is a comment of its own.
  writeFileSync(path, pdf);
  if (filler > 0) appendFileSync(path, `%${' '.repeat(filler)}\n${tailOf(pdf)}`);
  return path;
}

/** startxref and what follows, once more. */
function tailOf(pdf: Buffer): string {
  const text = pdf.toString('latin1');
  return text.slice(text.lastIndexOf('startxref'));
}

const sign = (inputPath: string, outputPath: string, options: Partial<SignPdfOptions> = {}) =>
  signPdf({ inputPath, outputPath, key, level: 'B-B', signingTime: '2026-11-20T08:04:05Z', ...options });

/** The key, with something that happens before it signs. */
const meanwhile = (happens: () => void): SigningKey => ({
  ...key,
  sign: (request) => {
    happens();
    return key.sign(request);
  },
});

function overwrite(path: string, position: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, 'X', position);
  closeSync(file);
}

const leftOver = (name: string): string[] => readdirSync(dir).filter((entry) => entry.startsWith(name));

describe.each(kinds)('%s', (kind, filler) => {
  const name = kind.split(' ')[1] ?? '';

  test('is signed, and the verifier is told of the bytes that it reports', async () => {
    const inputPath = makeInput(`${name}-good`, filler);
    const outputPath = join(dir, `${name}-good-out.pdf`);
    const signed = await sign(inputPath, outputPath, {
      verify: (path, readBack) =>
        verifyPdf(path, { anchors: [], tsaAnchors: [], extraCertificates: [], now: new Date() }, readBack),
    });
    const report = await verifyPdf(outputPath, {
      anchors: [],
      tsaAnchors: [],
      extraCertificates: [],
      now: new Date(),
    });
    expect(report.signatures).toMatchObject([{ integrity: true, coverage: 'whole-file' }]);
    expect(report.sha256).toBe(signed.sha256);
    expect(readFileSync(outputPath).subarray(0, signed.prefixBytes).equals(readFileSync(inputPath))).toBe(
      true,
    );
  });

  test.each([
    ['is overwritten', (path: string) => overwrite(path, 12)],
    ['is cut', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, -20))],
  ])('whose input %s while the token signs gets no output', async (what, change) => {
    const inputPath = makeInput(`${name}-${what.at(-1)}`, filler);
    const outputName = `${name}-out-${what.at(-1)}`;
    const changing = meanwhile(() => change(inputPath));
    await expect(sign(inputPath, join(dir, `${outputName}.pdf`), { key: changing })).rejects.toMatchObject({
      code: expect.stringMatching(/^signing\.(input|prefix)-changed$/),
    });
    expect(leftOver(outputName)).toEqual([]);
  });

  test('that the verifier does not like gets no output', async () => {
    const outputName = `${name}-disliked`;
    const inputPath = makeInput(`${name}-in`, filler);
    const verify = () => Promise.reject(new Error('not valid'));
    await expect(sign(inputPath, join(dir, `${outputName}.pdf`), { verify })).rejects.toThrow('not valid');
    expect(leftOver(outputName)).toEqual([]);
  });
});

test('a large file of which the verifier has read other bytes than went out gets no output', async () => {
  const verify = () => Promise.resolve({ sha256: '0'.repeat(64) });
  const signing = sign(makeInput('other-bytes', 6 * 1024 * 1024), join(dir, 'other-out.pdf'), { verify });
  await expect(signing).rejects.toMatchObject({ code: 'signing.prefix-changed' });
  expect(leftOver('other-out')).toEqual([]);
});

describe('syncs of one folder asked for together', () => {
  test('all end, and a later one works as well', async () => {
    await Promise.all(Array.from({ length: 20 }, () => syncFolderTogether(dir)));
    await expect(syncFolderTogether(dir)).resolves.toBeUndefined();
  });

  test('of a folder that is not there all fail', async () => {
    const all = Array.from({ length: 3 }, () => syncFolderTogether(join(dir, 'nowhere')));
    for (const one of await Promise.allSettled(all)) expect(one.status).toBe('rejected');
  });
});
