import { constants, createHash, createPrivateKey, privateEncrypt, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integer, nullValue, octetString, oid, sequence } from '../../core/asn1/der.ts';
import type { FileReport, SignatureReport } from '../../core/contract/verification.ts';
import { openPdf, type PdfDocument } from '../../core/pdf/document.ts';
import { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRaw, PdfRef, textString, type PdfObject } from '../../core/pdf/objects.ts';
import { firstPage } from '../../core/pdf/pages.ts';
import type { SigningKey } from '../../core/ports/signing-key.ts';
import { signPdf, type SignPdfOptions } from '../../core/signing/sign-pdf.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { verifyPdf, type VerificationOptions } from '../../core/verification/verify-pdf.ts';
import { createDemoPki, type DemoPki, type IssuedCertificate } from '../../scripts/pki/index.ts';
import { answerTimestampRequest } from '../../scripts/pki/tsa.ts';
import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';

const digestInfoOids = {
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

/** A key in memory behind the signer port: PKCS#1 v1.5 over a given digest. */
export function memoryKey(identity: IssuedCertificate, chain: readonly Uint8Array[]): SigningKey {
  return {
    uri: 'file:memory.p12',
    label: 'memory',
    keyType: 'rsa',
    bits: 2048,
    certificate: identity.certificate,
    chain,
    sign: async ({ digestAlgorithm, digest }) => {
      const info = sequence(sequence(oid(digestInfoOids[digestAlgorithm]), nullValue()), octetString(digest));
      return privateEncrypt({ key: identity.key, padding: constants.RSA_PKCS1_PADDING }, info);
    },
  };
}

/** A folder with a sample PKI, an unsigned letter, and what tests do with them. */
export interface Workshop {
  readonly dir: string;
  readonly pki: DemoPki;
  readonly letter: string;
  path(name: string): string;
  write(name: string, bytes: Uint8Array): Promise<string>;
  sign(input: string, name: string, options?: Partial<SignPdfOptions>): Promise<string>;
  verify(path: string, options?: Partial<VerificationOptions>): Promise<FileReport>;
  /** The agency's key, or one with another certificate. */
  key(identity?: IssuedCertificate): SigningKey;
  close(): Promise<void>;
}

/** Objects of the letter: 1 catalog, 2 pages, 3 page, 4 content, 5 font, 6 information, 7 XMP. */
export function letterBytes(): Buffer {
  const [catalog = '', pages = '', page = ''] = onePageObjects({
    catalog: '/Metadata 7 0 R',
    page: '/Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X9 99 0 R >> >>',
  });
  return rawPdf({
    objects: [
      catalog,
      pages,
      page,
      rawStream('', 'BT /F1 12 Tf 60 760 Td (So: 12/UBND) Tj ET'),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      "<< /Title (Cong van) /ModDate (D:20261120080000+07'00') >>",
      rawStream('/Type /Metadata /Subtype /XML', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'),
    ],
    trailer: '/Root 1 0 R /Info 6 0 R',
  });
}

/** Opens a workshop; close it after use. */
export async function openWorkshop(): Promise<Workshop> {
  const dir = await mkdtemp(join(tmpdir(), 'an-thu-verify-'));
  const pki = await createDemoPki(join(dir, 'pki'), {
    agencyName: 'Ủy ban nhân dân xã Hòa Bình (mẫu)',
    organId: 'H61.99.1',
    senderName: 'Sở Nội vụ tỉnh Vĩnh Long (mẫu)',
    senderOrganId: 'H61.5',
    leader: { name: 'Nguyễn Văn Mẫu', title: 'Chủ tịch' },
    pin: '123456',
  });
  const path = (name: string): string => join(dir, name);
  const write = async (name: string, bytes: Uint8Array): Promise<string> => {
    await writeFile(path(name), bytes);
    return path(name);
  };
  const letter = await write('letter.pdf', letterBytes());
  const [certificatePem, keyPem] = await Promise.all([
    readFile(pki.agency.certificate),
    readFile(pki.agency.key, 'utf8'),
  ]);
  const agency: IssuedCertificate = {
    certificate: new X509Certificate(certificatePem).raw,
    key: createPrivateKey(keyPem),
  };
  const key = (identity: IssuedCertificate = agency): SigningKey =>
    memoryKey(identity, [pki.issuing.certificate]);
  return {
    dir,
    pki,
    letter,
    path,
    write,
    key,
    sign: async (inputPath, name, options = {}) => {
      const outputPath = path(name);
      const signingTime = new Date().toISOString();
      await signPdf({ inputPath, outputPath, key: key(), level: 'B-B', signingTime, ...options });
      return outputPath;
    },
    verify: async (file, options = {}) =>
      await verifyPdf(file, {
        anchors: await loadAnchors([pki.rootPath], 'signature'),
        tsaAnchors: await loadAnchors([pki.rootPath], 'timestamp'),
        extraCertificates: [],
        // These files look at everything but revocation; the tests that look at it say so.
        revocation: 'skip',
        now: new Date(),
        ...options,
      }),
    // A file that was just closed keeps its name for a moment on Windows.
    close: () => rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}

/** Appends a proper incremental update to a file and gives its bytes. */
export async function appendUpdate(
  path: string,
  change: (update: IncrementalUpdate, pdf: PdfDocument) => void,
): Promise<Buffer> {
  const pdf = openPdf(path);
  try {
    const update = new IncrementalUpdate(pdf);
    change(update, pdf);
    return Buffer.concat([await readFile(path), update.build().bytes]);
  } finally {
    pdf.close();
  }
}

/** What a test gives a signature field beside what every field has. */
interface FieldEntries {
  readonly fieldName: string;
  readonly signature: PdfRef;
  /** Further entries of the widget, of the catalog. */
  readonly widget?: Record<string, PdfObject>;
  readonly catalog?: Record<string, PdfObject>;
}

/** Adds an invisible signature field to the first page, as foreign tools do. */
export function addSignatureField(update: IncrementalUpdate, pdf: PdfDocument, entries: FieldEntries): void {
  const page = firstPage(pdf);
  const root = pdf.trailer.get('Root');
  if (!page.ref || !(root instanceof PdfRef)) throw new Error('odd sample');
  const widget = update.add(
    new PdfDict({
      Type: new PdfName('Annot'),
      Subtype: new PdfName('Widget'),
      FT: new PdfName('Sig'),
      T: textString(entries.fieldName),
      V: entries.signature,
      F: 132,
      P: page.ref,
      Rect: [0, 0, 0, 0],
      ...entries.widget,
    }),
  );
  const behind = (list: PdfObject): PdfObject[] => [...(Array.isArray(list) ? list : []), widget];
  const catalog = pdf.catalog();
  const form = pdf.getDict(catalog, 'AcroForm') ?? new PdfDict();
  const newForm = form.with({ Fields: behind(pdf.get(form, 'Fields')), SigFlags: 3 });
  update.put(root, catalog.with({ AcroForm: newForm, ...entries.catalog }));
  update.put(page.ref, page.dict.with({ Annots: behind(pdf.get(page.dict, 'Annots')) }));
}

/** Appends a document timestamp of the sample TSA, taken at `time`. */
export async function appendDocumentTimestamp(
  workshop: Workshop,
  path: string,
  name: string,
  time = new Date(),
  more: (update: IncrementalUpdate, pdf: PdfDocument) => void = () => {},
  fieldName = 'DocTimeStamp1',
): Promise<string> {
  const reserve = 8192;
  const pdf = openPdf(path);
  const update = new IncrementalUpdate(pdf);
  const signature = update.add(
    new PdfDict({
      Type: new PdfName('DocTimeStamp'),
      Filter: new PdfName('Adobe.PPKLite'),
      SubFilter: new PdfName('ETSI.RFC3161'),
      ByteRange: new PdfRaw(Buffer.from('[0 '.padEnd(48)), 'byteRange'),
      Contents: new PdfRaw(Buffer.from(`<${'00'.repeat(reserve)}>`), 'contents'),
    }),
  );
  const store = pdf.catalog().get('DSS') ?? update.add(new PdfDict({ Type: new PdfName('DSS'), Certs: [] }));
  addSignatureField(update, pdf, { fieldName, signature, catalog: { DSS: store } });
  more(update, pdf);
  const built = update.build();
  const bytes = Buffer.concat([await readFile(path), built.bytes]);
  pdf.close();
  const contents = built.marks.get('contents');
  const byteRange = built.marks.get('byteRange');
  if (!contents || !byteRange) throw new Error('marks missing');
  const range = `[0 ${contents.start} ${contents.end} ${bytes.length - contents.end}`.padEnd(47);
  bytes.write(`${range}]`, byteRange.start, 'latin1');
  const digest = createHash('sha256')
    .update(bytes.subarray(0, contents.start))
    .update(bytes.subarray(contents.end))
    .digest();
  const token = timestampToken(workshop.pki, digest, time);
  bytes.write(Buffer.from(token).toString('hex'), contents.start + 1, 'latin1');
  return await workshop.write(name, bytes);
}

/** A token of the sample TSA over a SHA-256 digest, without asking over HTTP. */
export function timestampToken(pki: DemoPki, digest: Uint8Array, time: Date): Uint8Array {
  const algorithm = sequence(oid(digestInfoOids.sha256), nullValue());
  const request = sequence(integer(1), sequence(algorithm, octetString(digest)), Uint8Array.of(1, 1, 0xff));
  const reply = answerTimestampRequest(pki, request, time);
  // TimeStampResp ::= SEQUENCE { status, token }: the status is the five bytes 30 03 02 01 00.
  const start = reply.indexOf(0x30, 1) + 5;
  return reply.subarray(start);
}

/** The one signature of a report. */
export function only(report: FileReport): SignatureReport {
  const [first, ...more] = report.signatures;
  if (!first || more.length > 0) throw new Error(`expected one signature: ${JSON.stringify(report)}`);
  return first;
}

export const codes = (signature: SignatureReport): string[] => signature.messages.map(({ code }) => code);
