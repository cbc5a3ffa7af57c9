import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DiagnosedToken } from '../../core/contract/token-diagnosis.ts';
import { buildCertificate, toPem } from '../../scripts/pki/certificate-builder.ts';
import {
  certificatesOfKeys,
  chooseCertificate,
  type TokenCertificate,
} from '../../native/pkcs11/token-objects.ts';
import { adviceFor } from '../../native/token-discovery/advice.ts';
import { openPkcs12 } from '../../native/soft-token/pkcs12.ts';
import { certificateToUse } from '../../native/token-host/certificate-in-force.ts';
import { summarizeCertificate } from '../../native/token-host/certificate-summary.ts';

const now = new Date('2026-06-01T00:00:00Z');
const lives = {
  over: ['2020-01-01', '2023-01-01'],
  overLater: ['2021-01-01', '2026-05-31'],
  old: ['2023-06-01', '2027-12-31'],
  newest: ['2026-05-01', '2027-05-01'],
  next: ['2026-07-01', '2029-07-01'],
  nextButOne: ['2028-01-01', '2031-01-01'],
} as const;
type Name = keyof typeof lives;

const { privateKey: issuerKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: subjectKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const made = new Map<Name, Uint8Array>();
beforeAll(() => {
  for (const [name, [from, to]] of Object.entries(lives) as [Name, readonly [string, string]][])
    made.set(
      name,
      buildCertificate({
        subject: [['CN', 'Văn thư']],
        subjectKey,
        issuer: [['CN', 'CA']],
        issuerKey,
        notBefore: new Date(from),
        notAfter: new Date(to),
        extensions: [],
      }),
    );
});

const onToken = (name: Name): TokenCertificate => ({ id: '01', label: name, der: made.get(name)! });

describe('of the certificates of one key', () => {
  test.each<[string, Name[], Name]>([
    ['the one in force, not the renewed one that is yet to come', ['old', 'next'], 'old'],
    ['the one in force, not one that is over', ['over', 'old', 'overLater'], 'old'],
    ['the newest of two in force, though the other lasts longer', ['old', 'newest'], 'newest'],
    ['where none is in force, the one that comes next', ['over', 'nextButOne', 'next'], 'next'],
    ['where all are over, the one that ended last', ['over', 'overLater'], 'overLater'],
  ])('signs %s', (_, names, expected) => {
    for (const order of [names, names.toReversed()]) {
      const all = order.map(onToken);
      expect(chooseCertificate(all, { id: '01' }, now).label).toBe(expected);
      expect(certificatesOfKeys(all, now).map(({ label }) => label)).toEqual([expected]);
      expect(certificateToUse(all, ({ der }) => der, now)?.label).toBe(expected);
    }
  });

  test('the one that the address names signs, whatever lies beside it', () => {
    const all = (['old', 'next'] as const).map(onToken);
    expect(chooseCertificate(all, { id: '01', object: 'next' }, now).label).toBe('next');
  });

  test('that were signed with themselves none is taken for an authority of the other', () => {
    const self = (
      [
        ['2024-01-01', '2027-01-01'],
        ['2026-01-01', '2027-01-01'],
      ] as const
    ).map(([from, to]) => ({
      id: '01',
      label: from,
      der: buildCertificate({
        subject: [['CN', 'Văn thư']],
        subjectKey,
        issuer: [['CN', 'Văn thư']],
        issuerKey: subjectKey,
        notBefore: new Date(from),
        notAfter: new Date(to),
        extensions: [],
      }),
    }));
    expect(certificatesOfKeys(self, now).map(({ label }) => label)).toEqual(['2026-01-01']);
  });

  test.each<[Name[], string[]]>([
    [['old'], ['module.ready']],
    [['over', 'old', 'next'], ['certificate.several']],
    [
      ['over', 'next'],
      ['certificate.none-in-force', 'certificate.not-yet-valid'],
    ],
    [
      ['over', 'overLater'],
      ['certificate.none-in-force', 'certificate.expired'],
    ],
    [['over'], ['certificate.expired']],
  ])('it is said which signs, and when none can: %s', (names, expected) => {
    expect(codesFor(names)).toEqual(expected);
  });
});

test('of the certificates in a PKCS#12 file the one in force is taken, wherever it stands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'an-thu-in-force-'));
  const at = (name: string): string => join(folder, name);
  try {
    writeFileSync(at('key.pem'), subjectKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const name of ['old', 'next'] as const)
      writeFileSync(at(name), toPem('CERTIFICATE', made.get(name)!));
    for (const [first, second] of [
      ['next', 'old'],
      ['old', 'next'],
    ] as const) {
      const names = [
        '-inkey',
        at('key.pem'),
        '-in',
        at(first),
        '-certfile',
        at(second),
        '-out',
        at('two.p12'),
      ];
      execFileSync('openssl', ['pkcs12', '-export', '-passout', 'pass:123456', ...names], { stdio: 'pipe' });
      const { keys } = openPkcs12('two.p12', readFileSync(at('two.p12')), '123456', now);
      expect(keys.map(({ certificate }) => Buffer.compare(certificate, made.get('old')!))).toEqual([0]);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What is said of a token with these certificates over one key, beside that its module is not used yet. */
function codesFor(names: readonly Name[]): string[] {
  const token: DiagnosedToken = {
    id: 'a',
    label: 'a',
    manufacturer: '',
    model: '',
    serial: '1',
    hardwareVersion: '1.0',
    firmwareVersion: '1.0',
    initialized: true,
    loginRequired: true,
    pinPad: false,
    pinState: 'ok',
    pinLength: { min: 4, max: 8 },
    mechanisms: [{ name: 'CKM_ECDSA', code: 0x1041, minKeySize: 256, maxKeySize: 521, signs: true }],
    certificates: names.map((name) => ({
      id: '01',
      label: name,
      keyUri: 'pkcs11:id=%01',
      role: 'end-entity',
      keyType: 'ec',
      bits: 256,
      summary: summarizeCertificate(made.get(name)!),
    })),
  };
  const slot = { slot: '0', description: '', manufacturer: '', removable: true, hardware: true };
  const module = {
    path: '/m.so',
    vendor: '',
    sources: ['configured' as const],
    configured: true,
    exists: true,
    header: null,
    fits: true,
    loads: true,
    info: null,
    slots: [{ ...slot, tokenPresent: true, token, error: null }],
    error: null,
    ms: 1,
  };
  return adviceFor(module, now).map(({ code }) => code);
}
