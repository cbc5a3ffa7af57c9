import { describe, expect, it } from 'vitest';
import { c14nNames, xmlsecAccepts } from '../lib/xml-signing.ts';
import { codes, only } from './signed-files.ts';
import { derBase64, judge, plain, shop, signed, withIds } from './signed-packages.ts';

const changedSubject = (xml: string): string => {
  const changed = xml.replace('báo cáo công tác', 'huỷ bỏ công tác');
  expect(changed).not.toBe(xml);
  return changed;
};

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
