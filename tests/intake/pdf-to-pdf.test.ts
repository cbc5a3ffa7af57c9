import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { convertToPdf } from '../../core/intake/to-pdf.ts';
import { codeOfRefusal, codes, convert, folder } from './conversions.ts';
import { drawing, withJfif } from './scan-drawings.ts';

describe('a PDF', () => {
  it('is copied byte for byte, with the resolution and colour of its scan', async () => {
    const jpeg = withJfif(await drawing(1654, 2339).toColourspace('b-w').jpeg().toBuffer(), 200);
    const scan = (await convert(jpeg)).pdf;
    const { facts, pdf } = await convert(scan);
    expect(pdf.equals(scan)).toBe(true);
    expect(facts).toMatchObject({
      pages: 1,
      dpi: 200,
      colour: 'grey',
      bitsPerPixel: 8,
      mediaType: 'application/pdf',
    });
    expect(codes(facts)).toEqual(['intake.not-colour']);
  });

  it('that is no scan has no resolution and no warning', async () => {
    const { facts } = await convert(textPdf());
    expect(facts).toMatchObject({ dpi: null, colour: 'unknown', warnings: [] });
  });

  it('named as a picture is taken for what it is, with a warning', async () => {
    expect(codes((await convert(textPdf(), { originalName: 'thư.JPG' })).facts)).toEqual([
      'intake.type-mismatch',
    ]);
  });

  it('that is damaged or no PDF at all is refused and leaves nothing behind', async () => {
    expect(await codeOfRefusal(Buffer.from('%PDF-1.7\nnothing\nstartxref\n9\n%%EOF\n'))).toBe('pdf.damaged');
    expect(await codeOfRefusal(Buffer.from('PK\x03\x04 a docx'))).toBe('intake.unsupported-type');
    expect(await codeOfRefusal(Buffer.alloc(0))).toBe('intake.unsupported-type');
  });

  it('never overwrites an output', async () => {
    const inputPath = join(folder, 'twice.pdf');
    const outputPath = join(folder, 'twice-out.pdf');
    await writeFile(inputPath, textPdf());
    await convertToPdf({ inputPath, outputPath });
    await expect(convertToPdf({ inputPath, outputPath })).rejects.toMatchObject({
      code: 'general.output-exists',
    });
  });
});

function textPdf(): Buffer {
  const content = deflateSync(Buffer.from('0 0 10 10 re f'));
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from('<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>'),
    Buffer.concat([
      Buffer.from(`<< /Filter /FlateDecode /Length ${content.length} >>\nstream\n`),
      content,
      Buffer.from('\nendstream'),
    ]),
  ];
  const parts = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  let position = parts[0]?.length ?? 0;
  objects.forEach((body, index) => {
    offsets.push(position);
    const object = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), body, Buffer.from('\nendobj\n')]);
    parts.push(object);
    position += object.length;
  });
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 5\n0000000000 65535 f \n${rows}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${position}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}
