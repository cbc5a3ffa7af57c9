import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../core/trust/certificate.ts';
import {
  issueCertificate,
  startDemoOcsp,
  writeIdentity,
  type IssuedCertificate,
} from '../../scripts/pki/index.ts';
import { c14nNames, enveloped, xmlsecAccepts, type TemplateOptions } from '../lib/xml-signing.ts';
import { canonicalSignatureValue } from '../lib/xml-value.ts';
import { only, timestampToken } from './signed-files.ts';
import { derBase64, judge, plain, shop, signed } from './signed-packages.ts';

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
