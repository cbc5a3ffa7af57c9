import { createHash, generateKeyPairSync, sign as signData, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bitString,
  contextConstructed,
  encode,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  tag,
} from '../../core/asn1/der.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import { codes, openWorkshop, type Workshop } from './signed-files.ts';
import { attribute, digestId, rsaId, TrickShop, type Trick } from './trick-cms.ts';

// Class "CMS tricks" of findings/pdf-attacks.md: the same PDF, its CMS replaced by one that plays a trick.

let shop: Workshop;
let tricks: TrickShop;
let certificate: Uint8Array;

beforeAll(async () => {
  shop = await openWorkshop();
  tricks = await TrickShop.open(shop);
  ({ certificate } = tricks);
});

afterAll(() => shop.close());

const verifyTrick = async (trick: Trick, subFilter?: string) =>
  await tricks.verify({ ...trick, ...(subFilter ? { subFilter } : {}) });

it('the plain form of our own making is valid: the tricks below fail for what they do', async () => {
  expect(await verifyTrick({})).toMatchObject({ indication: 'TOTAL_PASSED', level: 'B-B' });
});

it('attributes out of DER order are read as they stand, but are no baseline', async () => {
  const signature = await verifyTrick({ keepOrder: true, attributes: (list) => list.toReversed() });
  expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', level: 'none' });
  expect(codes(signature)).toContain('verify.not-baseline');
});

it('an indefinite length, as NSS and Java write, is read kindly, but is no baseline', async () => {
  const wrap = (cms: Uint8Array): Uint8Array =>
    Buffer.concat([Uint8Array.of(0x30, 0x80), cms.subarray(4), Uint8Array.of(0, 0)]);
  const signature = await verifyTrick({ wrap });
  expect(signature).toMatchObject({ indication: 'TOTAL_PASSED', level: 'none' });
  expect(codes(signature)).toContain('verify.not-baseline');
});

it.each<[string, (cms: Uint8Array) => Uint8Array]>([
  ['without its end', (cms) => Buffer.concat([Uint8Array.of(0x30, 0x80), cms.subarray(4), Uint8Array.of(1)])],
  [
    'with bytes behind it',
    (cms) => Buffer.concat([Uint8Array.of(0x30, 0x80), cms.subarray(4), Uint8Array.of(0, 0, 1)]),
  ],
  ['of a value', (cms) => Buffer.concat([Uint8Array.of(0x04, 0x80), cms.subarray(4), Uint8Array.of(0, 0)])],
  ['nested without end', () => Buffer.alloc(200, Uint8Array.of(0x30, 0x80))],
])('an indefinite length %s is a format failure', async (_name, wrap) => {
  expect(await verifyTrick({ wrap })).toMatchObject({ subIndication: 'FORMAT_FAILURE' });
});

it("the issuer's name garbled in the SignerInfo, as node-forge does, is no obstacle where the serial number finds the signer", async () => {
  const garbled = (one: Uint8Array): Uint8Array => {
    const copy = Buffer.from(one);
    const at = copy.indexOf('CA');
    copy.write('XX', at, 'latin1');
    return copy;
  };
  expect(await verifyTrick({ signers: (one) => [garbled(one)] })).toMatchObject({
    indication: 'TOTAL_PASSED',
  });
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
  ['a digest algorithm that is not listed', { listedDigest: digestId('sha1') }, 'FORMAT_FAILURE'],
  ['a signature algorithm with another digest', { signatureId: rsaId('sha1') }, 'FORMAT_FAILURE'],
  [
    'bytes after the structure',
    { wrap: (cms) => Buffer.concat([cms, Buffer.from('4141', 'hex')]) },
    'FORMAT_FAILURE',
  ],
  [
    'a length that is longer than needed',
    { wrap: (cms) => Buffer.concat([Uint8Array.of(0x30, 0x83, 0), cms.subarray(2)]) },
    'FORMAT_FAILURE',
  ],
  ['content inside', { content: () => Buffer.from('x') }, 'FORMAT_FAILURE'],
])('%s is a format failure', async (_name, trick, subIndication) => {
  expect(await verifyTrick(trick)).toMatchObject({ indication: 'TOTAL_FAILED', subIndication });
});

it('a value made by another key fails', async () => {
  const tsaKey = shop.pki.tsa.key;
  expect(await verifyTrick({ value: (toSign) => signData('sha256', toSign, tsaKey) })).toMatchObject({
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

it.each(['sha1', 'md5'] as const)('%s alone proves nothing any more', async (digestName) => {
  const signature = await verifyTrick({ digestName });
  expect(signature).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    integrity: true,
  });
  expect(codes(signature)).toContain('verify.algorithm-weak');
});

describe('RSA-PSS', () => {
  const sha512 = sequence(oid('2.16.840.1.101.3.4.2.3'));
  const mask = (digest: Uint8Array): Uint8Array => sequence(oid('1.2.840.113549.1.1.8'), digest);
  const pss = (...parameters: Uint8Array[]): Uint8Array =>
    sequence(oid('1.2.840.113549.1.1.10'), sequence(...parameters));
  const parameter = contextConstructed;
  const value = (toSign: Uint8Array, key: KeyObject): Uint8Array =>
    signData('sha256', toSign, { key, padding: 6, saltLength: 32 });
  const regular = [
    parameter(0, digestId('sha256')),
    parameter(1, mask(digestId('sha256'))),
    parameter(2, integer(32)),
  ];

  it('with the usual parameters is valid', async () => {
    expect(await verifyTrick({ value, signatureId: pss(...regular) })).toMatchObject({
      indication: 'TOTAL_PASSED',
      scheme: 'rsa-pss',
    });
  });

  it.each<[string, () => Uint8Array]>([
    ['no parameters', () => sequence(oid('1.2.840.113549.1.1.10'))],
    ['parameters left out, so that SHA-1 is meant', () => pss()],
    ['another mask digest', () => pss(...regular.slice(0, 1), parameter(1, mask(sha512)), parameter(2, integer(32)))],
    ['another salt length', () => pss(...regular.slice(0, 2), parameter(2, integer(20)))],
    ['a salt longer than the key', () => pss(...regular.slice(0, 2), parameter(2, integer(100_000)))],
    ['an odd trailer', () => pss(...regular, parameter(3, integer(2)))],
    ['an unknown parameter', () => pss(...regular, parameter(4, integer(1)))],
    ['an unknown mask', () => pss(...regular.slice(0, 1), parameter(1, sequence(oid('1.2.3'))))],
  ])('with odd parameters is never passed: %s', async (_name, make) => {
    expect((await verifyTrick({ value, signatureId: make() })).indication).not.toBe('TOTAL_PASSED');
  }); // prettier-ignore
});

/** A certificate of the sample authority for a key that only has a public half. */
function certify(spki: Uint8Array): Uint8Array {
  const { serial, raw } = { serial: Buffer.alloc(16, 0x41), raw: parseCertificate(certificate) };
  const life = sequence(
    encode(tag.utcTime, Buffer.from('260101000000Z')),
    encode(tag.utcTime, Buffer.from('360101000000Z')),
  );
  const algorithm = rsaId('sha256');
  const body = sequence(
    contextConstructed(0, integer(2)),
    integer(serial),
    algorithm,
    raw.issuer.raw,
    life,
    raw.subject.raw,
    spki,
    contextConstructed(
      3,
      sequence(sequence(oid(oids.keyUsage), octetString(encode(tag.bitString, Uint8Array.of(6, 0xc0))))),
    ),
  );
  return sequence(body, algorithm, bitString(signData('sha256', body, shop.pki.issuing.key)));
}

const keyInfo = (modulus: Uint8Array, exponent: number): Uint8Array =>
  sequence(
    sequence(oid('1.2.840.113549.1.1.1'), nullValue()),
    bitString(sequence(integer(modulus), integer(exponent))),
  );

const keyBytes = 256;
const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBytes = (number: bigint): Buffer =>
  Buffer.from(number.toString(16).padStart(keyBytes * 2, '0'), 'hex');

function cubeRootAbove(number: bigint): bigint {
  let [low, high] = [0n, 1n << 700n];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (middle ** 3n < number) low = middle + 1n;
    else high = middle;
  }
  return low;
}

const digestInfo = (toSign: Uint8Array): Uint8Array =>
  sequence(
    sequence(oid('2.16.840.1.101.3.4.2.1'), nullValue()),
    octetString(createHash('sha256').update(toSign).digest()),
  );

describe('RSA keys with a small exponent', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
  const modulus = Buffer.from(pair.publicKey.export({ format: 'jwk' }).n ?? '', 'base64url');
  const unsigned = Buffer.concat([Buffer.alloc(modulus[0] && modulus[0] >= 0x80 ? 1 : 0), modulus]);
  const identity = (exponent: number) => ({
    certificate: certify(keyInfo(unsigned, exponent)),
    key: pair.privateKey,
  });

  it('exponent 3 with an honest value is valid', async () => {
    expect((await verifyTrick({ identity: identity(3) })).indication).toBe('TOTAL_PASSED');
  });

  it('exponent 3 with a forged block, rubbish behind the digest, fails', async () => {
    const value = (toSign: Uint8Array): Uint8Array => {
      const head = Buffer.concat([
        Uint8Array.of(0, 1),
        Buffer.alloc(8, 0xff),
        Uint8Array.of(0),
        digestInfo(toSign),
      ]);
      const block = Buffer.concat([head, Buffer.alloc(keyBytes - head.length)]);
      const root = cubeRootAbove(toNumber(block));
      // The forgery is one: its cube begins with the block.
      expect(toBytes(root ** 3n).subarray(0, head.length)).toEqual(head);
      return toBytes(root);
    };
    expect(await verifyTrick({ identity: identity(3), value })).toMatchObject({
      indication: 'TOTAL_FAILED',
      subIndication: 'SIG_CRYPTO_FAILURE',
    });
  });

  it('exponent 1, where the block is its own signature, is never passed', async () => {
    const value = (toSign: Uint8Array): Uint8Array => {
      const tail = digestInfo(toSign);
      const filling = Buffer.alloc(keyBytes - 3 - tail.length, 0xff);
      return Buffer.concat([Uint8Array.of(0, 1), filling, Uint8Array.of(0), tail]);
    };
    const signature = await verifyTrick({ identity: identity(1), value });
    expect(signature.indication).not.toBe('TOTAL_PASSED');
  });
});

it('a certificate that did not sign, put in for the signer, fails', async () => {
  const tsaKey = shop.pki.tsa.key;
  const identity = { certificate, key: tsaKey };
  expect(await verifyTrick({ identity })).toMatchObject({ subIndication: 'SIG_CRYPTO_FAILURE' });
});
