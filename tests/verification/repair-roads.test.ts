import { readFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawStream } from '../lib/raw-pdf.ts';
import { signWithRules } from './certified-files.ts';
import { expectNeverPassed, lastRoot, lastSection } from './changes.ts';
import { entry, letter } from './raw-letters.ts';
import { openWorkshop, type Workshop } from './signed-files.ts';

// A harmless update, written so that one reader or another does not like its cross-reference section, looks for objects by itself and
// finds the one that lies in a stream of the signed letter. Every row was seen to show the forged text in the reader it names.

let shop: Workshop;
let base: Buffer;
beforeAll(async () => {
  shop = await openWorkshop();
  base = await signed(prepared());
});
afterAll(() => shop.close());

const signed = async (file: Buffer): Promise<Buffer> =>
  await readFile(await signWithRules(shop, await shop.write('raw.pdf', file), 'signed.pdf'));
const verdictOf = async (file: Uint8Array): Promise<string> =>
  (await shop.verify(await shop.write('judged.pdf', file))).verdict;

/** A letter with another content in a stream that ends, for a reader that does not know its length, before that content. */
function prepared(): Buffer {
  const evil = 'BT /F1 40 Tf 60 400 Td (GIA MAO) Tj ET';
  const hidden = `x endstream endobj\n4 0 obj\n<< /Length ${evil.length} >>\nstream\n${evil}\nendstream\nendobj\n`;
  const stream = `<< /Length 7 0 R >>\nstream\n${hidden}\nendstream`;
  return letter({ catalog: '/PieceInfo 6 0 R', more: [stream, String(hidden.length)] });
}

interface Table {
  readonly head?: string;
  readonly row?: (at: string) => string;
  readonly before?: string;
  readonly end?: string;
  readonly num?: number;
  readonly trailer?: string;
}

const tenDigits = (at: number): string => String(at).padStart(10, '0');

/** Behind `file` one object that nothing leads to, in a table written so. */
function table(file: Buffer, { head, row, before = '', end = '', num = 80, trailer = '' }: Table): Buffer {
  const object = `${num} 0 obj\n(x)\nendobj\n`;
  const rows = row?.(tenDigits(file.length)) ?? entry(file.length);
  const section = file.length + object.length;
  const text = `${object}${before}xref\n${head ?? `${num} 1\n`}${rows}trailer\n<< /Size ${num + 1} /Root ${lastRoot(file)} /Prev ${lastSection(file)} ${trailer} >>\nstartxref\n${section}\n%%EOF\n${end}`;
  return Buffer.concat([file, Buffer.from(text, 'latin1')]);
}

/** A section of one object that `file` has already, written again word for word, or of object 0; its /Size counts no more than that. */
function countingItself(file: Buffer, num: number): Buffer {
  const text = file.toString('latin1');
  const start = text.lastIndexOf(`\n${num} 0 obj\n`) + 1;
  const object = num === 0 ? '' : `${text.slice(start, text.indexOf('\nendobj', start))}\nendobj\n`;
  const row = num === 0 ? '0000000000 65535 f \n' : entry(file.length);
  const end = `trailer\n<< /Size ${num + 1} /Root ${lastRoot(file)} /Prev ${lastSection(file)} >>\nstartxref\n${file.length + object.length}\n%%EOF\n`;
  return Buffer.concat([file, Buffer.from(`${object}xref\n${num} 1\n${row}${end}`, 'latin1')]);
}

/** The same with a cross-reference stream that lists itself. */
function stream(file: Buffer, widths: readonly number[], more = '', pack = (rows: Buffer) => rows): Buffer {
  const [type = 0, place = 0] = widths;
  const row = Buffer.alloc(widths.reduce((sum, width) => sum + width));
  row[type - 1] = 1;
  row.writeUInt32BE(file.length, type + place - 4);
  const head = `/Type /XRef /Size 900 /Root ${lastRoot(file)} /Prev ${lastSection(file)} /W [${widths.join(' ')}] /Index [70 1] ${more}`;
  const end = `\nendobj\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.concat([file, Buffer.from('70 0 obj\n'), rawStream(head, pack(row)), Buffer.from(end)]);
}

describe('an update that makes a reader repair a signed letter', () => {
  it('is none when it is written as all readers take it, and the letter valid', async () => {
    expect(await verdictOf(base)).toBe('valid');
    for (const twin of [
      table(base, {}),
      table(base, { head: '80 1 \r\n', row: (at) => `${at} 00000 n\r\n` }),
      table(base, { before: '\n\n' }),
      table(base, { head: '0 1\n0000000000 65535 f \n80 1\n' }),
      table(base, { end: '\n'.repeat(500) }),
      table(base, { num: 200_000 }),
      table(base, { trailer: '/Info null /ID null' }),
      countingItself(base, 3),
      stream(base, [1, 4, 1]),
      stream(base, [1, 4, 2], '/Filter [/FlateDecode]', deflateSync),
      stream(base, [1, 4, 0], '/Filter /FlateDecode /DecodeParms << /Predictor 1 >>', deflateSync),
    ])
      expect(await verdictOf(twin)).toBe('valid');
  });

  it.each<[string, (file: Buffer) => Buffer]>([
    ['rows of 19 bytes (PDFium)', (file) => table(file, { row: (at) => `${at} 00000 n\n` })],
    ['rows without leading zeros (MuPDF, PDFium, Ghostscript)', (file) => table(file, { row: (at) => `${Number(at)} 0 n\n` })],
    ['a row of 19 bytes among others (PDFium)', (file) => table(file, { head: '80 3\n', row: (at) => `${at} 00000 n \n0000000000 00000 f\n0000000000 00000 f  \n` })],
    ['a comment before the rows (MuPDF, Ghostscript)', (file) => table(file, { head: '80 1\n%c\n' })],
    ['a comment before the numbers (MuPDF)', (file) => table(file, { head: '%c\n80 1\n' })],
    ['two spaces between the numbers (MuPDF)', (file) => table(file, { head: '80  1\n' })],
    ['spaces behind the numbers (MuPDF)', (file) => table(file, { head: '80 1   \n' })],
    ['a comment before the section (MuPDF)', (file) => table(file, { before: '%c\n' })],
    ['object 0 in use (pdf.js)', (file) => table(file, { head: '0 1\n0000000000 00000 n \n80 1\n' })],
    ['a number beyond what PDFium counts (PDFium)', (file) => table(file, { num: 5_000_000 })],
    ['a free number beyond what is kept (Ghostscript)', (file) => table(file, { head: '80 1\n', row: (at) => `${at} 00000 n \n4000000 1\n0000000000 00001 f \n` })],
    ['a wide type of a row (Ghostscript)', (file) => stream(file, [2, 4, 1])],
    ['widths of eight bytes (poppler, Ghostscript)', (file) => stream(file, [8, 8, 8])],
    ['a fourth width (Ghostscript)', (file) => stream(file, [1, 4, 1, 3])],
    ['a cipher filter of a section (Ghostscript)', (file) => stream(file, [1, 4, 1], '/Filter /Crypt')],
    ['no stream for the section, in so many words (Ghostscript)', (file) => table(file, { trailer: '/XRefStm null' })],
    ['no filter, in so many words (Ghostscript)', (file) => stream(file, [1, 4, 1], '/Filter null')],
    ['no filter parameters, in so many words (Ghostscript)', (file) => stream(file, [1, 4, 1], '/DecodeParms null')],
    ['no predictor, in so many words (Ghostscript)', (file) => stream(file, [1, 4, 1], '/Filter /FlateDecode /DecodeParms << /Predictor null >>', deflateSync)],
    ['filter parameters in a list (Ghostscript)', (file) => stream(file, [1, 4, 1], '/Filter /FlateDecode /DecodeParms [null]', deflateSync)],
  ])('%s', async (_name, update) => {
    await expectNeverPassed(shop, update(base));
    // Behind the very same update the letter is not signed here, and undecided where others signed it.
    const file = update(prepared());
    await expectNeverPassed(shop, await signed(file));
    const path = await shop.write('odd.pdf', file);
    await expect(shop.sign(path, 'refused.pdf')).rejects.toMatchObject({ code: 'pdf.damaged' });
  }); // prettier-ignore

  it.each<[string, number]>([
    ['a section that counts object 0 alone (poppler)', 0],
    ['a section that counts no further than its catalog (poppler)', 1],
  ])('%s', async (_name, num) => {
    await expectNeverPassed(shop, countingItself(base, num));
    // With nothing hidden it is what PDFBox writes.
    expect(await verdictOf(countingItself(await signed(letter()), num))).toBe('valid');
  });

  it('a section that is object 0 (MuPDF)', async () => {
    const head = `/Type /XRef /Size 900 /Root ${lastRoot(base)} /Prev ${lastSection(base)} /W [1 4 1] /Index [0 1]`;
    const end = `\nendobj\nstartxref\n${base.length}\n%%EOF\n`;
    const section = [Buffer.from('0 0 obj\n'), rawStream(head, Buffer.alloc(6)), Buffer.from(end)];
    await expectNeverPassed(shop, Buffer.concat([base, ...section]));
  });

  it('an end far behind its mark (MuPDF)', async () => {
    await expectNeverPassed(shop, table(base, { end: '\n'.repeat(1500) }));
  });

  it('a row that points behind the file when it is signed', async () => {
    const file = table(prepared(), { head: '80 2\n', row: (at) => `${at} 00000 n \n9999999999 00000 n \n` });
    await expectNeverPassed(shop, await signed(file));
  });
});

describe('a page rewritten word for word, which some readers do not find', () => {
  /** The body of the newest object 3, the page. */
  const page = (): string => {
    const text = base.toString('latin1');
    const start = text.lastIndexOf('\n3 0 obj\n') + 9;
    return text.slice(start, text.indexOf('\nendobj', start)).replaceAll('\n', ' ');
  };

  /** In an object stream with these heads and objects, listed by a cross-reference stream. */
  function packed(heads: string, objects: string, more = ''): Buffer {
    const dict = `/Type /ObjStm /N 2 /First ${heads.length} ${more}`;
    const holder = Buffer.concat([Buffer.from('80 0 obj\n'), rawStream(dict, heads + objects), Buffer.from('\nendobj\n')]); // prettier-ignore
    const section = base.length + holder.length;
    const rows = [[3, 2, 80, 0], [70, 1, section, 0], [80, 1, base.length, 0], [81, 2, 80, 1]] as const; // prettier-ignore
    const bytes = rows.map(([, type, place, index]) => {
      const row = Buffer.alloc(6);
      row[0] = type;
      row.writeUInt32BE(place, 1);
      row[5] = index;
      return row;
    });
    const head = `/Type /XRef /Size 900 /Root ${lastRoot(base)} /Prev ${lastSection(base)} /W [1 4 1] /Index [${rows.map(([num]) => `${num} 1`).join(' ')}]`;
    const end = `\nendobj\nstartxref\n${section}\n%%EOF\n`;
    return Buffer.concat([base, holder, Buffer.from('70 0 obj\n'), rawStream(head, Buffer.concat(bytes)), Buffer.from(end)]); // prettier-ignore
  }
  const written = (header: string): Buffer => {
    const object = `${header}\n${page()}\nendobj\n`;
    const section = base.length + object.length;
    const text = `${object}xref\n3 1\n${entry(base.length)}trailer\n<< /Size 900 /Root ${lastRoot(base)} /Prev ${lastSection(base)} >>\nstartxref\n${section}\n%%EOF\n`;
    return Buffer.concat([base, Buffer.from(text, 'latin1')]);
  };

  it('is valid where all find it', async () => {
    const body = page();
    expect(await verdictOf(packed(`3 0 81 ${body.length + 1} `, `${body} (x) `))).toBe('valid');
    expect(await verdictOf(written('3 0 obj'))).toBe('valid');
  });

  it.each<[string, () => Buffer]>([
    ['objects of an object stream out of order (poppler, pdf.js)', () => packed('3 4 81 0 ', `(x) ${page()} `)],
    ['objects of an object stream at one place (poppler, MuPDF, pdf.js)', () => packed('3 0 81 0 ', `${page()} `)],
    ['a cipher filter of an object stream (Ghostscript)', () => packed(`3 0 81 ${page().length + 1} `, `${page()} (x) `, '/Filter /Crypt')],
    ['a comment in the head of an object (Ghostscript)', () => written('3 0 %c\nobj')],
  ])('%s', async (_name, make) => {
    await expectNeverPassed(shop, make());
  }); // prettier-ignore
});

describe('a letter that readers repair to what it is', () => {
  const sloppy = (bytes: Buffer): Buffer => table(bytes, { row: (at) => `${at} 00000 n\n` });

  it('is valid and signed, since nothing is hidden in it', async () => {
    expect(await verdictOf(sloppy(await signed(letter())))).toBe('valid');
    const path = await shop.write('sloppy.pdf', sloppy(letter()));
    expect(await verdictOf(await readFile(await shop.sign(path, 'sloppy-signed.pdf')))).toBe('valid');
  });

  it.each<[string, Buffer]>([
    ['an object in a comment', Buffer.from('%4 0 obj (x)')],
    ['a trailer in a string', Buffer.from('(trailer << /Root 9 0 R >>)')],
    ['an object stream', rawStream('/Type /ObjStm /N 1 /First 4', '4 0 (x)')],
  ])('is undecided with %s', async (_name, object) => {
    const file = letter({ more: [object.includes('%') ? Buffer.concat([object, Buffer.from('\n(y)')]) : object] });
    expect(await verdictOf(await signed(file))).toBe('valid');
    await expectNeverPassed(shop, sloppy(await signed(file)));
  }); // prettier-ignore

  const evil = rawStream('', 'BT /F1 40 Tf 60 400 Td (GIA MAO) Tj ET');
  const pageOf = (tree: number, content: number): string =>
    `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R /Resources << /Font << /F1 5 0 R >> >> >>`;
  /** One that cuts a content off at the word that ends it shows what was painted over. */
  const painted =
    'BT /F1 40 Tf 60 400 Td (GIA MAO) Tj ET\n% endstream\n1 g 0 0 600 800 re f 0 g BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET';

  it.each<[string, Buffer]>([
    ['an object stream that is called so in escapes (MuPDF, Ghostscript)', letter({ more: [rawStream('/Type /Obj#53tm /N 1 /First 4', `3 0 ${pageOf(2, 7)}`), evil] })],
    ['an object that its entry gives another number (MuPDF, Ghostscript)', Buffer.from(letter({ more: [evil] }).toString('latin1').replace('\n6 0 obj', '\n4 0 obj'), 'latin1')],
    ['a content that ends early for who does not know its length (MuPDF)', letter({ page: '/Contents 6 0 R', more: [`<< /Length 7 0 R >>\nstream\n${painted}\nendstream`, String(painted.length)] })],
  ])('is undecided with %s', async (_name, file) => {
    const bytes = await signed(file);
    expect(await verdictOf(bytes)).toBe('valid');
    await expectNeverPassed(shop, table(bytes, { row: (at) => `${Number(at)} 0 n\n` }));
    await expect(shop.sign(await shop.write('odd.pdf', sloppy(file)), 'refused.pdf')).rejects.toMatchObject({ code: 'pdf.damaged' });
  }); // prettier-ignore

  it('is undecided with a word of another catalog behind the section (MuPDF)', async () => {
    const other = ['<< /Type /Catalog /Pages 7 0 R >>', '<< /Type /Pages /Kids [8 0 R] /Count 1 >>', pageOf(7, 9), evil]; // prettier-ignore
    const bytes = await signed(letter({ more: other }));
    const behind = (object: string): Buffer => {
      const section = (at: number): string => `xref\n80 1\n${at} 0 n\ntrailer\n<< /Size 900 /Root ${lastRoot(bytes)} /Prev ${lastSection(bytes)} >>\nstartxref\n${bytes.length}\n%%EOF\n`; // prettier-ignore
      // The place has as many digits as the file's length.
      const at = bytes.length + section(bytes.length).length;
      return Buffer.concat([bytes, Buffer.from(`${section(at)}80 0 obj\n${object}\nendobj\n`)]);
    };
    expect(await verdictOf(behind('(x)'))).toBe('valid');
    await expectNeverPassed(shop, behind('<< /Type /XRef /Root 6 0 R /ID [<00> <00>] >>'));
    await expectNeverPassed(shop, behind('<< /Type /X#52ef /Root 6 0 R /ID [<00> <00>] >>'));
  });

  it('is undecided where an earlier object lies behind a later one', async () => {
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>';
    const tree = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
    const content = (text: string): string => rawStream('', text).toString('latin1');
    // The section of today names the content before the older one.
    const bodies = [
      '<< /Type /Catalog /Pages 2 0 R >>',
      tree,
      page,
      content('q Q'),
      content('0 0 99 99 re f'),
    ];
    let text = '%PDF-1.7\n';
    const places = bodies.map((body, index) => {
      const at = text.length;
      text += `${Math.min(index, 3) + 1} 0 obj\n${body}\nendobj\n`;
      return at;
    });
    const [older = 0, today = 0] = [places.at(4), places.at(3)];
    const old = text.length;
    const rows = [...places.slice(0, 3), older].map((at) => entry(at)).join('');
    text += `xref\n0 5\n0000000000 65535 f \n${rows}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${old}\n%%EOF\n`;
    const end = text.length;
    text += `xref\n4 1\n${tenDigits(today)} 00000 n\ntrailer\n<< /Size 5 /Root 1 0 R /Prev ${old} >>\nstartxref\n${end}\n%%EOF\n`;
    await expectNeverPassed(shop, await signed(Buffer.from(text, 'latin1')));
  });
});
