import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { verificationReportSchema } from '../../core/contract/verification.ts';
import { verifyCommand } from '../../core/engine/cli/commands/verify.ts';
import { verifyPackage } from '../../core/package-verification/verify-package.ts';
import { defaultCaps } from '../../core/sync/edxml/types.ts';
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
import { signXmlValue } from '../lib/xml-value.ts';
import { only } from './signed-files.ts';
import { judge, plain, shop, signed, withIds, withTemplate } from './signed-packages.ts';

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

describe('a package of many megabytes', () => {
  const mark = Buffer.from('%PDF-1.7 mẫu\n').toString('base64');
  /** Three attachments' worth of base64 in lines, as some senders write it. */
  const large = (): string => {
    const line = `${'QuJ9'.repeat(19)}\r\n`;
    const content = line.repeat(90_000);
    const from = plain.lastIndexOf('<', plain.indexOf(mark) - 1);
    const to = plain.indexOf('>', plain.indexOf('</', from)) + 1;
    const element = plain.slice(from, to);
    return plain.replace(element, [1, 2, 3].map(() => element.replace(mark, content)).join(''));
  };

  it('is shown to both judges, and neither needs many copies of it', async () => {
    const xml = signed({}, large());
    expect(xml.length).toBeGreaterThan(20_000_000);
    const before = process.memoryUsage().rss;
    expect((await judge(xml)).signatures[0]).toMatchObject({ indication: 'TOTAL_PASSED' });
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
    // What only the second judge minds (it takes U+2028 for a line end) shows that it was asked.
    const odd = signed({}, large().replace('Báo cáo', 'Báo\u2028cáo'));
    expect((await judge(odd)).signatures[0]?.messages.map(({ code }) => code)).toContain(
      'verify.xml-judges-differ',
    );
    const changed = xml.replace('QuJ9QuJ9\n', 'QuJ9QuJ8\n').replace('QuJ9QuJ9\r\n', 'QuJ9QuJ8\r\n');
    expect(changed).not.toBe(xml);
    expect((await judge(changed)).signatures[0]).toMatchObject({ subIndication: 'HASH_FAILURE' });
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

  it.each<[string, RegExp]>([
    ['the name of an attachment', /(<AttachmentName>)[^<]+/],
    ['the description of an attachment', /(<Description>)[^<]*/],
    ['the kind of an attachment', /(<Attachment><ContentType>)[^<]+/],
  ])('%s changed beside the signed manifest', async (_name, part) => {
    const clean = await withCid('%PDF-1.7 mẫu\n');
    const xml = clean.replace(part, '$1Quyết định thu hồi');
    expect(xml).not.toBe(clean);
    expect(only(await judge(xml))).toMatchObject({ indication: 'INDETERMINATE', coverage: 'partial' });
  });
});

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
