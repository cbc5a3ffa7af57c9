import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sign as signData } from 'node:crypto';
import { setOf } from '../../core/asn1/der.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, textString } from '../../core/pdf/objects.ts';
import { appendDocumentTimestamp, appendUpdate, codes, openWorkshop, type Workshop } from './signed-files.ts';
import { timestampedWith, TrickShop, type Trick } from './trick-cms.ts';

// Where the judges of the world disagree: decided once in docs/decisions/disputed-cases.md, both sides tested. Form fill and
// annotations after a signature without certification: later-changes.test.ts.

let shop: Workshop;
let tricks: TrickShop;
let signed: string;

beforeAll(async () => {
  shop = await openWorkshop();
  tricks = await TrickShop.open(shop);
  signed = await shop.sign(shop.letter, 'signed.pdf');
});
afterAll(() => shop.close());

describe('signed attributes out of DER order', () => {
  const reversed: Trick = { keepOrder: true, attributes: (list) => setOrder(list).toReversed() };
  const setOrder = (list: Uint8Array[]): Uint8Array[] => [...list].sort(Buffer.compare);

  it('with a value over the order as it stands are read kindly', async () => {
    expect(await tricks.verify(reversed)).toMatchObject({ indication: 'TOTAL_PASSED', level: 'none' });
  });

  it('with a value over the DER order are read kindly too, as RFC 5652 asks', async () => {
    let attributes: Uint8Array[] = [];
    const trick: Trick = {
      keepOrder: true,
      attributes: (list) => (attributes = setOrder(list).toReversed()),
      value: (_stored, key) => signData('sha256', setOf(attributes), key),
    };
    expect(await tricks.verify(trick)).toMatchObject({ indication: 'TOTAL_PASSED', level: 'none' });
  });

  it('with a value over a third order, or over fewer attributes, fail', async () => {
    for (const change of [
      (list: Uint8Array[]) => [list[1], list[0], list[2]],
      (list: Uint8Array[]) => list.slice(1),
    ]) {
      let attributes: Uint8Array[] = [];
      const trick: Trick = {
        keepOrder: true,
        attributes: (list) => (attributes = setOrder(list).toReversed()),
        value: (_stored, key) => {
          const other = change(setOrder(attributes)).filter((item) => item !== undefined);
          const body = Buffer.concat(other);
          return signData('sha256', Buffer.concat([Uint8Array.of(0x31, body.length), body]), key);
        },
      };
      expect(await tricks.verify(trick)).toMatchObject({ subIndication: 'SIG_CRYPTO_FAILURE' });
    }
  });
});

describe('VRI keys of the security store', () => {
  const store = (key: string, more: Record<string, PdfName> = {}) =>
    appendUpdate(signed, (update) => {
      const certs = [update.add(new PdfStream(new PdfDict(), { bytes: shop.pki.issuing.certificate }))];
      const entry = new PdfDict({ Cert: certs, ...more });
      update.changeCatalog({
        DSS: update.add(new PdfDict({ Certs: certs, VRI: new PdfDict({ [key]: entry }) })),
      });
    });

  it('rewritten later are permitted: nothing is judged by them', async () => {
    const first = await shop.write('vri.pdf', await store('00'.repeat(20)));
    const stamped = await appendDocumentTimestamp(shop, first, 'vri-stamped.pdf');
    const rewritten = await appendUpdate(stamped, (update, pdf) => {
      const old = pdf.getDict(pdf.catalog(), 'DSS') ?? new PdfDict();
      const certs = pdf.get(old, 'Certs');
      update.changeCatalog({
        DSS: update.add(old.with({ VRI: new PdfDict({ ['FF'.repeat(20)]: new PdfDict({ Cert: certs }) }) })),
      });
    });
    const report = await shop.verify(await shop.write('vri-rewritten.pdf', rewritten));
    expect(report.verdict).toBe('valid');
    expect(report.signatures.map(({ later }) => later)).toEqual(['permitted', 'permitted']);
  });

  it('that carry anything else are not', async () => {
    const report = await shop.verify(
      await shop.write('vri-odd.pdf', await store('00'.repeat(20), { XObject: new PdfName('X') })),
    );
    expect(report.signatures).toMatchObject([{ indication: 'TOTAL_FAILED', later: 'forbidden' }]);
  });
});

describe('copied timestamps', () => {
  const stamp = (): ((value: Uint8Array) => Uint8Array[]) => timestampedWith(shop, 'sha256', new Date());

  it('the same token twice proves the same time once', async () => {
    const make = stamp();
    const signature = await tricks.verify({ unsigned: (value) => [...make(value), ...make(value)] });
    expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', timeSource: 'timestamp' });
    expect(signature.timestamps.every(({ ok }) => ok)).toBe(true);
  });

  it('a token of another signature proves nothing, and does no harm', async () => {
    const make = stamp();
    const signature = await tricks.verify({ unsigned: () => make(Buffer.from('another value')) });
    expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', timeSource: 'claimed', level: 'B-B' });
    expect(codes(signature)).toContain('verify.timestamp-invalid');
  });

  it('a document timestamp whose dictionary is copied into a second field fails, with all it covers', async () => {
    const stamped = await appendDocumentTimestamp(shop, signed, 'stamped.pdf');
    const copied = await appendUpdate(stamped, (update, pdf) => {
      const form = pdf.getDict(pdf.catalog(), 'AcroForm') ?? new PdfDict();
      const fields = pdf.get(form, 'Fields');
      const list = Array.isArray(fields) ? fields : [];
      const last = pdf.resolve(list.at(-1));
      if (!(last instanceof PdfDict)) throw new Error('no field');
      const value = update.add(pdf.get(last, 'V'));
      const field = update.add(last.with({ T: textString('Copied'), V: value }));
      update.changeCatalog({ AcroForm: form.with({ Fields: [...list, field] }) });
      const page = pdf.load(3);
      if (!(page instanceof PdfDict)) throw new Error('no page');
      const annotations = pdf.get(page, 'Annots');
      update.put(
        new PdfRef(3),
        page.with({ Annots: [...(Array.isArray(annotations) ? annotations : []), field] }),
      );
    });
    const report = await shop.verify(await shop.write('copied.pdf', copied));
    expect(report.verdict).toBe('invalid');
    expect(report.signatures.every(({ indication }) => indication !== 'TOTAL_PASSED')).toBe(true);
  });

  it('a document timestamp of another file, put behind a letter, fails and lends no time', async () => {
    const signingTime = new Date(Date.now() - 3_600_000).toISOString();
    const other = await shop.sign(shop.letter, 'other.pdf', { signingTime });
    const source = await readFile(await appendDocumentTimestamp(shop, other, 'source.pdf'));
    const target = await readFile(await appendDocumentTimestamp(shop, signed, 'target.pdf'));
    const contents = (bytes: Buffer): number => bytes.lastIndexOf('/Contents <') + '/Contents <'.length;
    const from = contents(source);
    const token = source.subarray(from, source.indexOf('>', from));
    token.copy(target, contents(target));
    const report = await shop.verify(await shop.write('lent.pdf', target));
    expect(report.verdict).toBe('invalid');
    expect(report.signatures).toMatchObject([{ timeSource: 'claimed' }, { subIndication: 'HASH_FAILURE' }]);
  });
});
