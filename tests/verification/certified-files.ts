import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { withPdf, type PdfDocument } from '../../core/pdf/document.ts';
import { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRaw, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { buildCms } from '../../core/signing/cades.ts';
import { pdfDate } from '../../core/signing/signing-time.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { addSignatureField, type Workshop } from './signed-files.ts';

/** How the signature made by {@link signWithRules} binds what follows. */
export interface SignatureRules {
  /** DocMDP permission: the signature certifies. */
  readonly permission?: 1 | 2 | 3;
  /** FieldMDP transform parameters. */
  readonly fieldMdp?: Record<string, PdfObject>;
  /** The field's /Lock. */
  readonly lock?: Record<string, PdfObject>;
  /** What the certification says it certifies, as iText writes it. */
  readonly data?: 'catalog';
  readonly fieldName?: string;
  /** Default: the gap takes the angle brackets of /Contents in. */
  readonly brackets?: 'in-gap' | 'signed' | 'one-signed';
  /** Further changes in the same revision: appearance of the widget, for example. */
  readonly widget?: (update: IncrementalUpdate, pdf: PdfDocument) => Record<string, PdfObject>;
}

const reference = (
  method: string,
  parameters: Record<string, PdfObject>,
  more: Record<string, PdfObject> = {},
): PdfDict =>
  new PdfDict({
    Type: new PdfName('SigRef'),
    ...more,
    TransformMethod: new PdfName(method),
    TransformParams: new PdfDict({
      Type: new PdfName('TransformParams'),
      V: new PdfName('1.2'),
      ...parameters,
    }),
  });

/** Signs a file as foreign tools do: certifying, locking fields, with a widget of the test's making. */
export async function signWithRules(
  shop: Workshop,
  path: string,
  name: string,
  rules: SignatureRules = {},
): Promise<string> {
  const { permission, fieldMdp, lock, fieldName = 'Certification' } = rules;
  const before = await readFile(path);
  const built = withPdf(path, (pdf) => {
    const update = new IncrementalUpdate(pdf);
    const certified: Record<string, PdfObject> =
      rules.data === 'catalog' ? { Data: pdf.trailer.get('Root') ?? null } : {};
    const references = [
      ...(permission ? [reference('DocMDP', { P: permission }, certified)] : []),
      ...(fieldMdp ? [reference('FieldMDP', fieldMdp)] : []),
    ];
    const signature = update.add(
      new PdfDict({
        Type: new PdfName('Sig'),
        Filter: new PdfName('Adobe.PPKLite'),
        SubFilter: new PdfName('ETSI.CAdES.detached'),
        M: textString(pdfDate(new Date())),
        ByteRange: new PdfRaw(Buffer.from('[0 '.padEnd(48)), 'byteRange'),
        Contents: new PdfRaw(Buffer.from(`<${'00'.repeat(6000)}>`), 'contents'),
        ...(references.length > 0 ? { Reference: references } : {}),
      }),
    );
    addSignatureField(update, pdf, {
      fieldName,
      signature,
      widget: {
        ...(lock ? { Lock: new PdfDict({ Type: new PdfName('SigFieldLock'), ...lock }) } : {}),
        ...rules.widget?.(update, pdf),
      },
      catalog: permission ? { Perms: new PdfDict({ DocMDP: signature }) } : {},
    });
    return update.build();
  });
  const bytes = Buffer.concat([before, built.bytes]);
  const contents = built.marks.get('contents');
  const byteRange = built.marks.get('byteRange');
  if (!contents || !byteRange) throw new Error('marks missing');
  const gapStart = contents.start + (rules.brackets === 'signed' || rules.brackets === 'one-signed' ? 1 : 0);
  const gapEnd = contents.end - (rules.brackets === 'signed' ? 1 : 0);
  const range = `[0 ${gapStart} ${gapEnd} ${bytes.length - gapEnd}`.padEnd(47);
  bytes.write(`${range}]`, byteRange.start, 'latin1');
  const digestHex = createHash('sha256')
    .update(bytes.subarray(0, gapStart))
    .update(bytes.subarray(gapEnd))
    .digest('hex');
  const { cms } = await buildCms({ digestHex, digestAlgorithm: 'sha256' }, shop.key());
  bytes.write(Buffer.from(cms).toString('hex'), contents.start + 1, 'latin1');
  return await shop.write(name, bytes);
}

export const textAppearance = (text: string, width = 200): Buffer =>
  rawStream(
    `/Type /XObject /Subtype /Form /BBox [0 0 ${width} 20] /Resources << /Font << /F1 5 0 R >> >>`,
    `/Tx BMC q 1 1 198 18 re W n BT /F1 12 Tf 0 g 2 5 Td (${text}) Tj ET Q EMC`,
  );

/**
 * A letter with a form. Objects: 4 content, 5 font, 6 text field `SoTien` (appearance 7), 8 check box `DongY`
 * (states 9 and 10), 11 text field `GhiChu` (appearance 12), 13 empty signature field `KySau`.
 */
export function formBytes(): Buffer {
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog:
      '/AcroForm << /Fields [6 0 R 8 0 R 11 0 R 13 0 R] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> >>',
    page: '/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [6 0 R 8 0 R 11 0 R 13 0 R]',
  });
  const widget = (rest: string): string => `<< /Type /Annot /Subtype /Widget /F 4 /P 3 0 R ${rest} >>`;
  const state = (text: string): Buffer =>
    rawStream('/Type /XObject /Subtype /Form /BBox [0 0 20 20]', `q ${text} Q`);
  return rawPdf({
    objects: [
      catalog,
      pages,
      page,
      rawStream('', 'BT /F1 12 Tf 60 760 Td (Phieu thu) Tj ET'),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      widget('/FT /Tx /T (SoTien) /V (100) /Rect [60 700 260 720] /AP << /N 7 0 R >>'),
      textAppearance('100'),
      widget(
        '/FT /Btn /T (DongY) /V /Off /AS /Off /Rect [60 660 80 680] /AP << /N << /Yes 9 0 R /Off 10 0 R >> >>',
      ),
      state('0 0 20 20 re S'),
      state(''),
      widget('/FT /Tx /T (GhiChu) /V () /Rect [60 620 260 640] /AP << /N 12 0 R >>'),
      textAppearance(''),
      widget('/FT /Sig /T (KySau) /Rect [300 600 500 700]'),
    ],
  });
}
