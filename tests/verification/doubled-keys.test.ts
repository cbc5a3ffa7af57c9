import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { signWithRules } from './certified-files.ts';
import { expectFailed, expectNeverPassed, lastRoot, lastSection } from './changes.ts';
import { append, type Body } from './raw-letters.ts';
import { openWorkshop, type Workshop } from './signed-files.ts';

// A key that stands twice with two values: most readers take the last, Ghostscript the first, and a later revision may drop either. So nobody
// signs such a file with us, what others signed is undecided, and what tidies it up later is a change.

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop();
});
afterAll(() => shop.close());

const verdictOf = async (file: Uint8Array): Promise<string> =>
  (await shop.verify(await shop.write('judged.pdf', file))).verdict;

/** A letter of two pages (the second is object 6), signed on the first by a program that looks at nothing; objects from 6. */
const raw = (second: string, more: readonly Body[] = [], trailer = ''): Buffer =>
  rawPdf({
    objects: [
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>',
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
      rawStream('', 'BT /F1 12 Tf 60 760 Td (Trang mot) Tj ET'),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      `<< /Type /Page /Parent 2 0 R /Annots [] ${second} >>`,
      rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET'),
      rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 900) Tj ET'),
      ...more,
    ],
    trailer: `/Root 1 0 R ${trailer}`,
  });
const signed = async (file: Buffer): Promise<Buffer> =>
  await readFile(await signWithRules(shop, await shop.write('raw.pdf', file), 'signed.pdf'));
const page = (entries: string): string => `<< /Type /Page /Parent 2 0 R /Annots [] ${entries} >>`;

const sheet = '/MediaBox [0 0 595 842]';
const usual = `${sheet} /Contents 7 0 R /Resources << /Font << /F1 5 0 R >> >>`;
const form = (text: string): Buffer =>
  rawStream('/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >>', text);

describe('a key that stands twice with two values', () => {
  it('is none when it says the same twice, and the letter is valid and signed', async () => {
    const file = raw(`${sheet} ${sheet} /Rotate 0 /Rotate 0 ${usual}`);
    expect(await verdictOf(await signed(file))).toBe('valid');
    expect((await shop.verify(await shop.sign(await shop.write('same.pdf', file), 'own.pdf'))).verdict).toBe('valid');
    expect(await verdictOf(append(await signed(file), [[6, page(`/Rotate 0 ${usual}`)]]))).toBe('valid');
  }); // prettier-ignore

  it('does no harm where it shows nothing', async () => {
    const file = raw(`${usual} /LastModified (D:2026) /LastModified (D:2025)`);
    expect(await verdictOf(await signed(file))).toBe('valid');
  });

  it.each<[string, Buffer, readonly (readonly [number, Body])[]]>([
    ['/Contents in a page', raw(`/Contents 8 0 R ${usual}`), [[6, page(usual)]]],
    ['a font in resources inside a page', raw(`${sheet} /Contents 7 0 R /Resources << /Font << /F1 9 0 R /F1 5 0 R >> >>`, ['<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>']), [[6, page(usual)]]],
    ['a name with a zero byte in a page', raw(`${usual} /Contents#00 8 0 R`), [[6, page(`${usual} /Contents#00 8 0 R`)]]],
    ['a picture inside the resources of a form', raw(`${usual.replace('/Font', '/XObject << /X 9 0 R >> /Font')}`, [rawStream('/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Y 10 0 R /Y 11 0 R >> >>', '/Y Do'), form('q Q'), form('q Q')]), []],
    ['a filter of a content', raw(usual.replace('7 0 R', '9 0 R'), [rawStream('/Filter /ASCIIHexDecode /Filter /ASCII85Decode', '3030>~>')]), []],
    ['the length of a content', raw(usual.replace('7 0 R', '9 0 R'), [Buffer.from('<< /Length 3 /Length 9 >>\nstream\nq Q       \nendstream')]), []],
    ['an option of a layer', raw(`${usual} /PieceInfo << /X << /D << /ON [] /ON [7 0 R] >> >> >>`), []],
  ])('%s', async (_name, file, update) => {
    const base = await signed(file);
    await expectNeverPassed(shop, base);
    if (update.length > 0) await expectFailed(shop, append(base, update));
    const path = await shop.write('twice.pdf', file);
    await expect(shop.sign(path, 'refused.pdf')).rejects.toMatchObject({ code: 'pdf.damaged' });
  }); // prettier-ignore

  it('the file identifier in a trailer', async () => {
    const file = raw(usual, [], '/ID [<00> <00>] /ID [<01> <01>]');
    await expectNeverPassed(shop, await signed(file));
    await expect(shop.sign(await shop.write('id.pdf', file), 'refused.pdf')).rejects.toMatchObject({
      code: 'pdf.damaged',
    });
  });

  it.each([
    ['the filter of a cross-reference stream', '/Filter [] /Filter null', 6],
    ['the rows of a cross-reference stream', '/Index [0 0] /Index [70 1]', 6],
  ])('%s', async (_name, more, bytes) => {
    const base = await signed(raw(usual));
    const row = Buffer.alloc(bytes);
    row.writeUInt8(1);
    row.writeUInt32BE(base.length, 1);
    const section = (entries: string): Buffer => {
      const head = `/Type /XRef /Size 900 /Root ${lastRoot(base)} /Prev ${lastSection(base)} /W [1 4 1] ${entries}`;
      const end = `\nendobj\nstartxref\n${base.length}\n%%EOF\n`;
      return Buffer.concat([base, Buffer.from('70 0 obj\n'), rawStream(head, row), Buffer.from(end)]);
    };
    expect(await verdictOf(section('/Index [70 1]'))).toBe('valid');
    await expectNeverPassed(shop, section(more.includes('/Index') ? more : `/Index [70 1] ${more}`));
  });

  it('where the objects of an object stream begin', async () => {
    const base = rawPdf({ objects: ['<< /Type /Catalog /Pages 2 0 R /PieceInfo 10 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>'] }); // prettier-ignore
    const file = (first: string): Buffer => {
      const holder = Buffer.concat([Buffer.from('8 0 obj\n'), rawStream(`/Type /ObjStm /N 1 ${first}`, '10 0 << >> << /X 1 >>'), Buffer.from('\nendobj\n')]); // prettier-ignore
      const at = base.length + holder.length;
      const rows = Buffer.from([1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 8, 0]);
      rows.writeUInt16BE(base.length, 1);
      rows.writeUInt16BE(at, 5);
      const head = `/Type /XRef /Size 20 /Root 1 0 R /Prev ${lastSection(base)} /W [1 2 1] /Index [8 2 10 1]`;
      return Buffer.concat([base, holder, Buffer.from('9 0 obj\n'), rawStream(head, rows), Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF\n`)]); // prettier-ignore
    };
    expect(await verdictOf(await signed(file('/First 5')))).toBe('valid');
    await expectNeverPassed(shop, await signed(file('/First 11 /First 5')));
  });
});
