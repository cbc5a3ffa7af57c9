import { execFileSync, spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withPdf } from '../../core/pdf/document.ts';
import { PdfDict, PdfName, PdfRef } from '../../core/pdf/objects.ts';
import { readSignatureFields } from '../../core/pdf/signature-fields.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import { makeOracles } from '../lib/pdf-oracles.ts';
import { onePageObjects, rawPdf } from '../lib/raw-pdf.ts';
import { appendUpdate, openWorkshop, type Workshop } from '../verification/signed-files.ts';

let shop: Workshop;
beforeAll(async () => void (shop = await openWorkshop()));
afterAll(() => shop.close());

let made = 0;
const fresh = (): string => shop.path(`out-${++made}.pdf`);

interface FieldSpec {
  readonly name: string;
  readonly entries?: string;
  readonly rect?: string;
}

/** A page with empty signature fields, numbered from object 5. */
function withFields(fields: readonly FieldSpec[], form = ''): Promise<string> {
  const refs = fields.map((_, index) => `${index + 5} 0 R`).join(' ');
  const objects = [
    ...onePageObjects({ catalog: '/AcroForm 4 0 R', page: `/Annots [${refs}]` }),
    `<< /Fields [${refs}] ${form} >>`,
    ...fields.map(
      ({ name, entries = '', rect = '[100 100 300 160]' }) =>
        `<< /Type /Annot /Subtype /Widget /FT /Sig /T (${name}) /F 4 /P 3 0 R /Rect ${rect} ${entries} >>`,
    ),
  ];
  return shop.write(`form-${++made}.pdf`, rawPdf({ objects }));
}

const sign = (inputPath: string, options: Partial<SignPdfOptions> = {}) =>
  signPdf({
    inputPath,
    outputPath: fresh(),
    key: shop.key(),
    level: 'B-B',
    signingTime: new Date().toISOString(),
    ...options,
  });

function pdfsigValid(path: string): number {
  const { stdout } = spawnSync('pdfsig', ['-no-ocsp', '-nocert', path], { encoding: 'utf8' });
  return (stdout.match(/Signature is Valid/g) ?? []).length;
}

/** Our verifier, pdfsig and qpdf all accept the file. */
async function expectAccepted(path: string, signatures: number): Promise<void> {
  const report = await shop.verify(path);
  expect(report.signatures.map(({ field, indication }) => [field, indication])).toEqual(
    report.signatures.map(({ field }) => [field, 'TOTAL_PASSED']),
  );
  expect(report.signatures).toHaveLength(signatures);
  expect(pdfsigValid(path)).toBe(signatures);
  execFileSync('qpdf', ['--check', path], { stdio: 'pipe' });
}

const block = { kind: 'digitized-arrival', agencyName: 'Ủy ban nhân dân xã Thử Nghiệm' } as const;

describe('an empty field', () => {
  test('is signed where it stands, with its own rectangle and a look inside it', async () => {
    const input = await withFields([{ name: 'Lanh dao' }, { name: 'Co quan' }]);
    const signed = await sign(input, { fieldName: 'Co quan', appearance: block });
    expect(signed.fieldName).toBe('Co quan');
    await expectAccepted(signed.outputPath, 1);
    withPdf(signed.outputPath, (pdf) => {
      const fields = readSignatureFields(pdf);
      expect(fields.map(({ fieldName, signature }) => [fieldName, signature !== undefined])).toEqual([
        ['Lanh dao', false],
        ['Co quan', true],
      ]);
      expect(fields[1]?.field.get('Rect')).toEqual([100, 100, 300, 160]);
      expect(fields[1]?.fieldObjectNumber).toBe(6);
    });
  });

  test('with an appearance keeps it when no look is asked for', async () => {
    const input = await withFields([{ name: 'A', entries: '/AP << /N 6 0 R >>' }, { name: 'B' }]);
    const signed = await sign(input, { fieldName: 'A' });
    withPdf(signed.outputPath, (pdf) => {
      const look = pdf.getDict(readSignatureFields(pdf)[0]?.field ?? new PdfDict(), 'AP')?.get('N');
      expect(look).toEqual(new PdfRef(6, 0));
    });
  });

  test('split into field and widget is signed on the field', async () => {
    const objects = [
      ...onePageObjects({ catalog: '/AcroForm << /Fields [4 0 R] >>', page: '/Annots [5 0 R]' }),
      '<< /FT /Sig /T (Tach doi) /Kids [5 0 R] >>',
      '<< /Type /Annot /Subtype /Widget /Parent 4 0 R /Rect [50 50 250 110] /F 4 /P 3 0 R >>',
    ];
    const input = await shop.write('split.pdf', rawPdf({ objects }));
    const { outputPath } = await sign(input, { fieldName: 'Tach doi', appearance: block });
    // poppler looks for /V on the widget and calls such a field unsigned; it belongs on the field.
    expect((await shop.verify(outputPath)).verdict).toBe('valid');
    const { rootPath: rootPem, issuingPath: issuingPem } = shop.pki;
    expect(makeOracles({ dir: shop.dir, rootPem, issuingPem }).opensslCms(outputPath)).toBe(1);
  });

  test('two signers fill two fields one after another, a third adds its own', async () => {
    const input = await withFields([{ name: 'Lanh dao' }, { name: 'Co quan' }]);
    const first = await sign(input, { fieldName: 'Lanh dao' });
    const second = await sign(first.outputPath, { fieldName: 'Co quan', appearance: block });
    const third = await sign(second.outputPath);
    await expectAccepted(third.outputPath, 3);
  });

  test('that bears a signature already is refused', async () => {
    const first = await sign(await withFields([{ name: 'A' }]), { fieldName: 'A' });
    await expect(sign(first.outputPath, { fieldName: 'A' })).rejects.toMatchObject({
      code: 'signing.field-exists',
    });
  });
});

describe('a signature that stands on the page and not in the form', () => {
  /** A signed file whose form then forgets its one field. */
  const withStray = async (fieldName?: string): Promise<string> => {
    const { outputPath } = await sign(shop.letter, { fieldName });
    const forgotten = await appendUpdate(outputPath, (update) =>
      update.changeCatalog({ AcroForm: new PdfDict({ Fields: [], SigFlags: 3 }) }),
    );
    return shop.write(`stray-${++made}.pdf`, forgotten);
  };

  test('keeps its name to itself', async () => {
    const { outputPath } = await sign(await withStray());
    const { signatures } = await shop.verify(outputPath);
    expect(signatures.map(({ field, coverage }) => [field, coverage])).toEqual([
      ['Signature1', 'revision'],
      ['Signature2', 'whole-file'],
    ]);
    expect(signatures[1]?.indication).toBe('TOTAL_PASSED');
  });

  test('is earlier than a certification and than a stamp', async () => {
    const stray = await withStray('Lanh dao');
    await expect(sign(stray, { certify: 2 })).rejects.toMatchObject({ code: 'signing.certify-not-first' });
    await expect(sign(stray, { fieldName: 'Lanh dao' })).rejects.toMatchObject({
      code: 'signing.field-exists',
    });
    const stamp = { kind: 'arrival-stamp', stamp: { agencyName: 'Uy ban' } } as const;
    await expect(sign(stray, { appearance: stamp })).rejects.toMatchObject({
      code: 'signing.stamp-on-signed',
    });
  });
});

describe('seed values', () => {
  const seeded = (seed: string) => withFields([{ name: 'A', entries: `/SV << ${seed} >>` }]);

  test.each([
    ['another filter', '/Ff 1 /Filter /Adobe.PPKMS', 'Filter'],
    ['another form', '/Ff 2 /SubFilter [/adbe.pkcs7.detached]', 'SubFilter'],
    ['a digest that is too weak', '/Ff 64 /DigestMethod [(SHA1) (RIPEMD160)]', 'DigestMethod'],
    ['one of two reasons', '/Ff 8 /Reasons [(Duyet) (Ban hanh)]', 'Reasons'],
    ['revocation data inside', '/Ff 32 /AddRevInfo true', 'AddRevInfo'],
    ['a certain certificate', '/Cert << /Type /SVCert /Ff 2 /Issuer [<30>] >>', 'Cert'],
    ['a timestamp', '/TimeStamp << /URL (http://tsa.example/) /Ff 1 >>', 'TimeStamp'],
    ['a locked document', '/Ff 128 /LockDocument /true', 'LockDocument'],
    ['a look of its own', '/Ff 256 /AppearanceFilter (Dau cua huyen)', 'AppearanceFilter'],
  ])('%s, ordered: refused with the entry that stands against it', async (_name, seed, entry) => {
    await expect(sign(await seeded(seed), { fieldName: 'A' })).rejects.toMatchObject({
      code: 'signing.seed-value',
      detail: { entry },
    });
  });

  test('what can be obeyed is: digest, reason, certification', async () => {
    const seed =
      '/Ff 74 /SubFilter [/ETSI.CAdES.detached /adbe.pkcs7.detached] /DigestMethod [(SHA512)] /Reasons [(Duyet)] /MDP << /P 2 >>';
    const signed = await sign(await seeded(seed), { fieldName: 'A' });
    await expectAccepted(signed.outputPath, 1);
    const [report] = (await shop.verify(signed.outputPath)).signatures;
    expect(report?.digest).toBe('sha512');
    withPdf(signed.outputPath, (pdf) => {
      const [field] = readSignatureFields(pdf);
      expect(field?.signature?.docMdp).toBe(2);
      expect(field?.signature?.dict.get('Reason')).toMatchObject({ bytes: Buffer.from('Duyet') });
    });
  });

  test('a wish that is no order gives way to the signer', async () => {
    const input = await seeded(
      '/SubFilter [/adbe.pkcs7.detached] /DigestMethod [(SHA512)] /Reasons [(Duyet)]',
    );
    const signed = await sign(input, { fieldName: 'A', digestAlgorithm: 'sha384', reason: 'Khác' });
    expect((await shop.verify(signed.outputPath)).signatures[0]?.digest).toBe('sha384');
  });
});

describe('certification', () => {
  test.each([1, 2, 3] as const)('P=%i has its reference and /Perms', async (certify) => {
    const signed = await sign(shop.letter, { certify });
    await expectAccepted(signed.outputPath, 1);
    withPdf(signed.outputPath, (pdf) => {
      const [field] = readSignatureFields(pdf);
      expect(field?.signature?.docMdp).toBe(certify);
      const permissions = pdf.getDict(pdf.catalog(), 'Perms');
      expect(permissions?.get('DocMDP')).toEqual(field?.field.get('V'));
    });
  });

  test('is for the first signer alone', async () => {
    const first = await sign(shop.letter);
    await expect(sign(first.outputPath, { certify: 2 })).rejects.toMatchObject({
      code: 'signing.certify-not-first',
    });
  });

  test('P=1 lets nobody sign after it, P=2 does', async () => {
    const closed = await sign(shop.letter, { certify: 1 });
    await expect(sign(closed.outputPath)).rejects.toMatchObject({ code: 'signing.no-changes-allowed' });
    const open = await sign(shop.letter, { certify: 2 });
    await expectAccepted((await sign(open.outputPath)).outputPath, 2);
  });
});

describe('locks', () => {
  test('a field’s lock becomes a transform of its signature and binds later signers', async () => {
    const lock = '/Lock << /Type /SigFieldLock /Action /Include /Fields [(B)] >>';
    const input = await withFields([{ name: 'A', entries: lock }, { name: 'B' }, { name: 'C' }]);
    const first = await sign(input, { fieldName: 'A' });
    await expectAccepted(first.outputPath, 1);
    withPdf(first.outputPath, (pdf) => {
      const references = pdf.get(readSignatureFields(pdf)[0]?.signature?.dict ?? new PdfDict(), 'Reference');
      const [reference] = Array.isArray(references) ? references : [];
      expect(reference).toBeInstanceOf(PdfDict);
      expect(reference instanceof PdfDict && reference.get('TransformMethod')).toEqual(
        new PdfName('FieldMDP'),
      );
    });
    await expect(sign(first.outputPath, { fieldName: 'B' })).rejects.toMatchObject({
      code: 'signing.field-locked',
    });
    await expectAccepted((await sign(first.outputPath, { fieldName: 'C' })).outputPath, 2);
  });

  test('a lock with P=1 closes the file', async () => {
    const lock = '/Lock << /Type /SigFieldLock /Action /All /P 1 >>';
    const first = await sign(await withFields([{ name: 'A', entries: lock }]), { fieldName: 'A' });
    await expect(sign(first.outputPath)).rejects.toMatchObject({ code: 'signing.no-changes-allowed' });
  });
});
