import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PDFDocument } from 'pdf-lib';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { verifyPdf } from '../../core/verification/verify-pdf.ts';
import { SoftTokenBackend } from '../../native/soft-token/backend.ts';

/** A one-page PDF signed with a PKCS#12 key by our own writer. */
export async function makeSignedPdf(
  folder: string,
  pkcs12: Uint8Array,
  password: string,
): Promise<Uint8Array> {
  const keyPath = join(folder, 'signer.p12');
  await writeFile(keyPath, pkcs12);
  const uri = pathToFileURL(keyPath).href;
  const backend = new SoftTokenBackend([keyPath]);
  await backend.unlock({ uri, openPin: () => password, lastTry: 'refuse', token: null, failedTries: 0 });
  const document = await PDFDocument.create();
  document.addPage([595.28, 841.89]).drawText('Cong van', { x: 60, y: 760, size: 12 });
  const inputPath = join(folder, 'letter.pdf');
  const outputPath = join(folder, 'signed.pdf');
  await writeFile(inputPath, await document.save());
  await signPdf({
    inputPath,
    outputPath,
    key: {
      ...(await backend.describe(uri)),
      sign: async (request) => (await backend.sign(uri, request)).signature,
    },
    level: 'B-B',
    signingTime: new Date().toISOString(),
    existing: 'replace',
  });
  return await readFile(outputPath);
}

/** Our verdict on a signed PDF, with `root` as the only anchor. */
export async function verdictOn(folder: string, pdf: Uint8Array, root: Uint8Array): Promise<string> {
  const path = join(folder, 'verify.pdf');
  await writeFile(path, pdf);
  const anchors = [trustAnchor(parseCertificate(root), 'signature')];
  const report = await verifyPdf(path, {
    anchors,
    tsaAnchors: [],
    extraCertificates: [],
    now: new Date(),
    revocation: 'skip',
  });
  const [signature] = report.signatures;
  return `${report.verdict}, integrity ${String(signature?.integrity)}, coverage ${signature?.coverage}`;
}
