import { expect, it } from 'vitest';
import type { FileReport, SignatureReport } from '../contract/verification.ts';
import { evidenceOf, outlasts, type RetentionPolicy, retentionDue } from './retention.ts';

const one = (
  kind: SignatureReport['kind'],
  notAfter: string,
  more: Partial<SignatureReport> = {},
): SignatureReport => ({
  field: 'f',
  kind,
  purpose: 'agency',
  subFilter: null,
  level: 'B-LTA',
  indication: 'TOTAL_PASSED',
  subIndication: null,
  integrity: true,
  coverage: 'whole-file',
  later: 'none',
  changes: [],
  signer: {
    name: 'TSA',
    organization: '',
    title: '',
    serial: '01',
    issuer: 'CA',
    notBefore: '2020-01-01T00:00:00Z',
    notAfter,
    fingerprint: 'a'.repeat(64),
    class: 'official',
  },
  digest: 'sha256',
  scheme: 'rsa-pkcs1',
  claimedTime: null,
  bestSignatureTime: null,
  timeSource: null,
  timestamps: [],
  revocation: 'good',
  revocationSource: 'embedded',
  messages: [],
  ...more,
});
const file = (signatures: SignatureReport[], verdict: FileReport['verdict'] = 'valid'): FileReport => ({
  input: 'x.pdf',
  sha256: 'b'.repeat(64),
  verdict,
  advice: 'register',
  signatures,
  messages: [],
});
const policy = (days: number, algorithmEnds: RetentionPolicy['algorithmEnds'] = {}): RetentionPolicy => ({
  now: new Date('2026-11-22T00:00:00Z'),
  withinDays: days,
  algorithmEnds,
});
const of = (...signatures: SignatureReport[]) => evidenceOf(file(signatures))!;

it('the newest document timestamp counts, or the signature where there is none', () => {
  const signature = one('signature', '2027-01-01T00:00:00Z');
  expect(of(signature)).toMatchObject({ kind: 'signature', end: new Date('2027-01-01T00:00:00Z') });
  const stamped = of(
    signature,
    one('document-timestamp', '2028-01-01T00:00:00Z'),
    one('document-timestamp', '2030-01-01T00:00:00Z'),
  );
  expect(stamped).toMatchObject({ kind: 'document-timestamp', end: new Date('2030-01-01T00:00:00Z') });
});

it('nothing is kept provable that is unsigned, refuted or broken', () => {
  expect(evidenceOf(file([]))).toBeNull();
  expect(evidenceOf(file([one('signature', '2027-01-01T00:00:00Z')], 'invalid'))).toBeNull();
  expect(evidenceOf(file([one('signature', '2027-01-01T00:00:00Z', { integrity: null })]))).toBeNull();
});

it('a file is due within the days, on the very day, and after the end', () => {
  const found = of(one('document-timestamp', '2027-02-20T00:00:00Z'));
  expect(retentionDue(found, policy(89))).toBeNull();
  expect(retentionDue(found, policy(90))).toMatchObject({ reason: 'certificate' });
  expect(retentionDue(of(one('document-timestamp', '2025-01-01T00:00:00Z')), policy(0))).not.toBeNull();
});

it('an algorithm that ends earlier than the certificate makes a file due', () => {
  const found = of(one('document-timestamp', '2035-01-01T00:00:00Z'));
  const ends = { sha256: new Date('2027-01-01T00:00:00Z') };
  expect(retentionDue(found, policy(30, ends))).toBeNull();
  expect(retentionDue(found, policy(60, ends))).toEqual({ reason: 'algorithm', end: ends.sha256 });
  expect(retentionDue(found, policy(60, { sha512: ends.sha256 }))).toBeNull();
});

it('a renewal counts only when it lasts longer, by certificate and algorithm', () => {
  const old = of(one('document-timestamp', '2027-01-01T00:00:00Z'));
  const later = (digest: string) => of(one('document-timestamp', '2030-01-01T00:00:00Z', { digest }));
  expect(outlasts(later('sha256'), old, policy(60))).toBe(true);
  expect(outlasts(old, old, policy(60))).toBe(false);
  expect(outlasts(null, old, policy(60))).toBe(false);
  const ends = { sha256: new Date('2026-12-01T00:00:00Z') };
  expect(outlasts(later('sha256'), old, policy(60, ends))).toBe(false);
  expect(outlasts(later('sha384'), old, policy(60, ends))).toBe(true);
});
