import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { foreignSigners, type ForeignSigner } from './foreign-signers.ts';
import { codes, only, openWorkshop, type Workshop } from './signed-files.ts';

// Files that four foreign programs signed are judged right, alone and behind a signature of ours.

let shop: Workshop;
let all: ReturnType<typeof foreignSigners>;
let letter: string;

beforeAll(async () => {
  shop = await openWorkshop();
  // With a form of its own: pdfsig forgets to list its field where the form stands in the catalog (see below).
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog: '/AcroForm 6 0 R',
    page: '/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>',
  });
  const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';
  const content = rawStream('', 'BT /F1 12 Tf 60 760 Td (So: 12/UBND) Tj ET');
  const objects = [catalog, pages, page, content, font, '<< /Fields [] /SigFlags 0 >>'];
  letter = await shop.write('foreign-letter.pdf', rawPdf({ objects }));
  all = foreignSigners(shop);
});

afterAll(async () => {
  all.close();
  await shop.close();
});

const names = [
  'pdfsig with NSS',
  '@signpdf with node-forge',
  'pdf-lib, and openssl cms by hand',
  'Java with PDFBox and BouncyCastle',
];
const signerOf = (name: string): ForeignSigner => {
  const found = all.signers.find((signer) => signer.name === name);
  if (!found) throw new Error(name);
  return found;
};
let made = 0;
async function signedBy(name: string, input = letter): Promise<string> {
  const output = shop.path(`foreign-${made++}.pdf`);
  await signerOf(name).sign(input, output);
  return output;
}

describe.each(names)('%s', (name) => {
  it('signs a letter: valid, signer and time are told, the older form is named', async () => {
    const signature = only(await shop.verify(await signedBy(name)));
    expect(signature).toMatchObject({
      indication: 'TOTAL_PASSED',
      integrity: true,
      coverage: 'whole-file',
      later: 'none',
      level: 'none',
      signer: { name: expect.stringContaining('Hòa Bình') as string },
      digest: 'sha256',
      timeSource: 'claimed',
    });
    expect(Date.now() - Date.parse(signature.claimedTime ?? '')).toBeLessThan(300_000);
    expect(codes(signature)).toContain('verify.not-baseline');
  });

  it('one changed byte and it fails', async () => {
    const bytes = await readFile(await signedBy(name));
    const at = bytes.indexOf('/MediaBox') + 11;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const report = await shop.verify(await shop.write('foreign-changed.pdf', bytes));
    expect(report.verdict).toBe('invalid');
    expect(report.signatures.every(({ indication }) => indication !== 'TOTAL_PASSED')).toBe(true);
  });

  it('behind our signature: ours stays where the file was appended to, and is never passed where it was written anew', async () => {
    const ours = await shop.sign(letter, `ours-${made++}.pdf`, { fieldName: 'Của chúng tôi' });
    const report = await shop.verify(await signedBy(name, ours));
    const own = report.signatures.find(({ field }) => field === 'Của chúng tôi');
    if (signerOf(name).way === 'appends') {
      expect(report.signatures.map(({ indication }) => indication)).toEqual(['TOTAL_PASSED', 'TOTAL_PASSED']);
      expect(own).toMatchObject({ later: 'permitted', coverage: 'revision' });
      expect(own?.changes.map((change) => change.class)).toContain('new-signature');
    } else expect(own?.indication ?? 'gone').not.toBe('TOTAL_PASSED');
  });

  it('before our signature: its own stays', async () => {
    const foreign = await signedBy(name);
    const report = await shop.verify(await shop.sign(foreign, `both-${made++}.pdf`));
    expect(report.verdict).toBe('valid');
    expect(report.signatures.map(({ later }) => later)).toEqual(['permitted', 'none']);
  });
});

it('pdfsig forgets its field where the form stands in the catalog itself: the signature on the page is found and judged like others', async () => {
  const [catalog = '', ...rest] = onePageObjects({ catalog: '/AcroForm << /Fields [] /SigFlags 0 >>' });
  const bare = await shop.write('bare.pdf', rawPdf({ objects: [catalog, ...rest] }));
  const alone = await signedBy('pdfsig with NSS', bare);
  expect(only(await shop.verify(alone))).toMatchObject({
    indication: 'TOTAL_PASSED',
    coverage: 'whole-file',
  });
  const ours = await shop.sign(bare, 'ours-bare.pdf', { fieldName: 'Của chúng tôi' });
  const both = await signedBy('pdfsig with NSS', ours);
  expect((await shop.verify(both)).signatures).toMatchObject([
    { field: 'Của chúng tôi', indication: 'TOTAL_PASSED', later: 'permitted' },
    { indication: 'TOTAL_PASSED', later: 'none' },
  ]);
  const changed = await readFile(both);
  const at = changed.lastIndexOf('/FT /Sig');
  changed[at + 100] = (changed[at + 100] ?? 0) ^ 1;
  const report = await shop.verify(await shop.write('bare-changed.pdf', changed));
  expect(report.verdict).not.toBe('valid');
  expect(report.signatures.at(-1)?.indication ?? 'gone').not.toBe('TOTAL_PASSED');
});
