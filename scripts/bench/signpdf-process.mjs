// Signs one PDF with @signpdf as its own guide does, for `an-thu bench sign`: KIND INPUT OUTPUT PKCS12.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [kind, input, output, pkcs12] = process.argv.slice(2);
const details = {
  reason: 'bench',
  contactInfo: '',
  name: 'bench',
  location: '',
  signatureLength: 16_384,
  subFilter: 'ETSI.CAdES.detached',
};
const { SignPdf } = require('@signpdf/signpdf');
const { P12Signer } = require('@signpdf/signer-p12');
const signer = new P12Signer(readFileSync(pkcs12), { passphrase: process.env.AN_THU_BENCH_PIN });

async function withPlaceholder(pdfBuffer) {
  if (kind === 'plain')
    return require('@signpdf/placeholder-plain').plainAddPlaceholder({ pdfBuffer, ...details });
  const { PDFDocument } = require('pdf-lib');
  const pdfDoc = await PDFDocument.load(pdfBuffer);
  require('@signpdf/placeholder-pdf-lib').pdflibAddPlaceholder({ pdfDoc, ...details });
  return Buffer.from(await pdfDoc.save({ useObjectStreams: false }));
}

writeFileSync(output, await new SignPdf().sign(await withPlaceholder(readFileSync(input)), signer));
