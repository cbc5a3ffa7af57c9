import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Conversion, conversionSchema } from '../../core/intake/conversion.ts';
import { convertToPdf } from '../../core/intake/to-pdf.ts';

/** Runs a reader that is not ours (qpdf, poppler). */
export const run = promisify(execFile);
/** A folder of this test file. */
export let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'an-thu-to-pdf-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Converts a scan as the intake does; qpdf finds no fault with what came of it. */
export async function convert(
  bytes: Buffer,
  options: { defaultDpi?: number; originalName?: string } = {},
): Promise<{ facts: Conversion; path: string; pdf: Buffer }> {
  const inputPath = join(folder, `in-${++count}`);
  const outputPath = join(folder, `out-${count}.pdf`);
  await writeFile(inputPath, bytes);
  const facts = conversionSchema.parse(await convertToPdf({ inputPath, outputPath, ...options }));
  await run('qpdf', ['--check', outputPath]);
  return { facts, path: outputPath, pdf: await readFile(outputPath) };
}

/** The code that a scan is refused with; nothing may be left of it. */
export async function codeOfRefusal(bytes: Buffer): Promise<string> {
  const before = await readdir(folder);
  const thrown = await convert(bytes).then(
    () => ({ code: 'converted' }),
    (error: { code: string }) => error,
  );
  const left = (await readdir(folder)).filter((name) => !before.includes(name) && name.startsWith('out-'));
  expect(left).toEqual([]);
  return thrown.code;
}

export const codes = (facts: Conversion): string[] => facts.warnings.map((warning) => warning.code);

/** Width and height of each page in points, as poppler sees them. */
export async function pageSizes(path: string): Promise<string[]> {
  const { stdout } = await run('pdfinfo', ['-f', '1', '-l', '99', path]);
  return [...stdout.matchAll(/size:\s+([\d.]+) x ([\d.]+)/gu)].map((found) => `${found[1]} ${found[2]}`);
}

/** [encoding, bits, colour, x-dpi] of each picture, as poppler sees them. */
export async function pictures(path: string): Promise<string[]> {
  const { stdout } = await run('pdfimages', ['-list', path]);
  return stdout
    .split('\n')
    .slice(2)
    .filter((line) => line)
    .map((line) => line.trim().split(/\s+/u))
    .map((cell) => `${cell[8]} ${cell[7]}-bit ${cell[5]} ${cell[12]}dpi`);
}

/** Pixels of the n-th picture as a foreign reader decodes them. */
export async function pixelsOf(path: string, index = 0): Promise<Buffer> {
  const prefix = join(folder, `px-${++count}`);
  await run('pdfimages', ['-png', path, prefix]);
  const file = `${prefix}-${String(index).padStart(3, '0')}.png`;
  return sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer();
}

export const rgbOf = (bytes: Buffer): Promise<Buffer> =>
  sharp(bytes).toColourspace('srgb').removeAlpha().raw().toBuffer();

export const largestDifference = (a: Buffer, b: Buffer): number => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[at] ?? 0))), 0);
};
