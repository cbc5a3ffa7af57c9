import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../core/pdf/objects.ts';
import { formBytes, signWithRules } from './certified-files.ts';
import { dict, expectNeverPassed, found, lastSection, set, type Change } from './changes.ts';
import { appendUpdate, openWorkshop, type Workshop } from './signed-files.ts';

// Variants of findings/pdf-attacks.md about wrapping, overlaid fields, encryption, and what may not be signed at all.

let shop: Workshop;
let signed: Buffer;
let range: readonly [number, number, number, number];
let form: string;

beforeAll(async () => {
  shop = await openWorkshop();
  signed = await readFile(await shop.sign(shop.letter, 'signed.pdf'));
  const match = /\/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)\s*\]/.exec(signed.toString('latin1'));
  const [a = 0, b = 0, c = 0, d = 0] = (match ?? []).slice(1).map(Number);
  range = [a, b, c, d];
  form = await signWithRules(shop, await shop.write('form.pdf', formBytes()), 'form-signed.pdf');
});

afterAll(() => shop.close());

const evil = 'BT /F1 40 Tf 60 400 Td (GIA MAO) Tj ET';
const stream = (text: string, dict: Record<string, PdfObject> = {}): PdfStream =>
  new PdfStream(new PdfDict(dict), { bytes: Buffer.from(text) });
describe('signature wrapping', () => {
  /** The letter with `added` put behind the hexadecimal digits of /Contents and the ranges moved apart. */
  const padded = (added: string): Buffer => {
    const [, gapStart, gapEnd, rest] = range;
    const tail = Buffer.from(signed.subarray(gapEnd));
    const bytes = Buffer.concat([signed.subarray(0, gapEnd - 1), Buffer.from(`${added}>`, 'latin1'), tail]);
    const written = `/ByteRange [0 ${gapStart} ${gapEnd + added.length} ${rest}`;
    const at = bytes.indexOf('/ByteRange');
    const end = bytes.indexOf(']', at);
    bytes.write(written.padEnd(end - at), at, 'latin1');
    return bytes;
  };

  it.each([
    ['the gap enlarged and /Contents padded with zeros', '0'.repeat(2000)],
    ['the gap enlarged and objects put behind the value', `>4 0 obj<</Length 0>>stream\nendstream endobj<`],
    ['the gap enlarged and /Contents padded with spaces', ' '.repeat(2000)],
  ])('%s', async (_name, added) => {
    await expectNeverPassed(shop, padded(added));
  });

  it('ranges given as a reference to an array', async () => {
    const bytes = await appendUpdate(shop.letter, (update) =>
      update.put(new PdfRef(60), [0, range[1], range[2], range[3]]),
    );
    const file = await shop.sign(await shop.write('array.pdf', bytes), 'array-signed.pdf');
    const copy = await readFile(file);
    const at = copy.lastIndexOf('/ByteRange');
    copy.write('/ByteRange 60 0 R'.padEnd(copy.indexOf(']', at) + 1 - at), at, 'latin1');
    const report = await expectNeverPassed(shop, copy);
    expect(report.signatures).toMatchObject([{ subIndication: 'FORMAT_FAILURE' }]);
  });
});

describe('shadow: hide, by fields laid over the text', () => {
  const without =
    (num: number): Change =>
    (update, pdf) => {
      const list = pdf.get(dict(pdf, 3), 'Annots');
      const kept = (Array.isArray(list) ? list : []).filter(
        (item) => !(item instanceof PdfRef && item.num === num),
      );
      set(3, { Annots: kept })(update, pdf);
    };
  it.each<[string, Change]>([
    ['a widget taken off the page', without(6)],
    ['a widget hidden by /F', set(6, { F: 2 })],
    ['a widget shrunk by /Rect', set(6, { Rect: [0, 0, 0, 0] })],
    ["a widget's appearance shrunk by /BBox", (update) => update.put(new PdfRef(7), stream('', { Type: new PdfName('XObject'), Subtype: new PdfName('Form'), BBox: [0, 0, 0, 0] }))],
    ['a widget freed', (update) => update.put(new PdfRef(6), null)],
    ['a widget put on a layer', set(6, { OC: new PdfDict({ Type: new PdfName('OCG') }) })],
    ['a field taken out of the form', (update, pdf) => {
      const old = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
      const fields = pdf.get(old, 'Fields');
      update.changeCatalog({ AcroForm: old.with({ Fields: Array.isArray(fields) ? fields.slice(1) : [] }) });
    }],
  ])('%s', async (_name, change) => {
    await expectNeverPassed(shop, await appendUpdate(form, change));
  }); // prettier-ignore

  it('the form itself is valid', async () => {
    expect((await shop.verify(form)).verdict).toBe('valid');
  });
});

it('page content smuggled into the revision that adds the validation store', async () => {
  const bytes = await appendUpdate(shop.path('signed.pdf'), (update, pdf) => {
    update.put(new PdfRef(4), stream(evil));
    update.put(new PdfRef(1), pdf.catalog().with({ DSS: new PdfDict({ Certs: [update.add(stream('x'))] }) }));
  });
  const report = await expectNeverPassed(shop, bytes);
  expect(report.signatures).toMatchObject([{ subIndication: 'FORMAT_FAILURE', later: 'forbidden' }]);
});

describe('an encrypted letter', () => {
  let encrypted: string;
  beforeAll(async () => {
    const locked = shop.path('locked.pdf');
    execFileSync('qpdf', ['--encrypt', '', 'chu', '256', '--', shop.letter, locked]);
    encrypted = await shop.sign(locked, 'locked-signed.pdf', { password: '' });
  });

  it('is valid as it was signed', async () => {
    expect((await shop.verify(encrypted)).verdict).toBe('valid');
  });

  it('with an unencrypted object appended', async () => {
    const bytes = await readFile(encrypted);
    const content = found(bytes, /\/Contents (\d+) 0 R/);
    const root = `/Root ${found(bytes, /\/Root (\d+ 0 R)/)}`;
    const object = `${content} 0 obj\n<< /Length ${evil.length} >>\nstream\n${evil}\nendstream\nendobj\n`;
    const tail = (more: string): string =>
      `${object}xref\n${content} 1\n${String(bytes.length).padStart(10, '0')} 00000 n \n` +
      `trailer\n<< /Size 90 ${more} /Prev ${lastSection(bytes)} >>\nstartxref\n${bytes.length + object.length}\n%%EOF\n`;
    for (const more of [`${root} /Encrypt ${found(bytes, /\/Encrypt (\d+ 0 R)/)}`, root])
      await expectNeverPassed(shop, Buffer.concat([bytes, Buffer.from(tail(more), 'latin1')]));
  });
});

describe('what confuses readers is not signed', () => {
  let made = 0;
  /** What not even the test's careless signer opens. */
  const unopened = [
    'a startxref that leads nowhere behind the right one',
    'a section some bytes off',
    'objects some bytes off',
    'a polyglot',
    'an encrypted file with unencrypted objects appended',
  ];
  const letter = async (): Promise<Buffer> => await readFile(shop.letter);
  const append = (bytes: Buffer, text: string): Buffer => Buffer.concat([bytes, Buffer.from(text, 'latin1')]);
  const row = (at: number): string => `${String(at).padStart(10, '0')} 00000 n \n`;

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['a polyglot', (bytes) => Buffer.concat([Buffer.from('GIF89a\n'), bytes])],
    ['a startxref that leads nowhere behind the right one', (bytes) => append(bytes, 'startxref\n0\n%%EOF\n')],
    ['a section some bytes off', (bytes) => Buffer.from(bytes.toString('latin1').replace(/startxref\s+(\d+)/, (_, at: string) => `startxref\n${Number(at) + 3}`), 'latin1')],
    ['objects some bytes off', (bytes) => Buffer.from(bytes.toString('latin1').replaceAll(/(\d{10}) 00000 n/g, (_, at: string) => `${String(Number(at) + 2).padStart(10, '0')} 00000 n`), 'latin1')],
    ['a stream whose /Length is wrong', (bytes) => Buffer.from(bytes.toString('latin1').replace(/\/Length (\d\d)/, '/Length 11'), 'latin1')],
    ['a hybrid file whose table and stream disagree', (bytes) => {
      const content = Buffer.from([1, 0, 0, 9, 0]);
      const hidden = `51 0 obj\n<< /Type /XRef /Size 60 /W [1 3 1] /Index [4 1] /Length ${content.length} >>\nstream\n${content.toString('latin1')}\nendstream\nendobj\n`;
      const object = '4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n';
      const at = bytes.length + hidden.length + object.length;
      return append(bytes, `${hidden}${object}xref\n4 1\n${row(bytes.length + hidden.length)}51 1\n${row(bytes.length)}trailer\n<< /Size 60 /Root 1 0 R /Prev ${lastSection(bytes)} /XRefStm ${bytes.length} >>\nstartxref\n${at}\n%%EOF\n`);
    }],
    ['a plain object and one in an object stream with the same number', (bytes) => {
      const inner = '4 0 << >>';
      const holder = `52 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Length ${inner.length} >>\nstream\n${inner}\nendstream\nendobj\n`;
      const content = Buffer.from([2, 0, 0, 52, 0, 1, 0, 0, 0, 0]);
      content.writeUIntBE(bytes.length, 6, 3);
      const object = '4 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n';
      const hiddenAt = bytes.length + holder.length;
      const hidden = `53 0 obj\n<< /Type /XRef /Size 60 /W [1 3 1] /Index [4 1 52 1] /Length ${content.length} >>\nstream\n${content.toString('latin1')}\nendstream\nendobj\n`;
      const objectAt = hiddenAt + hidden.length;
      const at = objectAt + object.length;
      return append(bytes, `${holder}${hidden}${object}xref\n4 1\n${row(objectAt)}trailer\n<< /Size 60 /Root 1 0 R /Prev ${lastSection(bytes)} /XRefStm ${hiddenAt} >>\nstartxref\n${at}\n%%EOF\n`);
    }],
    ['an encrypted file with unencrypted objects appended', (bytes) => {
      const path = shop.path('to-lock.pdf');
      execFileSync('qpdf', ['--object-streams=disable', '--encrypt', '', 'chu', '256', '--', shop.letter, path]);
      const locked = readFileSync(path);
      const object = '4 0 obj\n(khong ma hoa)\nendobj\n';
      const root = found(locked, /\/Root (\d+ 0 R)/);
      void bytes;
      return append(locked, `${object}xref\n4 1\n${row(locked.length)}trailer\n<< /Size 60 /Root ${root} /Prev ${lastSection(locked)} >>\nstartxref\n${locked.length + object.length}\n%%EOF\n`);
    }],
  ])('%s', async (name, change) => {
    const path = await shop.write('confusing.pdf', change(await letter()));
    await expect(shop.sign(path, `never-${++made}.pdf`)).rejects.toMatchObject({ code: expect.stringMatching(/^(pdf|signing)\./) as string });
    // Nor is it believed when another program signed it.
    const foreign = await signWithRules(shop, path, `foreign-${made}.pdf`).catch(() => undefined);
    expect(foreign === undefined).toBe(unopened.includes(name));
    if (foreign !== undefined) expect((await expectNeverPassed(shop, await readFile(foreign))).signatures).toHaveLength(1);
  }); // prettier-ignore
});
