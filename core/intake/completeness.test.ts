import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { bufferReader } from './byte-reader.ts';
import { probeBytes } from './completeness.ts';
import { isIgnoredName } from './ignored-names.ts';

const page = sharp({ create: { width: 300, height: 400, channels: 3, background: '#c33' } });
const samples = {
  jpeg: await page.clone().jpeg().toBuffer(),
  png: await page.clone().png().toBuffer(),
  tiff: await page.clone().tiff({ compression: 'lzw' }).toBuffer(),
  pdf: Buffer.concat([
    Buffer.from('%PDF-1.7\n'),
    deflateSync(Buffer.alloc(50_000, 7)),
    Buffer.from('\nxref\n0 1\ntrailer <<>>\nstartxref\n60\n%%EOF\n'),
  ]),
};

describe('the look at a file’s structure', () => {
  it.each(Object.keys(samples) as (keyof typeof samples)[])('finds a whole %s complete', async (type) => {
    expect(await probeBytes(bufferReader(samples[type]))).toEqual({ complete: true, type });
  });

  it.each(Object.keys(samples) as (keyof typeof samples)[])(
    'finds a %s without its end incomplete',
    async (type) => {
      const bytes = samples[type];
      for (const share of [0.3, 0.7, 0.95]) {
        const cut = bytes.subarray(0, Math.floor(bytes.length * share));
        expect(await probeBytes(bufferReader(cut))).toMatchObject({ complete: false });
      }
    },
  );

  it('finds a preallocated file incomplete, whether nothing or only its head is written', async () => {
    const half = Buffer.alloc(samples.pdf.length);
    expect(await probeBytes(bufferReader(half))).toMatchObject({ complete: false, type: 'unknown' });
    samples.pdf.copy(half, 0, 0, 100);
    expect(await probeBytes(bufferReader(half))).toMatchObject({ complete: false, type: 'pdf' });
  });

  it('is not taken in by the end mark of an embedded preview', async () => {
    const preview = Buffer.from([0xff, 0xe1, 0, 8, 0xff, 0xd8, 0xff, 0xd9, 0, 0]);
    const whole = Buffer.concat([samples.jpeg.subarray(0, 2), preview, samples.jpeg.subarray(2)]);
    expect(await probeBytes(bufferReader(whole))).toMatchObject({ complete: true });
    expect(await probeBytes(bufferReader(whole.subarray(0, whole.length - 40)))).toMatchObject({
      complete: false,
    });
  });

  it('does not run in circles in a TIFF whose directories do', async () => {
    const bytes = Buffer.from('II*\0\x08\0\0\0\x01\0\0\x01\x03\0\x01\0\0\0\x01\0\0\0\x08\0\0\0', 'latin1');
    expect(await probeBytes(bufferReader(bytes))).toMatchObject({
      complete: false,
      reason: 'picture.odd-structure',
    });
  });

  it('does not gather the same long table from every directory of a TIFF', async () => {
    const longTable = manyTables(60);
    expect(longTable.length).toBeLessThan(2_100_000);
    expect(await probeBytes(bufferReader(longTable))).toMatchObject({
      complete: false,
      reason: 'picture.odd-structure',
    });
  });

  it('takes other files as they are', async () => {
    expect(await probeBytes(bufferReader(Buffer.from('hello')))).toEqual({ complete: true, type: 'unknown' });
  });
});

describe('names that are never documents', () => {
  it.each(['.scan.pdf', 'a.pdf.part', 'b.TMP', '~$letter.docx', 'desktop.ini', 'Thumbs.db', 'c.crdownload'])(
    'leaves %s alone',
    (name) => expect(isIgnoredName(name)).toBe(true),
  );

  it('takes ordinary names', () => {
    expect(isIgnoredName('Công văn 12.pdf')).toBe(false);
  });
});

/** Directories that all name one table of a million strips: 2 MB of file, gigabytes when each is kept. */
function manyTables(pages: number): Buffer {
  const values = 1_000_000;
  const directoryBytes = 2 + 2 * 12 + 4;
  const bytes = Buffer.alloc(8 + 2 * values + pages * directoryBytes);
  bytes.write('II*\0', 'latin1');
  for (let page = 0, at = 8 + 2 * values; page < pages; page++, at += directoryBytes) {
    if (page === 0) bytes.writeUInt32LE(at, 4);
    bytes.writeUInt16LE(2, at);
    for (const [entry, tag] of [273, 279].entries()) {
      const start = at + 2 + entry * 12;
      bytes.writeUInt16LE(tag, start);
      bytes.writeUInt16LE(3, start + 2);
      bytes.writeUInt32LE(values, start + 4);
      bytes.writeUInt32LE(8, start + 8);
    }
    if (page + 1 < pages) bytes.writeUInt32LE(at + directoryBytes, at + 2 + 2 * 12);
  }
  return bytes;
}
