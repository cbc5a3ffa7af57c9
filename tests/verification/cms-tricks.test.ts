import { createHash, createPrivateKey, sign as signData, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  contextConstructed,
  encode,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  setOf,
  tag,
} from '../../core/asn1/der.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import { codes, only, openWorkshop, type Workshop } from './signed-files.ts';

// Class "CMS tricks" of findings/pdf-attacks.md: the same PDF, its CMS replaced by one that plays a trick.

const sha256Id = sequence(oid('2.16.840.1.101.3.4.2.1'));
const sha1Id = sequence(oid('1.3.14.3.2.26'));
const rsaSha256 = sequence(oid('1.2.840.113549.1.1.11'), nullValue());
const rsaSha1 = sequence(oid('1.2.840.113549.1.1.5'), nullValue());

let shop: Workshop;
let signed: Buffer;
let range: readonly number[];
let certificate: Uint8Array;
let key: KeyObject;

beforeAll(async () => {
  shop = await openWorkshop();
  signed = await readFile(await shop.sign(shop.letter, 'signed.pdf'));
  const match = /\/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)\s*\]/.exec(signed.toString('latin1'));
  range = (match ?? []).slice(1).map(Number);
  certificate = new X509Certificate(await readFile(shop.pki.agency.certificate)).raw;
  key = createPrivateKey(await readFile(shop.pki.agency.key));
});

afterAll(() => shop.close());

interface Trick {
  readonly digestName?: 'sha256' | 'sha1';
  readonly attributes?: (regular: Uint8Array[], digest: Uint8Array) => Uint8Array[];
  readonly keepOrder?: boolean;
  readonly listedDigest?: Uint8Array;
  readonly signerDigest?: Uint8Array;
  readonly signatureId?: Uint8Array;
  readonly signers?: (one: Uint8Array) => Uint8Array[];
  readonly certificates?: Uint8Array[];
  readonly content?: Uint8Array[];
  readonly wrap?: (cms: Uint8Array) => Uint8Array;
  readonly signWith?: KeyObject;
}

const attribute = (id: string, ...values: Uint8Array[]): Uint8Array =>
  sequence(oid(id), encode(tag.set, ...values));

function digestOf(name: 'sha256' | 'sha1'): Uint8Array {
  const [, gapStart = 0, gapEnd = 0] = range;
  return createHash(name).update(signed.subarray(0, gapStart)).update(signed.subarray(gapEnd)).digest();
}

/** The signed letter with a CMS of the trick's making, its signature value right unless the trick says else. */
async function verifyTrick(trick: Trick, subFilter = 'ETSI.CAdES.detached') {
  const copy = Buffer.from(signed);
  if (subFilter !== 'ETSI.CAdES.detached') {
    const at = copy.indexOf('/ETSI.CAdES.detached');
    copy.write(`/${subFilter}`.padEnd('/ETSI.CAdES.detached'.length), at, 'latin1');
  }
  const [, gapStart = 0, gapEnd = 0] = range;
  const name = trick.digestName ?? 'sha256';
  const digest = createHash(name).update(copy.subarray(0, gapStart)).update(copy.subarray(gapEnd)).digest();
  const hash = createHash('sha256').update(certificate).digest();
  const regular = [
    attribute(oids.contentType, oid(oids.data)),
    attribute(oids.messageDigest, octetString(digest)),
    attribute(oids.signingCertificateV2, sequence(sequence(sequence(octetString(hash))))),
  ];
  const attributes = trick.attributes ? trick.attributes(regular, digest) : regular;
  const toSign = trick.keepOrder ? encode(tag.set, ...attributes) : setOf(attributes);
  const stored = Buffer.from(toSign);
  stored[0] = 0xa0;
  const parsed = parseCertificate(certificate);
  const one = sequence(
    integer(1),
    sequence(parsed.issuer.raw, integer(Buffer.from(parsed.serial.padStart(32, '0'), 'hex'))),
    trick.signerDigest ?? (name === 'sha1' ? sha1Id : sha256Id),
    stored,
    trick.signatureId ?? (name === 'sha1' ? rsaSha1 : rsaSha256),
    octetString(signData(name, toSign, trick.signWith ?? key)),
  );
  const certificates = trick.certificates ?? [certificate, shop.pki.issuing.certificate];
  const cms = sequence(
    oid(oids.signedData),
    contextConstructed(
      0,
      sequence(
        integer(1),
        setOf([trick.listedDigest ?? (name === 'sha1' ? sha1Id : sha256Id)]),
        sequence(oid(oids.data), ...(trick.content ?? [])),
        ...(certificates.length > 0 ? [contextConstructed(0, ...certificates)] : []),
        setOf(trick.signers ? trick.signers(one) : [one]),
      ),
    ),
  );
  const bytes = trick.wrap ? trick.wrap(cms) : cms;
  copy.write('0'.repeat(gapEnd - gapStart - 2), gapStart + 1, 'latin1');
  copy.write(Buffer.from(bytes).toString('hex'), gapStart + 1, 'latin1');
  return only(await shop.verify(await shop.write('trick.pdf', copy)));
}

it('the plain form of our own making is valid: the tricks below fail for what they do', async () => {
  expect(await verifyTrick({})).toMatchObject({ indication: 'TOTAL_PASSED', level: 'B-B' });
});

it('attributes out of DER order are read as they stand, but are no baseline', async () => {
  const signature = await verifyTrick({ keepOrder: true, attributes: (list) => list.toReversed() });
  expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', level: 'none' });
  expect(codes(signature)).toContain('verify.not-baseline');
});

it('a signing-time attribute is read kindly, but is no baseline', async () => {
  const time = encode(tag.utcTime, Buffer.from('261121010203Z'));
  const signature = await verifyTrick({ attributes: (list) => [...list, attribute(oids.signingTime, time)] });
  expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', level: 'none' });
});

it('a leaf alone needs its issuer from elsewhere', async () => {
  const bare = { certificates: [certificate] };
  expect(await verifyTrick(bare)).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
  });
  const withIssuer = await shop.verify(shop.path('trick.pdf'), {
    extraCertificates: [parseCertificate(shop.pki.issuing.certificate)],
  });
  expect(withIssuer.verdict).toBe('valid');
});

it('the older Adobe form without signing-certificate is accepted, the ETSI form is not', async () => {
  const bare: Trick = { attributes: ([type, digest]) => [type, digest].filter((item) => item !== undefined) };
  expect(await verifyTrick(bare, 'adbe.pkcs7.detached')).toMatchObject({
    indication: 'TOTAL_PASSED',
    level: 'none',
    subFilter: 'adbe.pkcs7.detached',
  });
  expect(await verifyTrick(bare)).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
  });
});

it.each<[string, Trick, string]>([
  ['no SignerInfo', { signers: () => [] }, 'FORMAT_FAILURE'],
  ['two SignerInfos', { signers: (one) => [one, one] }, 'FORMAT_FAILURE'],
  [
    'two message digests',
    { attributes: (list, digest) => [...list, attribute(oids.messageDigest, octetString(digest))] },
    'FORMAT_FAILURE',
  ],
  [
    'a message digest with two values',
    {
      attributes: ([type, , certificate], digest) => [
        ...[type, certificate].filter((item) => item !== undefined),
        attribute(oids.messageDigest, octetString(digest), octetString(new Uint8Array(32))),
      ],
    },
    'FORMAT_FAILURE',
  ],
  ['no message digest', { attributes: (list) => list.filter((_, index) => index !== 1) }, 'FORMAT_FAILURE'],
  [
    'another content type',
    { attributes: (list) => [attribute(oids.contentType, oid(oids.tstInfo)), ...list.slice(1)] },
    'FORMAT_FAILURE',
  ],
  ['a digest algorithm that is not listed', { listedDigest: sha1Id }, 'FORMAT_FAILURE'],
  ['a signature algorithm with another digest', { signatureId: rsaSha1 }, 'FORMAT_FAILURE'],
  [
    'bytes after the structure',
    { wrap: (cms) => Buffer.concat([cms, Buffer.from('4141', 'hex')]) },
    'FORMAT_FAILURE',
  ],
  [
    'an indefinite length',
    {
      wrap: (cms) => Buffer.concat([Uint8Array.of(0x30, 0x80), cms.subarray(4), Uint8Array.of(0, 0)]),
    },
    'FORMAT_FAILURE',
  ],
  [
    'a length that is longer than needed',
    { wrap: (cms) => Buffer.concat([Uint8Array.of(0x30, 0x83, 0), cms.subarray(2)]) },
    'FORMAT_FAILURE',
  ],
  ['content inside', { content: [contextConstructed(0, octetString(Buffer.from('x')))] }, 'FORMAT_FAILURE'],
])('%s is a format failure', async (_name, trick, subIndication) => {
  expect(await verifyTrick(trick)).toMatchObject({ indication: 'TOTAL_FAILED', subIndication });
});

it('a value made by another key fails', async () => {
  const tsaKey = shop.pki.tsa.key;
  expect(await verifyTrick({ signWith: tsaKey })).toMatchObject({
    indication: 'TOTAL_FAILED',
    subIndication: 'SIG_CRYPTO_FAILURE',
    integrity: false,
  });
});

it('a message digest of other bytes fails', async () => {
  const other = attribute(oids.messageDigest, octetString(new Uint8Array(32)));
  const trick: Trick = {
    attributes: (list) => [list[0], other, list[2]].filter((item) => item !== undefined),
  };
  expect(await verifyTrick(trick)).toMatchObject({
    indication: 'TOTAL_FAILED',
    subIndication: 'HASH_FAILURE',
    integrity: false,
  });
});

it('a signature without certificate is undecided', async () => {
  expect(await verifyTrick({ certificates: [] })).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
  });
});

it('a signing-certificate attribute of another certificate is undecided', async () => {
  const hash = createHash('sha256').update(shop.pki.issuing.certificate).digest();
  const other = attribute(oids.signingCertificateV2, sequence(sequence(sequence(octetString(hash)))));
  const trick: Trick = { attributes: (list) => [...list.slice(0, 2), other] };
  expect(await verifyTrick(trick)).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'SIG_CONSTRAINTS_FAILURE',
  });
});

it('SHA-1 proves nothing any more', async () => {
  const signature = await verifyTrick({ digestName: 'sha1' });
  expect(digestOf('sha1')).toHaveLength(20);
  expect(signature).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    integrity: true,
  });
  expect(codes(signature)).toContain('verify.algorithm-weak');
});
