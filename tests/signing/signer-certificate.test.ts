import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oid } from '../../core/asn1/der.ts';
import { assertMaySign } from '../../core/signing/signer-certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import { extendedKeyUsageExtension, keyUsageExtension } from '../../scripts/pki/certificate-builder.ts';
import { issueCertificate } from '../../scripts/pki/index.ts';
import { openWorkshop, type Workshop } from '../verification/signed-files.ts';

const hour = 3600_000;
const now = new Date();
const at = (hours: number): Date => new Date(now.getTime() + hours * hour);

let shop: Workshop;
beforeAll(async () => void (shop = await openWorkshop()));
afterAll(() => shop.close());

const issue = async (options: Partial<Parameters<typeof issueCertificate>[1]>): Promise<Uint8Array> => {
  const life = { notBefore: at(-1), notAfter: at(1) };
  const subject = [['CN', 'Người ký mẫu']] as const;
  return (await issueCertificate(shop.pki, { ...life, subject, ...options })).certificate;
};

test('the agency’s own certificate may sign', () => {
  expect(() => assertMaySign(shop.key().certificate, now)).not.toThrow();
});

test.each<[string, string, () => Promise<Uint8Array>]>([
  ['expired', 'signing.certificate-expired', () => issue({ notBefore: at(-3), notAfter: at(-2) })],
  ['not yet valid', 'signing.certificate-not-yet-valid', () => issue({ notBefore: at(2), notAfter: at(3) })],
  ['an authority’s', 'signing.certificate-unfit', () => Promise.resolve(shop.pki.issuing.certificate)],
  ['without key usage', 'signing.certificate-unfit', () => issue({ extensions: [] })],
  [
    'for encryption alone',
    'signing.certificate-unfit',
    () => issue({ extensions: [keyUsageExtension(['keyEncipherment'])] }),
  ],
  [
    'of a TSA',
    'signing.certificate-unfit',
    () =>
      issue({
        extensions: [
          keyUsageExtension(['digitalSignature']),
          extendedKeyUsageExtension([oids.timeStamping], 'critical'),
        ],
      }),
  ],
  [
    'of a key too short',
    'signing.certificate-unfit',
    () => issue({ key: generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey }),
  ],
  [
    'of a key that nobody knows',
    'signing.certificate-unfit',
    async () => {
      const [known, unknown] = ['1.2.840.113549.1.1.1', '1.2.840.113549.1.1.99'].map(oid);
      const der = Buffer.from(shop.key().certificate);
      der.set(unknown ?? [], der.indexOf(known ?? ''));
      return der;
    },
  ],
])('a certificate that is %s may not', async (_name, code, make) => {
  const certificate = await make();
  expect(() => assertMaySign(certificate, now)).toThrow(expect.objectContaining({ code }));
});
