import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTestPki } from '../../tests/lib/test-keys.ts';
import {
  children,
  decode,
  readOid,
  sequence,
  integer,
  octetString,
  oid,
  setOf,
  utf8String,
  contextConstructed,
} from '../asn1/der.ts';
import type { SigningKey } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';
import { buildCms, signedAttributes } from './cades.ts';
import { oids, signatureIdentifier } from './cms-algorithms.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-cades-'));
let key: SigningKey;
let ecKey: SigningKey;
beforeAll(() => {
  const pki = makeTestPki(dir);
  key = pki.key('rsa-2048');
  ecKey = pki.key('P-256');
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const content = {
  digestHex: createHash('sha256').update('x').digest('hex'),
  digestAlgorithm: 'sha256',
} as const;

/** As much of a certificate as its identity needs: version, serial 5, algorithm, issuer CN=A. */
const tinyCertificate = sequence(
  sequence(
    contextConstructed(0, integer(2)),
    integer(5),
    sequence(oid('1.2.840.113549.1.1.11')),
    sequence(setOf([sequence(oid('2.5.4.3'), utf8String('A'))])),
  ),
);

describe('signed attributes', () => {
  test('are the three of PAdES baseline in DER order, byte for byte', () => {
    const golden = [
      '31819b',
      '301806092a864886f70d010903310b06092a864886f70d010701',
      `302f06092a864886f70d01090431220420${content.digestHex}`,
      '304e060b2a864886f70d010910022f313f303d303b3039',
      `0420${createHash('sha256').update(tinyCertificate).digest('hex')}`,
      '30153010a40e300c310a300806035504030c0141020105',
    ];
    expect(Buffer.from(signedAttributes(content, tinyCertificate)).toString('hex')).toBe(golden.join(''));
  });

  test('name the hash algorithm of the certificate reference only when it is not SHA-256', () => {
    const strong = { digestHex: '00'.repeat(64), digestAlgorithm: 'sha512' } as const;
    const sha512 = '0609608648016503040203';
    expect(Buffer.from(signedAttributes(strong, tinyCertificate)).toString('hex')).toContain(sha512);
    expect(Buffer.from(signedAttributes(content, tinyCertificate)).toString('hex')).not.toContain(sha512);
  });
});

test('algorithm identifiers have the parameters that strict validators ask for', () => {
  const hex = (scheme: 'rsa-pkcs1' | 'ecdsa' | 'rsa-pss'): string =>
    Buffer.from(signatureIdentifier(scheme, 'sha256')).toString('hex');
  expect(hex('rsa-pkcs1')).toBe('300d06092a864886f70d0101010500');
  expect(hex('ecdsa')).toBe('300a06082a8648ce3d040302');
  expect(hex('rsa-pss')).toBe(
    '304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  );
});

test('a signature is checked before use: one of another key is refused', async () => {
  const other: SigningKey = { ...key, sign: () => Promise.resolve(randomBytes(256)) };
  await expect(buildCms(content, other)).rejects.toMatchObject({ code: 'signing.bad-signature' });
  const raw: SigningKey = { ...ecKey, sign: () => Promise.resolve(randomBytes(64)) };
  await expect(buildCms(content, raw)).rejects.toMatchObject({ code: 'signing.bad-signature' });
});

test('a scheme that the key cannot do is refused before the key is asked', async () => {
  await expect(buildCms(content, ecKey, { scheme: 'rsa-pss' })).rejects.toMatchObject({
    code: 'signing.scheme-mismatch',
  });
});

function unsignedAttributeTypes(cms: Uint8Array): string[] {
  const [, wrapped] = children(decode(cms));
  const [signedData] = children(wrapped ?? decode(cms));
  const signerInfos = children(signedData ?? decode(cms)).at(-1);
  const [signerInfo] = children(signerInfos ?? decode(cms));
  const unsigned = children(signerInfo ?? decode(cms)).find((node) => node.tag === 0xa1);
  return unsigned ? children(unsigned).map((attribute) => readOid(children(attribute)[0])) : [];
}

test('without a timestamp there is no set of unsigned attributes, with one it is the only attribute', async () => {
  const plain = await buildCms(content, key);
  expect(plain).toMatchObject({ level: 'B-B', pending: [] });
  expect(unsignedAttributeTypes(plain.cms)).toEqual([]);
  const token = sequence(oid(oids.signedData));
  const stamped = await buildCms(content, key, { timestamp: () => Promise.resolve(token) });
  expect(stamped).toMatchObject({ level: 'B-T', pending: [] });
  expect(unsignedAttributeTypes(stamped.cms)).toEqual([oids.signatureTimeStampToken]);
});

test('a timestamp that does not fit into the file is left out and pending; a chain that does not, too', async () => {
  const token = sequence(oid(oids.signedData), octetString(Buffer.alloc(9000)));
  const timestamp = () => Promise.resolve(token);
  const tight = await buildCms(content, key, { timestamp, reserveBytes: 8000 });
  expect(tight).toMatchObject({
    level: 'B-B',
    pending: ['timestamp'],
    timestampError: { code: 'signing.tsa-refused' },
  });
  expect(tight.cms).toEqual((await buildCms(content, key)).cms);
  const chained = { ...key, chain: [sequence(octetString(Buffer.alloc(9000)))] };
  const short = await buildCms(content, chained, { reserveBytes: 8000 });
  expect(short).toMatchObject({ level: 'B-B', pending: [] });
  expect(short.cms.length).toBeLessThan(8000);
  expect((await buildCms(content, chained, { timestamp, reserveBytes: 30_000 })).level).toBe('B-T');
});

test('a TSA that is away leaves a B-B signature with the timestamp pending; a defect does not pass silently', async () => {
  const away = new AnThuError('signing.tsa-unavailable', { reason: 'ECONNREFUSED' });
  await expect(buildCms(content, key, { timestamp: () => Promise.reject(away) })).resolves.toMatchObject({
    level: 'B-B',
    pending: ['timestamp'],
    timestampError: { code: 'signing.tsa-unavailable' },
  });
  const defect = new TypeError('oops');
  await expect(buildCms(content, key, { timestamp: () => Promise.reject(defect) })).rejects.toBe(defect);
});
