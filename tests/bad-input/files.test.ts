import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { PDFDocument } from 'pdf-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../core/contract/errors/index.ts';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { letterPdf } from '../kill/stimuli.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { expectShown, Office, until } from './office.ts';

let office: Office;
let letter: Uint8Array;
beforeAll(async () => {
  office = await Office.create();
  letter = await letterPdf(1);
});
afterAll(() => office.close());

const inScanFolder = (name: string) => join(office.workplace.scanFolder, name);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const candidate = (name: string, state: string) =>
  until(`${name} to be ${state}`, async () => {
    const { candidates } = await office.engine.call('intake.list', {});
    return candidates.find((found) => found.name === name && found.state === state);
  });

/** The file as it came is in the store, it has no number, and says why it does not go on. */
async function expectRefused(item: IntakeItem, bytes: Uint8Array, code: ErrorCode): Promise<void> {
  expect(item.state).toBe('failed');
  expectShown(item.error, code);
  expect(item.arrivalId).toBeNull();
  const { path } = await office.engine.call('document.object-path', { sha256: sha256(bytes) });
  expect(sha256(readFileSync(path))).toBe(sha256(bytes));
}

describe('a file that is not finished', () => {
  it('stays in the scan folder half-written, is shown, and is taken once it is whole', async () => {
    const name = 'dang-ghi.pdf';
    const half = Math.floor(letter.length / 2);
    writeFileSync(inScanFolder(name), letter.subarray(0, half));
    const shown = await candidate(name, 'incomplete');
    expectShown(shown.error, 'intake.incomplete');
    expect(readFileSync(inScanFolder(name)).length).toBe(half);
    await office.expectGoesOn();
    appendFileSync(inScanFolder(name), letter.subarray(half));
    const item = await office.item(name);
    expect(item.state).toBe('proposed');
    expect(item.sha256).toBe(sha256(letter));
  });

  it('stays in the scan folder with nothing in it, and is shown', async () => {
    writeFileSync(inScanFolder('rong.pdf'), '');
    const shown = await candidate('rong.pdf', 'empty');
    expectShown(shown.error, 'intake.empty-file');
    expect(existsSync(inScanFolder('rong.pdf'))).toBe(true);
    await office.expectGoesOn();
  });
});

describe('a file that is something else than its name says', () => {
  it('goes on with a warning when a .pdf is a PNG', async () => {
    const { default: sharp } = await import('sharp');
    const png = await sharp({ create: { width: 413, height: 585, channels: 3, background: '#fffdf8' } })
      .withMetadata({ density: 50 })
      .png()
      .toBuffer();
    const item = await office.put('that-ra-la-anh.pdf', png);
    expect(item.error).toBeNull();
    expect(item.state).toBe('proposed');
    expect(item.facts?.mediaType).toBe('image/png');
    expect(item.warnings.map(({ code }) => code)).toContain('intake.type-mismatch');
    for (const warning of item.warnings) expect(warning.message).not.toMatch(/[{}?]/);
  });

  it('is refused when it is no document at all', async () => {
    const bytes = Buffer.from('MZ'.padEnd(4096, '\u0001'));
    await expectRefused(await office.put('bao-cao.pdf', bytes), bytes, 'intake.unsupported-type');
  });
});

describe('a PDF that cannot be signed as it is', () => {
  /** Made by qpdf, as an office program would protect it. */
  function protectedPdf(userPassword: string): Uint8Array {
    const open = join(office.workplace.root, 'mo.pdf');
    const locked = join(office.workplace.root, 'khoa.pdf');
    writeFileSync(open, letter);
    execFileSync('qpdf', ['--encrypt', userPassword, 'chu', '256', '--', open, locked]);
    return readFileSync(locked);
  }

  it.for([
    ['a password to open it', 'bi-mat'],
    ['a password to change it', ''],
  ] as const)('is refused with %s', async ([, password]) => {
    const bytes = protectedPdf(password);
    await expectRefused(await office.put(`mat-khau-${password.length}.pdf`, bytes), bytes, 'pdf.encrypted');
    await office.expectGoesOn();
  });

  it('is refused with a cross-reference table that points elsewhere', async () => {
    const text = Buffer.from(rawPdf({ objects: onePageObjects() })).toString('latin1');
    const bytes = Buffer.from(text.replaceAll(/^\d{10} 00000 n/gmu, '0000000003 00000 n'), 'latin1');
    await expectRefused(await office.put('bang-sai.pdf', bytes), bytes, 'pdf.damaged');
  });

  it('is refused when its middle was overwritten with nothing', async () => {
    const bytes = Buffer.from(letter);
    bytes.fill(0, 600, letter.length - 3_000);
    await expectRefused(await office.put('mat-ruot.pdf', bytes), bytes, 'pdf.damaged');
  });

  it('stays in the scan folder when its end was cut off', async () => {
    const bytes = Buffer.concat([letter.subarray(0, 600), letter.subarray(letter.length - 600)]);
    await office.drop('cut.pdf', bytes);
    expectShown((await candidate('cut.pdf', 'incomplete')).error, 'intake.incomplete');
  });

  it('is refused without pages', async () => {
    const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'];
    const bytes = rawPdf({ objects });
    await expectRefused(await office.put('khong-trang.pdf', bytes), bytes, 'intake.no-pages');
  });

  it('is refused with 2,000 pages', async () => {
    const document = await PDFDocument.create();
    for (let page = 0; page < 2000; page++) document.addPage([595, 842]);
    const bytes = await document.save();
    await expectRefused(await office.put('hai-nghin-trang.pdf', bytes), bytes, 'pdf.too-many-pages');
    await office.expectGoesOn();
  });
});

describe('a page that cannot be read', () => {
  it('is no reason to keep a letter from the register: it is proposed without fields, with a warning', async () => {
    const objects = onePageObjects();
    objects[2] = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200000 200000] >>';
    const item = await office.put('kho-giay-la.pdf', rawPdf({ objects }));
    expect(item.state, item.error?.message).toBe('proposed');
    expect(item.proposal?.docNumber).toBeNull();
    expect(item.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['reading.page-too-large', 'reading.not-read']),
    );
    for (const warning of item.warnings) expect(warning.message).not.toMatch(/[{}?]/);
  });
});

describe('a PDF made to hurt', () => {
  it('is refused when a small stream unpacks to a gigabyte', async () => {
    const bomb = deflateSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 });
    const twice = deflateSync(bomb);
    const table = rawStream('/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]', twice);
    const objects = [...onePageObjects(), table];
    const objectStream = xrefStreamPdf(objects);
    const item = await office.put('bom-nen.pdf', objectStream);
    await expectRefused(item, objectStream, 'pdf.limit');
    await office.expectGoesOn();
  });

  it('is refused when its objects are nested a hundred thousand deep', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const bytes = rawPdf({ objects: onePageObjects({ catalog: `/Names ${deep}` }) });
    await expectRefused(await office.put('long-nhau.pdf', bytes), bytes, 'pdf.limit');
    await office.expectGoesOn();
  });

  it('is refused when a picture says that it has billions of pixels', async () => {
    const bytes = pngHeader(60_000, 60_000);
    await expectRefused(await office.put('anh-khong-lo.png', bytes), bytes, 'intake.image-too-large');
  });
});

/** A PDF whose page tree lies in the object stream numbered 4: it must be unpacked to be read. */
function xrefStreamPdf(objects: readonly (string | Uint8Array)[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [index, body] of objects.entries()) {
    offsets.push(length);
    const part = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      typeof body === 'string' ? Buffer.from(body) : body,
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(part);
    length += part.length;
  }
  const own = objects.length + 1;
  const row = (type: number, second: number, third: number) => {
    const bytes = Buffer.alloc(7);
    bytes.writeUInt8(type, 0);
    bytes.writeUInt32BE(second, 1);
    bytes.writeUInt16BE(third, 5);
    return bytes;
  };
  const rows = [row(0, 0, 65_535)];
  // Object 2, the page tree, is said to be the first of stream 4.
  for (const [index, offset] of offsets.entries()) {
    rows.push(index === 1 ? row(2, 4, 0) : row(1, offset, 0));
  }
  rows.push(row(1, length, 0));
  const table = rawStream(`/Type /XRef /W [1 4 2] /Size ${own + 1} /Root 1 0 R`, Buffer.concat(rows));
  parts.push(Buffer.from(`${own} 0 obj\n`), table, Buffer.from(`\nendobj\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** A PNG that is all there by its ends, with a size of our choice. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write('IHDR', 4, 'latin1');
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  header.set([8, 2, 0, 0, 0], 16);
  header.writeUInt32BE(crc32(header.subarray(4, 21)), 21);
  const data = deflateSync(Buffer.alloc(64));
  const picture = Buffer.alloc(12 + data.length);
  picture.writeUInt32BE(data.length, 0);
  picture.write('IDAT', 4, 'latin1');
  picture.set(data, 8);
  picture.writeUInt32BE(crc32(picture.subarray(4, 8 + data.length)), 8 + data.length);
  const end = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), header, picture, end]);
}
