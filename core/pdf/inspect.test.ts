import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { onePageObjects, rawPdf } from '../../tests/lib/raw-pdf.ts';
import { inspectPdf, pdfInspectionSchema } from './inspect.ts';
import { readSignatureFields } from './signature-fields.ts';
import { withPdf } from './document.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-inspect-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(bytes: Uint8Array): string {
  const path = join(dir, 'file.pdf');
  writeFileSync(path, bytes);
  return path;
}

test('a plain letter is described', () => {
  const path = file(
    rawPdf({
      objects: [...onePageObjects({ page: '/Rotate 90' }), '<< /Producer (Máy quét) >>'],
      trailer: '/Root 1 0 R /Info 4 0 R',
    }),
  );
  const inspection = inspectPdf(path);
  expect(pdfInspectionSchema.parse(inspection)).toEqual(inspection);
  expect(inspection).toEqual({
    version: '1.7',
    pages: 1,
    pageSizesMm: [{ width: 297, height: 210 }],
    encrypted: false,
    signed: false,
    hasAcroForm: false,
    hasXfa: false,
    javascript: false,
    xrefKind: 'table',
    producer: 'Máy quét',
    warnings: [],
  });
});

test('scripts, forms and signatures are seen', () => {
  const path = file(
    rawPdf({
      objects: [
        ...onePageObjects({
          catalog:
            '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /AcroForm << /XFA (x) /Fields [4 0 R 7 0 R] >>',
        }),
        '<< /T (Khoi) /Kids [5 0 R] >>',
        '<< /T (Ky) /FT /Sig /V 6 0 R >>',
        "<< /Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 30] /Contents <3000> /M (D:20261120150405+07'00') /Reference [<< /TransformMethod /DocMDP /TransformParams << /P 1 >> >>] >>",
        '<< /T (Trong) /FT /Sig >>',
      ],
    }),
  );
  expect(inspectPdf(path)).toMatchObject({
    signed: true,
    hasAcroForm: true,
    hasXfa: true,
    javascript: true,
    warnings: ['open-action', 'empty-signature-field'],
  });
  const [signed, empty] = withPdf(path, readSignatureFields);
  expect(signed).toMatchObject({
    fieldName: 'Khoi.Ky',
    fieldObjectNumber: 5,
    signature: {
      objectNumber: 6,
      type: 'Sig',
      subFilter: 'ETSI.CAdES.detached',
      byteRange: [0, 10, 20, 30],
      contents: Buffer.from('3000', 'hex'),
      claimedTime: "D:20261120150405+07'00'",
      docMdp: 1,
    },
  });
  expect(empty).toMatchObject({ fieldName: 'Trong', signature: undefined });
});

test('a file without pages is refused', () => {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'];
  expect(() => inspectPdf(file(rawPdf({ objects })))).toThrow(
    expect.objectContaining({ code: 'pdf.no-pages' }),
  );
});

test('a file of 2,000 pages is refused and says how many may be', () => {
  const kids = Array.from({ length: 2000 }, (_, i) => `${i + 3} 0 R`).join(' ');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count 2000 /MediaBox [0 0 1 1] >>`,
    ...Array.from({ length: 2000 }, () => '<< /Type /Page /Parent 2 0 R >>'),
  ];
  const path = file(rawPdf({ objects }));
  expect(() => inspectPdf(path)).toThrow(
    expect.objectContaining({ code: 'pdf.too-many-pages', detail: { max: 1000 } }),
  );
  expect(inspectPdf(path, { pages: 2000 }).pages).toBe(2000);
});

test('a path that is not a file is refused', () => {
  expect(() => inspectPdf(dir)).toThrow(expect.objectContaining({ code: 'general.no-such-input' }));
});
