import { readFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import type { FileReport } from '../../core/contract/verification.ts';
import { verifyPackage } from '../../core/package-verification/verify-package.ts';
import { buildEdxml } from '../../core/sync/edxml/build.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import type { VerificationOptions } from '../../core/verification/verification-options.ts';
import { signatureTemplate, signXml, type TemplateOptions } from '../lib/xml-signing.ts';
import { openWorkshop, type Workshop } from './signed-files.ts';

// Signed edXML packages for tests. xmlsec1, a foreign program, makes every signature here and says of each clean file
// and of each changed one whether it holds; our verdict is compared with it.

export let shop: Workshop;
export let plain: string;
let count = 0;

beforeAll(async () => {
  shop = await openWorkshop();
  plain = buildEdxml({
    from: { organId: 'H61.5', organName: 'Sở Nội vụ tỉnh A' },
    to: [{ organId: 'H61.99.1', organName: 'UBND xã B' }],
    documentId: 'H61.5,2026/11/20,05/SNV-VT',
    codeNumber: '05',
    codeNotation: 'SNV-VT',
    place: 'A',
    promulgationDate: '2026-11-20',
    documentType: { type: '18', typeName: 'Công văn' },
    subject: 'Về việc báo cáo công tác văn thư <quý IV> & năm 2026',
    content: 'Báo cáo',
    signer: { competence: '', position: 'Giám đốc', fullName: 'Nguyễn Văn Ấn' },
    attachments: [{ name: '05-SNV.pdf', bytes: Buffer.from('%PDF-1.7 mẫu\n') }],
  }).toString('utf8');
});
afterAll(() => shop.close());

export interface SigningFiles {
  readonly key: string;
  readonly certificate: string;
}

/** The package with a filled-in signature in its header. */
export function signed(
  options: TemplateOptions = {},
  base = plain,
  identity: SigningFiles = shop.pki.sender,
): string {
  const template = withTemplate(base, signatureTemplate(options));
  return signXml(template, { keyPath: identity.key, certificatePath: identity.certificate });
}

export function withTemplate(base: string, template: string): string {
  const place = '<edXML:DigitalSignature></edXML:DigitalSignature>';
  const other = '<edXML:DigitalSignature/>';
  const found = base.includes(place) ? place : other;
  if (!base.includes(found)) throw new Error('the sample has no place for a signature');
  return base.replace(found, `<edXML:DigitalSignature>${template}</edXML:DigitalSignature>`);
}

export async function judge(xml: string, options: Partial<VerificationOptions> = {}): Promise<FileReport> {
  const path = await shop.write(`goi-${++count}.edxml`, Buffer.from(xml, 'utf8'));
  return verifyPackage(path, {
    anchors: await loadAnchors([shop.pki.rootPath], 'signature'),
    tsaAnchors: await loadAnchors([shop.pki.rootPath], 'timestamp'),
    extraCertificates: await loadCa(),
    now: new Date(),
    revocation: 'skip',
    ...options,
  });
}

const loadCa = async () => [parseCertificate(shop.pki.issuing.certificate)];
export const withIds = (base: string): string =>
  base
    .replace('<edXML:MessageHeader>', '<edXML:MessageHeader Id="dau">')
    .replace('<edXML:Bussiness>', '<edXML:Bussiness Id="viec">')
    .replace(/<edXML:edXMLManifest /, '<edXML:edXMLManifest Id="muc" ')
    .replace(/<AttachmentEncoded>/, '<AttachmentEncoded Id="tep">')
    .replace(/<edXML:edXMLEnvelope>/, '<edXML:edXMLEnvelope Id="phong-bi">');

export function derBase64(certificatePath: string): string {
  return readFileSync(certificatePath, 'utf8').replaceAll(/-----[A-Z ]+-----|\s/g, '');
}
