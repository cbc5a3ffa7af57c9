import { expect, it } from 'vitest';
import { integer, sequence, setOf, utf8String, oid, encode, tag, bitString } from '../asn1/der.ts';
import { parseCertificate } from '../trust/certificate.ts';
import { certificatePurpose } from './certificate-purpose.ts';

const attributeOids = { CN: '2.5.4.3', O: '2.5.4.10', T: '2.5.4.12', UID: '0.9.2342.19200300.100.1.1' };

function certificateOf(subject: Partial<Record<keyof typeof attributeOids, string>>) {
  const time = encode(tag.utcTime, Buffer.from('260101000000Z'));
  const name = sequence(
    ...Object.entries(subject).map(([type, value]) =>
      setOf([sequence(oid(attributeOids[type as keyof typeof attributeOids]), utf8String(value))]),
    ),
  );
  const algorithm = sequence(oid('1.2.840.113549.1.1.11'));
  const signedPart = sequence(
    integer(7),
    algorithm,
    name,
    sequence(time, time),
    name,
    sequence(algorithm, bitString(Uint8Array.of(1))),
  );
  return parseCertificate(sequence(signedPart, algorithm, bitString(Uint8Array.of(1))));
}

it.each([
  ['agency', { CN: 'Ủy ban nhân dân xã Hòa Bình', O: 'Tỉnh Vĩnh Long' }],
  ['agency', { CN: 'UBND xã Hòa Bình' }],
  ['agency', { CN: 'Sở Nội vụ', O: 'UBND tỉnh' }],
  ['agency', { CN: 'MTTQ xã X', O: 'MTTQ xã X' }],
  ['agency', { CN: 'Nhà máy A', UID: 'MST:0100000000' }],
  ['agency', { O: 'UBND xã' }],
  ['person', { CN: 'Nguyễn Văn An', O: 'UBND xã Hòa Bình' }],
  ['person', { CN: 'Văn phòng 1', T: 'Chánh Văn phòng' }],
  ['person', { CN: 'Sở Thị Hoa', UID: 'CCCD:012345678901' }],
  ['unknown', { CN: 'TSA 2' }],
  ['unknown', { CN: 'an@example.vn' }],
] as const)('%s: %o', (purpose, subject) => {
  expect(certificatePurpose(certificateOf(subject))).toBe(purpose);
});
