import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verificationReportSchema, type FileReport } from '../../core/contract/verification.ts';
import { verifyCommand } from '../../core/engine/cli/commands/verify.ts';
import { verifyPackage } from '../../core/package-verification/verify-package.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import type { VerificationOptions } from '../../core/verification/verification-options.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { buildEdxml } from '../../core/sync/edxml/build.ts';
import {
  issueCertificate,
  startDemoOcsp,
  writeIdentity,
  type IssuedCertificate,
} from '../../scripts/pki/index.ts';
import {
  buildCertificate,
  keyUsageExtension,
  sampleMarkExtension,
  toPem,
} from '../../scripts/pki/certificate-builder.ts';
import {
  c14nNames,
  enveloped,
  signatureTemplate,
  signXml,
  xmlsecAccepts,
  type TemplateOptions,
} from '../lib/xml-signing.ts';
import { canonicalSignatureValue, signXmlValue } from '../lib/xml-value.ts';
import { defaultCaps } from '../../core/sync/edxml/types.ts';
import { codes, only, openWorkshop, timestampToken, type Workshop } from './signed-files.ts';

// XML signatures of edXML packages. xmlsec1, a foreign program, makes every signature here and says of each clean file
// and of each changed one whether it holds; our verdict is compared with it.

let shop: Workshop;
let plain: string;
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

interface SigningFiles {
  readonly key: string;
  readonly certificate: string;
}

/** The package with a filled-in signature in its header. */
function signed(
  options: TemplateOptions = {},
  base = plain,
  identity: SigningFiles = shop.pki.sender,
): string {
  const template = withTemplate(base, signatureTemplate(options));
  return signXml(template, { keyPath: identity.key, certificatePath: identity.certificate });
}

function withTemplate(base: string, template: string): string {
  const place = '<edXML:DigitalSignature></edXML:DigitalSignature>';
  const other = '<edXML:DigitalSignature/>';
  const found = base.includes(place) ? place : other;
  if (!base.includes(found)) throw new Error('the sample has no place for a signature');
  return base.replace(found, `<edXML:DigitalSignature>${template}</edXML:DigitalSignature>`);
}

async function judge(xml: string, options: Partial<VerificationOptions> = {}): Promise<FileReport> {
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
const withIds = (base: string): string =>
  base
    .replace('<edXML:MessageHeader>', '<edXML:MessageHeader Id="dau">')
    .replace('<edXML:Bussiness>', '<edXML:Bussiness Id="viec">')
    .replace(/<edXML:edXMLManifest /, '<edXML:edXMLManifest Id="muc" ')
    .replace(/<AttachmentEncoded>/, '<AttachmentEncoded Id="tep">')
    .replace(/<edXML:edXMLEnvelope>/, '<edXML:edXMLEnvelope Id="phong-bi">');
const changedSubject = (xml: string): string => {
  const changed = xml.replace('báo cáo công tác', 'huỷ bỏ công tác');
  expect(changed).not.toBe(xml);
  return changed;
};

describe('clean packages, as xmlsec1 signs them, pass', () => {
  const whole = (form: string) => ({
    references: [{ uri: '', transforms: [enveloped, form] }],
    canonicalization: form,
  });
  it.each<[string, () => TemplateOptions]>([
    ['whole document, exclusive form', () => whole(c14nNames.exclusive)],
    ['whole document, inclusive form', () => whole(c14nNames.inclusive)],
    ['exclusive form with comments', () => whole(c14nNames.exclusiveComments)],
    ['inclusive form with comments', () => whole(c14nNames.inclusiveComments)],
    ['no form named', () => ({ references: [{ uri: '', transforms: [enveloped] }] })],
    [
      'SHA-384',
      () => ({
        digest: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
        method: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
      }),
    ],
    [
      'SHA-512',
      () => ({
        digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
        method: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
      }),
    ],
  ])('%s', async (_name, options) => {
    const xml = signed(options());
    expect(xmlsecAccepts(xml, shop.pki.sender.certificate)).toBe(true);
    const report = await judge(xml);
    expect(report).toMatchObject({ verdict: 'valid' });
    expect(only(report)).toMatchObject({
      field: 'chu-ky',
      subFilter: 'XMLDSig',
      indication: 'TOTAL_PASSED',
      integrity: true,
      coverage: 'whole-file',
    });
  });

  it('every part that is read, named by its own id', async () => {
    const references = ['dau', 'viec', 'muc', 'tep'].map((id) => ({
      uri: `#${id}`,
      transforms: [c14nNames.exclusive],
    }));
    const xml = signed({ references }, withIds(plain));
    expect(xmlsecAccepts(xml, shop.pki.sender.certificate)).toBe(true);
    expect(only(await judge(xml))).toMatchObject({ indication: 'TOTAL_PASSED', coverage: 'whole-file' });
  });

  it('a comment beside the signed text changes nothing, neither there nor in what is read', async () => {
    const xml = signed().replace('<edXML:OrganName>Sở Nội', '<edXML:OrganName>Sở <!-- x -->Nội');
    expect(xmlsecAccepts(xml, shop.pki.sender.certificate)).toBe(true);
    expect((await judge(xml)).verdict).toBe('valid');
  });

  it('two signatures of two makers are judged each by itself', async () => {
    const both = signatureTemplate({
      id: 'mot',
      references: [{ uri: '#dau', transforms: [c14nNames.exclusive] }],
    });
    const template = withTemplate(withIds(plain), `${both}${signatureTemplate({ id: 'hai' })}`);
    const first = signXml(template, {
      keyPath: shop.pki.agency.key,
      certificatePath: shop.pki.agency.certificate,
      ids: ['mot'],
    });
    const xml = signXml(first, {
      keyPath: shop.pki.sender.key,
      certificatePath: shop.pki.sender.certificate,
      ids: ['hai'],
    });
    const report = await judge(xml);
    expect(report.signatures.map(({ field, indication, coverage }) => [field, indication, coverage])).toEqual(
      [
        ['mot', 'INDETERMINATE', 'partial'],
        ['hai', 'TOTAL_PASSED', 'whole-file'],
      ],
    );
  });

  it('an ECDSA key', async () => {
    const identity = await ecIdentity();
    const xml = signed({ method: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' }, plain, identity);
    expect(xmlsecAccepts(xml, identity.certificate)).toBe(true);
    expect(only(await judge(xml))).toMatchObject({ indication: 'TOTAL_PASSED', scheme: 'ecdsa' });
  });
});

async function ecIdentity() {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const certificate = buildCertificate({
    subject: [['CN', 'Sở Nội vụ (mẫu EC)']],
    subjectKey: key,
    issuer: shop.pki.issuing.name,
    issuerKey: shop.pki.issuing.key,
    notBefore: new Date(Date.now() - 3600_000),
    notAfter: new Date(Date.now() + 3600_000),
    extensions: [keyUsageExtension(['digitalSignature', 'nonRepudiation']), sampleMarkExtension()],
  });
  const files = { key: shop.path('ec.key'), certificate: shop.path('ec.crt') };
  await writeFile(files.key, key.export({ type: 'pkcs8', format: 'pem' }));
  await writeFile(files.certificate, toPem('CERTIFICATE', certificate));
  return files;
}

describe('changed packages never pass', () => {
  it('a word of the header changed', async () => {
    const xml = changedSubject(signed());
    expect(xmlsecAccepts(xml, shop.pki.sender.certificate)).toBe(false);
    const report = await judge(xml);
    expect(report).toMatchObject({ verdict: 'invalid', advice: 'return' });
    expect(only(report)).toMatchObject({ subIndication: 'HASH_FAILURE', integrity: false });
    expect(codes(only(report))).toContain('verify.package-changed');
  });

  it.each<[string, (xml: string) => string]>([
    [
      'another attachment',
      (xml) =>
        xml.replace(
          /(<ContentTransferEncoded>)[^<]+/,
          `$1${Buffer.from('%PDF-1.7 khác\n').toString('base64')}`,
        ),
    ],
    ['an attachment added', (xml) => xml.replace(/<\/AttachmentEncoded>/, (end) => `<Attachment/>${end}`)],
    [
      'an entity for a character is no change, a changed one is',
      (xml) => xml.replace('&lt;quý IV&gt;', '&lt;quý &#86;&gt;'),
    ],
    ['white space in a text', (xml) => xml.replace('Sở Nội vụ', 'Sở  Nội vụ')],
    [
      'the signature value',
      (xml) =>
        xml.replace(
          /<SignatureValue>(.)/,
          (_all, first: string) => `<SignatureValue>${first === 'A' ? 'B' : 'A'}`,
        ),
    ],
    [
      'the digest value',
      (xml) =>
        xml.replace(/<DigestValue>(.)/, (_all, first: string) => `<DigestValue>${first === 'A' ? 'B' : 'A'}`),
    ],
    [
      'a comment in the digest value',
      (xml) => xml.replace(/<DigestValue>(....)/, '<DigestValue>$1<!-- x -->'),
    ],
    ['a second SignedInfo', (xml) => xml.replace(/<SignedInfo>.*?<\/SignedInfo>/s, (all) => all + all)],
    ['a second DigestValue', (xml) => xml.replace(/<DigestValue>.*?<\/DigestValue>/s, (all) => all + all)],
    ['another reference', (xml) => xml.replace(/<Reference URI="">.*?<\/Reference>/s, (all) => all + all)],
    [
      'the whole signature once more',
      (xml) => xml.replace(/<Signature .*?<\/Signature>/s, (all) => all + all),
    ],
    [
      'the form of SignedInfo',
      (xml) =>
        xml.replace(
          `CanonicalizationMethod Algorithm="${c14nNames.exclusive}"`,
          `CanonicalizationMethod Algorithm="${c14nNames.inclusive}"`,
        ),
    ],
    [
      'the form of a reference',
      (xml) =>
        xml.replace(
          `<Transform Algorithm="${c14nNames.exclusive}"/>`,
          `<Transform Algorithm="${c14nNames.inclusive}"/>`,
        ),
    ],
    [
      'a transform that picks',
      (xml) =>
        xml.replace(
          '</Transforms>',
          '<Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><XPath>false()</XPath></Transform></Transforms>',
        ),
    ],
    [
      'an HMAC under a public key',
      (xml) =>
        xml.replace(
          'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
          'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
        ),
    ],
    ['a processing instruction', (xml) => xml.replace('<edXML:OrganName>Sở', '<edXML:OrganName><?x y?>Sở')],
    ['the root renamed', (xml) => xml.replaceAll('<edXML ', '<edXML  lang="vi" ')],
    [
      'the certificate of another',
      (xml) =>
        xml.replace(/<X509Certificate>[^<]+/, `<X509Certificate>${derBase64(shop.pki.agency.certificate)}`),
    ],
    ['no certificate', (xml) => xml.replace(/<KeyInfo>.*?<\/KeyInfo>/s, '')],
  ])('%s', async (_name, change) => {
    const clean = signed();
    const xml = change(clean);
    expect(xml).not.toBe(clean);
    const report = await judge(xml);
    expect(report.verdict).not.toBe('valid');
    for (const { indication } of report.signatures) expect(indication).not.toBe('TOTAL_PASSED');
  });

  it('a document type with an entity is refused before anything is parsed', async () => {
    const xml = signed().replace(/^(<\?xml[^>]*\?>)?/, (head) => `${head}<!DOCTYPE edXML [<!ENTITY a "b">]>`);
    expect(await judge(xml)).toMatchObject({ verdict: 'unreadable', error: { code: 'sync.edxml-hostile' } });
  });

  it('the signature taken out: what names one is not called unsigned', async () => {
    const stripped = signed().replace(/<Signature .*?<\/Signature>/s, '');
    expect(await judge(stripped)).toMatchObject({ verdict: 'unsigned', advice: 'register' });
    const renamed = signed().replaceAll('http://www.w3.org/2000/09/xmldsig#"', 'urn:khac"');
    expect(await judge(renamed)).toMatchObject({ verdict: 'indeterminate', advice: 'ask' });
  });
});

describe('wrapping', () => {
  const reference = { references: [{ uri: '#dau', transforms: [c14nNames.exclusive] }] };

  it('the signed header moved aside, a forged one in its place', async () => {
    const clean = signed(
      {
        references: ['dau', 'viec', 'muc', 'tep'].map((id) => ({
          uri: `#${id}`,
          transforms: [c14nNames.exclusive],
        })),
      },
      withIds(plain),
    );
    const [, inside = ''] = /<edXML:MessageHeader Id="dau">(.*?)<\/edXML:MessageHeader>/s.exec(clean) ?? [];
    const original = `<edXML:MessageHeader Id="dau">${inside}</edXML:MessageHeader>`;
    const fake = original.replace(' Id="dau"', '').replace('báo cáo', 'huỷ bỏ');
    const xml = clean
      .replace(original, fake)
      .replace('</edXML:edXMLEnvelope>', `<Wrapper>${original}</Wrapper></edXML:edXMLEnvelope>`);
    expect(xmlsecAccepts(xml, shop.pki.sender.certificate)).toBe(true); // the oracle looks at bytes only
    const report = await judge(xml);
    expect(only(report)).toMatchObject({ indication: 'INDETERMINATE', coverage: 'partial' });
    expect(codes(only(report))).toContain('verify.xml-partial');
  });

  it('the same id twice, in whatever spelling', async () => {
    for (const name of ['Id', 'ID', 'id', 'xml:id']) {
      const xml = signed(reference, withIds(plain)).replace(
        '</AttachmentEncoded>',
        `</AttachmentEncoded><Wrapper ${name}="dau"/>`,
      );
      expect(only(await judge(xml))).toMatchObject({
        indication: 'TOTAL_FAILED',
        subIndication: 'FORMAT_FAILURE',
      });
    }
  });

  it('a signature over the header alone vouches for no attachment', async () => {
    const xml = signed(reference, withIds(plain));
    expect(xmlsecAccepts(xml, shop.pki.sender.certificate)).toBe(true);
    expect(only(await judge(xml))).toMatchObject({
      indication: 'INDETERMINATE',
      integrity: true,
      coverage: 'partial',
    });
  });

  it('an id that nothing has', async () => {
    const xml = signed(reference, withIds(plain)).replace(' Id="dau"', '');
    expect(only(await judge(xml)).subIndication).toBe('SIGNED_DATA_NOT_FOUND');
  });

  it('a signature inside an attachment is none of the package', async () => {
    const signature = /<Signature .*?<\/Signature>/s.exec(signed())?.[0] ?? '';
    const xml = plain.replace('</Attachment>', `${signature}</Attachment>`);
    expect(only(await judge(xml)).indication).toBe('TOTAL_FAILED');
  });
});

describe('attachments named by content id', () => {
  const value = (bytes: string) => createHash('sha256').update(bytes).digest('base64');
  /** Signs the filled-in SignedInfo by hand: xmlsec1 knows no cid. */
  async function withCid(bytes: string): Promise<string> {
    const id = /<edXML:ContentId>(?:cid:)?([^<]+)|<ContentId>(?:cid:)?([^<]+)/.exec(plain);
    const contentId = id?.[1] ?? id?.[2] ?? '';
    const references = ['dau', 'viec', 'muc'].map((name) => ({
      uri: `#${name}`,
      transforms: [c14nNames.exclusive],
    }));
    const template = signatureTemplate({ references });
    const cid = `<Reference URI="cid:${contentId}"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>${value(bytes)}</DigestValue></Reference>`;
    // Signed once without it for the digests, then with it for the value.
    const first = signXml(withTemplate(withIds(plain), template), {
      keyPath: shop.pki.sender.key,
      certificatePath: shop.pki.sender.certificate,
    });
    const xml = first.replace('</SignedInfo>', `${cid}</SignedInfo>`);
    return signXmlValue(xml, readFileSync(shop.pki.sender.key, 'utf8'));
  }

  it('are compared byte for byte', async () => {
    expect(only(await judge(await withCid('%PDF-1.7 mẫu\n')))).toMatchObject({
      indication: 'TOTAL_PASSED',
      coverage: 'whole-file',
    });
    expect(only(await judge(await withCid('%PDF-1.7 khác\n')))).toMatchObject({
      subIndication: 'HASH_FAILURE',
    });
  });
});

describe('whose signature it is', () => {
  it('an authority that nobody trusts: the key in KeyInfo is no reason to trust it', async () => {
    expect(only(await judge(signed(), { anchors: [] }))).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
      integrity: true,
    });
  });

  it('SHA-1 as in the sample of the standard proves nothing today', async () => {
    const xml = signed({
      method: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      digest: 'http://www.w3.org/2000/09/xmldsig#sha1',
    });
    expect(xmlsecAccepts(xml, shop.pki.sender.certificate)).toBe(true);
    expect(only(await judge(xml))).toMatchObject({
      subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
      integrity: true,
    });
    const mixed = signed({ digest: 'http://www.w3.org/2000/09/xmldsig#sha1' });
    expect(only(await judge(mixed)).subIndication).toBe('CRYPTO_CONSTRAINTS_FAILURE_NO_POE');
  });

  it('a state of revocation that nobody tells is TRY_LATER, a revoked certificate is told', async () => {
    const xml = signed();
    expect(await judge(xml, { revocation: 'given' })).toMatchObject({
      verdict: 'indeterminate',
      advice: 'provisional',
    });
    const ocsp = await startDemoOcsp(shop.pki);
    try {
      expect(await judge(xml, { revocation: 'ask' })).toMatchObject({ verdict: 'valid', advice: 'register' });
      const { serial } = parseCertificate(Buffer.from(derBase64(shop.pki.sender.certificate), 'base64'));
      ocsp.setStatus(serial, { kind: 'revoked', at: new Date(Date.now() - 60_000) });
      expect(only(await judge(xml, { revocation: 'ask' })).subIndication).toBe('REVOKED_NO_POE');
    } finally {
      await ocsp.close();
    }
  });

  it('an expired certificate passes with a timestamp of its time, and not without', async () => {
    const [notBefore, notAfter] = [new Date(Date.now() - 7200_000), new Date(Date.now() - 1800_000)];
    const identity = await issueCertificate(shop.pki, {
      subject: [['CN', 'Sở đã hết hạn (mẫu)']],
      notBefore,
      notAfter,
    });
    const files = await writeIdentity(shop.pki, 'expired', identity, '123456');
    const xades = xadesTemplate(identity, notBefore);
    const xml = signed(xades, plain, files);
    expect(only(await judge(xml)).subIndication).toBe('OUT_OF_BOUNDS_NO_POE');
    const stamped = await withTimestamp(xml, new Date(Date.now() - 3600_000));
    expect(only(await judge(stamped))).toMatchObject({
      indication: 'TOTAL_PASSED',
      level: 'B-T',
      timeSource: 'timestamp',
      subFilter: 'XAdES',
    });
    const other = stamped.replace(
      /<SignatureValue>(.)/,
      (_all, first: string) => `<SignatureValue>${first === 'A' ? 'B' : 'A'}`,
    );
    expect(only(await judge(other)).indication).toBe('TOTAL_FAILED');
  });

  it('XAdES: the claimed time and the certificate that was signed along', async () => {
    const [sender] = [parseCertificate(Buffer.from(derBase64(shop.pki.sender.certificate), 'base64'))];
    const claimed = new Date(Date.now() - 60_000);
    const right = signed(xadesTemplate({ certificate: sender.der }, claimed));
    expect(only(await judge(right))).toMatchObject({
      indication: 'TOTAL_PASSED',
      level: 'B-B',
      timeSource: 'claimed',
      claimedTime: claimed.toISOString(),
    });
    const wrong = signed(xadesTemplate({ certificate: shop.pki.issuing.certificate }, claimed));
    expect(only(await judge(wrong)).subIndication).toBe('SIG_CONSTRAINTS_FAILURE');
    const unsigned = right.replace(/ Type="http:\/\/uri.etsi.org\/01903#SignedProperties"/, '');
    expect(only(await judge(unsigned)).indication).toBe('TOTAL_FAILED');
  });
});

function derBase64(certificatePath: string): string {
  return readFileSync(certificatePath, 'utf8').replaceAll(/-----[A-Z ]+-----|\s/g, '');
}

function xadesTemplate({ certificate }: Pick<IssuedCertificate, 'certificate'>, time: Date): TemplateOptions {
  const digest = createHash('sha256').update(certificate).digest('base64');
  return {
    references: [
      { uri: '', transforms: [enveloped, c14nNames.exclusive] },
      {
        uri: '#thuoc-tinh',
        transforms: [c14nNames.exclusive],
        type: 'http://uri.etsi.org/01903#SignedProperties',
      },
    ],
    objects: `<Object><xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Target="#chu-ky"><xades:SignedProperties Id="thuoc-tinh"><xades:SignedSignatureProperties><xades:SigningTime>${time.toISOString()}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>${digest}</DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties></Object>`,
  };
}

/** Adds a timestamp of the sample TSA over the signature value, in exclusive form. */
async function withTimestamp(xml: string, time: Date): Promise<string> {
  const over = canonicalSignatureValue(xml);
  const token = Buffer.from(
    timestampToken(shop.pki, createHash('sha256').update(over).digest(), time),
  ).toString('base64');
  const stamp = `<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp><CanonicalizationMethod Algorithm="${c14nNames.exclusive}"/><xades:EncapsulatedTimeStamp>${token}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp></xades:UnsignedSignatureProperties></xades:UnsignedProperties>`;
  return xml.replace('</xades:SignedProperties>', `</xades:SignedProperties>${stamp}`);
}

it('a package over the caps is undecided, and one that is no XML unreadable', async () => {
  const path = shop.path('to.edxml');
  await writeFile(path, signed());
  const options = { anchors: [], tsaAnchors: [], extraCertificates: [], now: new Date() };
  expect(await verifyPackage(path, options, { ...defaultCaps, packageBytes: 100 })).toMatchObject({
    verdict: 'indeterminate',
    advice: 'ask',
  });
  await writeFile(path, '<edXML>');
  expect(await verifyPackage(path, options)).toMatchObject({ verdict: 'unreadable' });
});

it('an-thu verify tells of the package and of each PDF in it', async () => {
  const path = shop.path('lenh.edxml');
  await writeFile(path, signed());
  const outcome = await verifyCommand([
    path,
    '--trust',
    shop.pki.rootPath,
    '--certs',
    shop.pki.issuingPath,
    '--no-revocation',
  ]);
  const { files } = verificationReportSchema.parse(outcome.json);
  expect(files.map(({ input, verdict }) => [input, verdict])).toEqual([
    [path, 'valid'],
    [`${path}#05-SNV.pdf`, 'unreadable'], // the sample's attachment is no real PDF
  ]);
  expect(outcome.status).toBe(2);
});
