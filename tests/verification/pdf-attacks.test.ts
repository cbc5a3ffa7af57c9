import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { PdfDocument } from '../../core/pdf/document.ts';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from '../../core/pdf/objects.ts';
import { dict, lastSection, type Change } from './changes.ts';
import { appendDocumentTimestamp, appendUpdate, codes } from './signed-files.ts';
import { bytes, evil, judge, shop, signed } from './signed-letter.ts';

// The classes of findings/pdf-attacks.md that add to a signed file. None may ever be valid.

const stream = (text: string): PdfStream => new PdfStream(new PdfDict(), { bytes: Buffer.from(text) });

/** Applies a proper incremental update and expects the signature to be called broken. */
async function expectChanged(change: Change): Promise<void> {
  const report = await judge(await appendUpdate(signed, change));
  expect(report.verdict).toBe('invalid');
  expect(report.signatures[0]).toMatchObject({
    indication: 'TOTAL_FAILED',
    subIndication: 'FORMAT_FAILURE',
    later: 'forbidden',
  });
  expect(report.signatures[0] && codes(report.signatures[0])).toContain('verify.changed-after-signing');
}

describe('incremental saving', () => {
  it.each<[string, Change]>([
    ['page content', (update) => update.put(new PdfRef(4), stream(evil))],
    [
      '/Contents of the page',
      (update, pdf) => update.put(new PdfRef(3), dict(pdf, 3).with({ Contents: update.add(stream(evil)) })),
    ],
    ['a font', (update, pdf) => update.put(new PdfRef(5), dict(pdf, 5).with({ BaseFont: new PdfName('Courier') }))],
    ['/Resources', (update, pdf) => update.put(new PdfRef(3), dict(pdf, 3).with({ Resources: new PdfDict() }))],
    ['/Pages', (update, pdf) => update.put(new PdfRef(1), dict(pdf, 1).with({ Pages: update.add(dict(pdf, 2)) }))],
    ['/Kids', (update, pdf) => update.put(new PdfRef(2), dict(pdf, 2).with({ Kids: [update.add(dict(pdf, 3))] }))],
    ['/OCProperties', (update, pdf) => update.put(new PdfRef(1), dict(pdf, 1).with({ OCProperties: new PdfDict() }))],
    ['/OpenAction', (update, pdf) => update.put(new PdfRef(1), dict(pdf, 1).with({ OpenAction: new PdfDict() }))],
    [
      '/Names with JavaScript',
      (update, pdf) =>
        update.put(new PdfRef(1), dict(pdf, 1).with({ Names: new PdfDict({ JavaScript: new PdfDict() }) })),
    ],
    [
      '/AcroForm /XFA',
      (update, pdf) => {
        const form = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
        update.put(new PdfRef(1), pdf.catalog().with({ AcroForm: form.with({ XFA: update.add(stream('<xfa/>')) }) }));
      },
    ],
    ['an image that was only named until now', (update) => update.put(new PdfRef(99), stream(evil))],
    [
      'an annotation',
      (update, pdf) => {
        const note = update.add(new PdfDict({ Type: new PdfName('Annot'), Subtype: new PdfName('FreeText'), Rect: [0, 0, 99, 99] }));
        const old = pdf.get(dict(pdf, 3), 'Annots');
        update.put(new PdfRef(3), dict(pdf, 3).with({ Annots: [...(Array.isArray(old) ? old : []), note] }));
      },
    ],
    [
      'an empty signature field with an appearance',
      (update, pdf) => {
        const field = update.add(
          new PdfDict({
            Type: new PdfName('Annot'), Subtype: new PdfName('Widget'), FT: new PdfName('Sig'),
            T: new PdfString(Buffer.from('X')), Rect: [0, 0, 500, 500], AP: new PdfDict({ N: update.add(stream(evil)) }),
          }),
        );
        addField(update, pdf, field);
      },
    ],
    [
      'a second, copied signature dictionary',
      (update, pdf) => {
        const old = signatureField(pdf);
        const value = pdf.get(old.field, 'V');
        addField(update, pdf, update.add(old.field.with({ T: new PdfString(Buffer.from('X')), V: update.add(value) })));
      },
    ],
  ])('%s changed afterwards', async (_name, change) => {
    const report = await judge(await appendUpdate(signed, change));
    expect(report.verdict).toBe('invalid');
    expect(report.signatures.every(({ indication }) => indication === 'TOTAL_FAILED')).toBe(true);
  }); // prettier-ignore

  it('says that the letter was changed, and where', async () => {
    await expectChanged((update) => update.put(new PdfRef(4), stream(evil)));
    const report = await judge(
      await appendUpdate(signed, (update) => update.put(new PdfRef(4), stream(evil))),
    );
    expect(report).toMatchObject({
      advice: 'return',
      signatures: [{ integrity: true, coverage: 'revision', changes: [{ object: '4 0', class: 'other' }] }],
    });
  });

  const object = `4 0 obj\n<< /Length ${evil.length} >>\nstream\n${evil}\nendstream\nendobj\n`;
  it.each([
    ['an object without xref and trailer', object],
    ['an object and an end', `${object}%%EOF\n`],
    ['rubbish', '%%EOF\nhello\n'],
    ['an end-of-file mark alone', '%%EOF\n'],
  ])('%s appended', async (_name, tail) => {
    const report = await judge(Buffer.concat([bytes, Buffer.from(tail)]));
    expect(['invalid', 'unreadable']).toContain(report.verdict);
  });

  it('an object with an xref that points to the old one only', async () => {
    const report = await judge(
      Buffer.concat([bytes, Buffer.from(`${object}startxref\n${lastSection(bytes)}\n%%EOF\n`)]),
    );
    expect(report.verdict).toBe('invalid');
  });

  it('an unlisted object hidden in a lawful update', async () => {
    const stamped = await readFile(await appendDocumentTimestamp(shop, signed, 'stamped.pdf'));
    const lawful = await shop.verify(shop.path('stamped.pdf'));
    expect(lawful.verdict).toBe('valid');
    const tail = Buffer.from('xref\n0 0\ntrailer\n');
    const old = lastSection(stamped);
    const at = stamped.length + object.length;
    const update = `${object}${tail.toString()}<< /Size 100 /Root 1 0 R /Prev ${old} >>\nstartxref\n${at}\n%%EOF\n`;
    const report = await judge(Buffer.concat([stamped, Buffer.from(update)]));
    expect(report).toMatchObject({
      verdict: 'invalid',
      signatures: [{ changes: [{ object: 'unlisted bytes' }] }, { changes: [{ object: 'unlisted bytes' }] }],
    });
  });

  it('a revision whose /Prev goes around the signed one', async () => {
    const first = lastSection(await readFile(shop.letter));
    const at = bytes.length;
    const form = '/AcroForm << /Fields [] >>';
    const catalog = `1 0 obj\n<< /Type /Catalog /Pages 2 0 R ${form} >>\nendobj\n`;
    const signedRoot = bytes.toString('latin1');
    expect(signedRoot).toContain('/AcroForm');
    const xref = `xref\n1 1\n${String(at).padStart(10, '0')} 00000 n \n`;
    const trailer = `trailer\n<< /Size 8 /Root 1 0 R /Prev ${first} >>\nstartxref\n${at + catalog.length}\n%%EOF\n`;
    const report = await judge(Buffer.concat([bytes, Buffer.from(catalog + xref + trailer)]));
    expect(report).toMatchObject({
      verdict: 'indeterminate',
      messages: [{ code: 'verify.signature-removed' }],
    });
  });
});

function signatureField(pdf: PdfDocument): { num: number; field: PdfDict } {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm');
  const fields = form && pdf.get(form, 'Fields');
  const first: PdfObject = Array.isArray(fields) ? (fields[0] ?? null) : null;
  if (!(first instanceof PdfRef)) throw new Error('no field');
  return { num: first.num, field: dict(pdf, first.num) };
}

function addField(update: IncrementalUpdate, pdf: PdfDocument, field: PdfRef): void {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
  const fields = pdf.get(form, 'Fields');
  const page = dict(pdf, 3);
  const annotations = pdf.get(page, 'Annots');
  update.put(
    new PdfRef(1),
    pdf
      .catalog()
      .with({ AcroForm: form.with({ Fields: [...(Array.isArray(fields) ? fields : []), field] }) }),
  );
  update.put(
    new PdfRef(3),
    page.with({ Annots: [...(Array.isArray(annotations) ? annotations : []), field] }),
  );
}

describe('spoofing, hiding and showing', () => {
  it.each<[string, Change]>([
    [
      'the field renamed',
      (update, pdf) => {
        const { num, field } = signatureField(pdf);
        update.put(new PdfRef(num), field.with({ T: new PdfString(Buffer.from('Khac')) }));
      },
    ],
    [
      'the appearance hidden by a flag',
      (update, pdf) => {
        const { num, field } = signatureField(pdf);
        update.put(new PdfRef(num), field.with({ F: 2 }));
      },
    ],
    [
      'the appearance deleted',
      (update, pdf) => {
        const { num, field } = signatureField(pdf);
        update.put(new PdfRef(num), field.with({ AP: undefined }));
      },
    ],
    [
      'the field moved',
      (update, pdf) => {
        const { num, field } = signatureField(pdf);
        update.put(new PdfRef(num), field.with({ Rect: [0, 0, 500, 500] }));
      },
    ],
    [
      'two fields on one dictionary',
      (update, pdf) => {
        const { field } = signatureField(pdf);
        addField(update, pdf, update.add(field.with({ T: new PdfString(Buffer.from('X')) })));
      },
    ],
  ])('%s', async (_name, change) => {
    const report = await judge(await appendUpdate(signed, change));
    expect(report.verdict).toBe('invalid');
    expect(report.signatures.every(({ indication }) => indication === 'TOTAL_FAILED')).toBe(true);
  });

  it('objects prepared in the signed bytes and made live by a later table', async () => {
    const prepared = await appendUpdate(shop.letter, (update) => update.put(new PdfRef(40), stream(evil)));
    const file = await shop.sign(await shop.write('prepared.pdf', prepared), 'prepared-signed.pdf');
    expect((await shop.verify(file)).verdict).toBe('valid');
    const signedBytes = await readFile(file);
    const offset = signedBytes.indexOf('40 0 obj');
    const old = lastSection(signedBytes);
    const entry = `xref\n4 1\n${String(offset).padStart(10, '0')} 00000 n \n`;
    const at = signedBytes.length;
    const tail = `${entry}trailer\n<< /Size 60 /Root 1 0 R /Prev ${old} >>\nstartxref\n${at}\n%%EOF\n`;
    const report = await judge(Buffer.concat([signedBytes, Buffer.from(tail)]));
    expect(report.verdict).not.toBe('valid');
  });

  it('page content smuggled into the revision of a document timestamp', async () => {
    await appendDocumentTimestamp(shop, signed, 'smuggled.pdf', new Date(), (update) =>
      update.put(new PdfRef(4), stream(evil)),
    );
    const report = await shop.verify(shop.path('smuggled.pdf'));
    expect(report.verdict).toBe('invalid');
    expect(report.signatures[0]).toMatchObject({ indication: 'TOTAL_FAILED', later: 'forbidden' });
  });

  it('a validation store that is also what a page shows', async () => {
    await appendDocumentTimestamp(shop, signed, 'store.pdf', new Date(), (update, pdf) => {
      const shown = stream(evil);
      update.put(new PdfRef(99), shown);
      update.put(new PdfRef(1), pdf.catalog().with({ DSS: new PdfDict({ Certs: [new PdfRef(99)] }) }));
    });
    expect((await shop.verify(shop.path('store.pdf'))).verdict).toBe('invalid');
  });
});

describe('clean twins', () => {
  it('dates of the document information and XMP', async () => {
    const update = await appendUpdate(signed, (change, pdf) => {
      change.put(new PdfRef(6), dict(pdf, 6).with({ ModDate: new PdfString(Buffer.from('D:20261121')) }));
      const xmp = new PdfDict({ Type: new PdfName('Metadata'), Subtype: new PdfName('XML') });
      change.put(new PdfRef(7), new PdfStream(xmp, { bytes: Buffer.from('<x:xmpmeta xmlns:x="adobe:ns:meta/" a="b"/>') }));
    }); // prettier-ignore
    const report = await judge(update);
    expect(report.verdict).toBe('valid');
    expect(report.signatures[0]).toMatchObject({
      later: 'permitted',
      changes: [{ class: 'metadata' }, { class: 'metadata' }],
    });
  });

  it('but not the title', async () => {
    await expectChanged((update, pdf) =>
      update.put(new PdfRef(6), dict(pdf, 6).with({ Title: new PdfString(Buffer.from('Khac')) })),
    );
  });

  it('validation data alone', async () => {
    const update = await appendUpdate(signed, (change, pdf) => {
      const list = [change.add(stream('certificate'))];
      change.put(new PdfRef(1), pdf.catalog().with({ DSS: change.add(new PdfDict({ Certs: list })) }));
    });
    const report = await judge(update);
    expect(report.verdict).toBe('valid');
    expect(report.signatures[0]).toMatchObject({ later: 'permitted', changes: [{ class: 'lta-update' }] });
  });

  it('the renewal of a document timestamp', async () => {
    const once = await appendDocumentTimestamp(shop, signed, 'dts1.pdf');
    expect((await shop.verify(once)).verdict).toBe('valid');
    const twice = await appendDocumentTimestamp(shop, once, 'dts2.pdf', new Date(), () => {}, 'Renewal');
    const report = await shop.verify(twice);
    expect(report.verdict).toBe('valid');
    expect(report.signatures.map(({ later }) => later)).toEqual(['permitted', 'permitted', 'none']);
  });

  it('a further signature behind a document timestamp', async () => {
    const once = await appendDocumentTimestamp(shop, signed, 'dts3.pdf');
    expect((await shop.verify(await shop.sign(once, 'dts3-signed.pdf'))).verdict).toBe('valid');
  });
});
