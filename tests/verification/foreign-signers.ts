import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';

import { SignPdf } from '@signpdf/signpdf';
import { Signer } from '@signpdf/utils';
import forge from 'node-forge';
import { PDFDocument, PDFHexString, PDFName, PDFNumber, PDFString } from 'pdf-lib';
import { compileJava } from '../lib/java.ts';
import type { Workshop } from './signed-files.ts';

/** A program that signs PDFs and is none of ours. */
export interface ForeignSigner {
  readonly name: string;
  /** Appends to the file, or writes it anew. */
  readonly way: 'appends' | 'rewrites';
  sign(input: string, output: string): void | Promise<void>;
}

const pin = '123456';
const room = 16_384;

/** A file of pdf-lib's writing with room for a signature, as its users make it. */
async function withPlaceholder(input: string): Promise<Buffer> {
  const document = await PDFDocument.load(await readFile(input), { ignoreEncryption: false });
  const { context } = document;
  const star = PDFName.of('**********');
  const signature = context.obj({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'adbe.pkcs7.detached',
    ByteRange: [PDFNumber.of(0), star, star, star],
    Contents: PDFHexString.of('0'.repeat(room)),
    M: PDFString.fromDate(new Date()),
    Name: PDFString.of('pdf-lib'),
  });
  const page = document.getPages()[0];
  if (!page) throw new Error('no page');
  const widget = context.register(
    context.obj({
      Type: 'Annot', Subtype: 'Widget', FT: 'Sig', Rect: [0, 0, 0, 0], V: context.register(signature),
      T: PDFString.of('Signature1'), F: 4, P: page.ref,
    }),
  ); // prettier-ignore
  page.node.set(PDFName.of('Annots'), context.obj([widget]));
  document.catalog.set(PDFName.of('AcroForm'), context.obj({ SigFlags: 3, Fields: [widget] }));
  return Buffer.from(await document.save({ useObjectStreams: false }));
}

/** CMS as node-forge makes it, with a signing time. */
class ForgeSigner extends Signer {
  readonly #key: string;
  readonly #certificates: readonly string[];

  constructor(key: string, certificates: readonly string[]) {
    super();
    this.#key = key;
    this.#certificates = certificates;
  }

  override sign(pdf: Buffer): Promise<Buffer> {
    const message = forge.pkcs7.createSignedData();
    message.content = forge.util.createBuffer(pdf.toString('binary'));
    for (const certificate of this.#certificates) message.addCertificate(certificate);
    message.addSigner({
      key: this.#key,
      certificate: this.#certificates[0] ?? '',
      digestAlgorithm: forge.pki.oids['sha256'] ?? '',
      authenticatedAttributes: [
        { type: forge.pki.oids['contentType'] ?? '', value: forge.pki.oids['data'] ?? '' },
        { type: forge.pki.oids['signingTime'] ?? '' },
        { type: forge.pki.oids['messageDigest'] ?? '' },
      ],
    });
    message.sign({ detached: true });
    return Promise.resolve(Buffer.from(forge.asn1.toDer(message.toAsn1()).getBytes(), 'binary'));
  }
}

function signPdfPackage({ pki }: Workshop): ForeignSigner {
  const certificates = [pki.agency.certificate, pki.issuingPath].map((path) => readFileSync(path, 'utf8'));
  const signer = new ForgeSigner(readFileSync(pki.agency.key, 'utf8'), certificates);
  return {
    name: '@signpdf with node-forge',
    way: 'rewrites',
    sign: async (input, output) =>
      await writeFile(output, await new SignPdf().sign(await withPlaceholder(input), signer)),
  };
}

function opensslByHand({ pki, path }: Workshop): ForeignSigner {
  return {
    name: 'pdf-lib, and openssl cms by hand',
    way: 'rewrites',
    sign: async (input, output) => {
      const bytes = await withPlaceholder(input);
      const gapStart = bytes.indexOf(`<${'0'.repeat(100)}`);
      const gapEnd = gapStart + room + 2;
      const at = bytes.indexOf('/ByteRange');
      const end = bytes.indexOf(']', at) + 1;
      const range = `/ByteRange [0 ${gapStart} ${gapEnd} ${bytes.length - gapEnd}]`;
      bytes.write(range.padEnd(end - at), at, 'latin1');
      const content = path('to-sign.bin');
      writeFileSync(content, Buffer.concat([bytes.subarray(0, gapStart), bytes.subarray(gapEnd)]));
      const cms = execFileSync('openssl', ['cms', '-sign', '-binary', '-md', 'sha256', '-outform', 'DER', '-in', content,
        '-signer', pki.agency.certificate, '-inkey', pki.agency.key, '-certfile', pki.issuingPath]); // prettier-ignore
      bytes.write(cms.toString('hex'), gapStart + 1, 'latin1');
      await writeFile(output, bytes);
    },
  };
}

function pdfsig({ pki, path }: Workshop): ForeignSigner {
  const folder = path('nss');
  mkdirSync(folder);
  const database = `sql:${folder}`;
  const run = (program: string, args: readonly string[]): string =>
    execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' });
  run('certutil', ['-N', '-d', database, '--empty-password']);
  run('pk12util', ['-i', pki.agency.pkcs12, '-d', database, '-W', pin, '-K', '']);
  run('certutil', ['-A', '-d', database, '-n', 'goc', '-t', 'CT,C,C', '-i', pki.rootPath]);
  const keys = run('certutil', ['-K', '-d', database]);
  const nick = /<\s*\d+>\s+\w+\s+[0-9a-f]+\s+(?:NSS Certificate DB:)?(.+?)\s*$/m.exec(keys)?.[1] ?? '';
  return {
    name: 'pdfsig with NSS',
    way: 'appends',
    sign: (input, output) =>
      void run('pdfsig', ['-nssdir', database, '-nss-pwd', '', '-add-signature', '-nick', nick, '-digest', 'SHA256', input, output]),
  }; // prettier-ignore
}

function pdfBox({ pki }: Workshop): ForeignSigner & { readonly close: () => void } {
  const program = compileJava('PdfBoxSigner');
  return {
    name: 'Java with PDFBox and BouncyCastle',
    way: 'appends',
    sign: (input, output) => void program.run({ args: [input, output, pki.agency.pkcs12, pin] }),
    close: () => program.remove(),
  };
}

/** All of them, with what removes their traces. */
export function foreignSigners(shop: Workshop): {
  readonly signers: readonly ForeignSigner[];
  close(): void;
} {
  const java = pdfBox(shop);
  return {
    signers: [pdfsig(shop), signPdfPackage(shop), opensslByHand(shop), java],
    close: () => java.close(),
  };
}
