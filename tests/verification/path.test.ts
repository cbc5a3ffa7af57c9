import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { contextConstructed, contextPrimitive, oid, sequence } from '../../core/asn1/der.ts';
import { acceptAnchor, loadAnchors, trustAnchor } from '../../core/trust/anchors.ts';
import { parseCertificate, type Certificate } from '../../core/trust/certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import { buildPath, type PathPurpose } from '../../core/trust/path.ts';
import {
  basicConstraintsExtension,
  buildCertificate,
  extendedKeyUsageExtension,
  keyUsageExtension,
  sampleMarkExtension,
  toPem,
  type ExtensionPart,
} from '../../scripts/pki/certificate-builder.ts';

const dir = mkdtempSync(join(tmpdir(), 'an-thu-path-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

interface Entity {
  readonly name: string;
  readonly key: KeyObject;
  readonly certificate: Certificate;
}

const authority: readonly ExtensionPart[] = [
  basicConstraintsExtension(),
  keyUsageExtension(['keyCertSign', 'cRLSign']),
];
const signer: readonly ExtensionPart[] = [keyUsageExtension(['digitalSignature'])];

function issue(
  name: string,
  issuer: Entity | undefined,
  extensions: readonly ExtensionPart[],
  life: readonly [string, string] = ['2020-01-01', '2040-01-01'],
): Entity {
  const key = newKey();
  const der = buildCertificate({
    subject: [['CN', name]],
    subjectKey: key,
    issuer: [['CN', issuer?.name ?? name]],
    issuerKey: issuer?.key ?? key,
    notBefore: day(life[0]),
    notAfter: day(life[1]),
    extensions,
  });
  return { name, key, certificate: parseCertificate(der) };
}

const root = issue('Gốc', undefined, authority);
const middle = issue('Cấp', root, authority);
const leaf = issue('Người ký', middle, signer);

const mail = (text: string): Uint8Array => contextPrimitive(1, Buffer.from(text));
/** rfc822Name subtrees: permitted (0) or excluded (1). */
const mailConstraint = (list: 0 | 1, host: string): ExtensionPart => ({
  id: oids.nameConstraints,
  critical: true,
  value: sequence(contextConstructed(list, sequence(mail(host)))),
});
const mailName = (address: string): ExtensionPart => ({
  id: oids.subjectAltName,
  critical: false,
  value: sequence(mail(address)),
});
const explicitPolicy: ExtensionPart = {
  id: oids.policyConstraints,
  critical: true,
  value: sequence(contextPrimitive(0, Uint8Array.of(0))),
};
const policy: ExtensionPart = {
  id: oids.certificatePolicies,
  critical: false,
  value: sequence(sequence(oid('1.3.6.1.4.1.32473.5'))),
};

function path(
  subject: Entity,
  pool: readonly Entity[],
  { anchors = [root], at = day('2026-01-01'), purpose = 'signature' as PathPurpose } = {},
) {
  return buildPath(
    subject.certificate,
    pool.map(({ certificate }) => certificate),
    anchors.map(({ certificate }) => trustAnchor(certificate, 'signature')),
    { at, purpose },
  );
}

/** OpenSSL's word on the same certificates. */
function opensslAccepts(subject: Entity, pool: readonly Entity[]): boolean {
  const write = (name: string, entities: readonly Entity[]): string => {
    const file = join(dir, name);
    writeFileSync(file, entities.map(({ certificate }) => toPem('CERTIFICATE', certificate.der)).join(''));
    return file;
  };
  const args = [
    'verify',
    '-policy',
    'anyPolicy',
    '-policy_check',
    '-attime',
    String(day('2026-01-01').getTime() / 1000),
  ];
  args.push('-CAfile', write('root.pem', [root]), '-untrusted', write('pool.pem', pool));
  try {
    execFileSync('openssl', [...args, write('leaf.pem', [subject])], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

it('finds the path from leaf to root whatever the order of the pool', () => {
  const stranger = issue('Lạ', undefined, authority);
  const result = path(leaf, [stranger, leaf, middle, root]);
  expect(result.ok && result.path.map(({ fingerprint }) => fingerprint)).toEqual(
    [leaf, middle, root].map(({ certificate }) => certificate.fingerprint),
  );
});

it.each<[string, () => [Entity, Entity[]], string]>([
  ['the issuer is missing', () => [leaf, []], 'NO_CERTIFICATE_CHAIN_FOUND'],
  [
    'a namesake of the issuer has another key',
    () => [leaf, [issue('Cấp', root, authority)]],
    'NO_CERTIFICATE_CHAIN_FOUND',
  ],
  [
    'the issuer is no authority',
    () => {
      const odd = issue('Không phải CA', root, signer);
      return [issue('x', odd, signer), [odd]];
    },
    'CHAIN_CONSTRAINTS_FAILURE',
  ],
  [
    "the issuer's key may not sign certificates",
    () => {
      const odd = issue('CA lạ', root, [basicConstraintsExtension(), keyUsageExtension(['cRLSign'])]);
      return [issue('x', odd, signer), [odd]];
    },
    'CHAIN_CONSTRAINTS_FAILURE',
  ],
  [
    'the path is longer than the issuer allows',
    () => {
      const short = issue('Ngắn', root, [basicConstraintsExtension(0), keyUsageExtension(['keyCertSign'])]);
      const below = issue('Dưới', short, authority);
      return [issue('x', below, signer), [short, below]];
    },
    'CHAIN_CONSTRAINTS_FAILURE',
  ],
  [
    'an extension that matters is not understood',
    () => [
      issue('x', middle, [
        ...signer,
        { id: '1.3.6.1.4.1.32473.9', critical: true, value: Uint8Array.of(5, 0) },
      ]),
      [middle],
    ],
    'CHAIN_CONSTRAINTS_FAILURE',
  ],
  [
    'the issuer has expired',
    () => {
      const old = issue('Cũ', root, authority, ['2020-01-01', '2021-01-01']);
      return [issue('x', old, signer), [old]];
    },
    'CERTIFICATE_CHAIN_GENERAL_FAILURE',
  ],
  [
    'the leaf has expired',
    () => [issue('x', middle, signer, ['2020-01-01', '2021-01-01']), [middle]],
    'EXPIRED',
  ],
  [
    'the leaf is not valid yet',
    () => [issue('x', middle, signer, ['2030-01-01', '2031-01-01']), [middle]],
    'NOT_YET_VALID',
  ],
  [
    'a name lies outside what the issuer may name',
    () => {
      const bound = issue('Hẹp', root, [...authority, mailConstraint(0, 'xa.example')]);
      return [issue('x', bound, [...signer, mailName('a@khac.example')]), [bound]];
    },
    'CHAIN_CONSTRAINTS_FAILURE',
  ],
  [
    'a name lies in what the issuer may not name',
    () => {
      const bound = issue('Hẹp 2', root, [...authority, mailConstraint(1, 'xa.example')]);
      return [issue('x', bound, [...signer, mailName('a@xa.example')]), [bound]];
    },
    'CHAIN_CONSTRAINTS_FAILURE',
  ],
  [
    'the issuer wants a certificate policy and there is none',
    () => {
      const bound = issue('Chính sách', root, [...authority, explicitPolicy]);
      return [issue('x', bound, signer), [bound]];
    },
    'CHAIN_CONSTRAINTS_FAILURE',
  ],
])('refuses when %s, as OpenSSL does', (_name, make, reason) => {
  const [subject, pool] = make();
  expect(path(subject, pool)).toMatchObject({ ok: false, reason });
  expect(opensslAccepts(subject, pool)).toBe(false);
});

it('takes names and policies that keep what the issuers demand, as OpenSSL does', () => {
  const bound = issue('Hẹp 3', root, [...authority, mailConstraint(0, 'xa.example'), explicitPolicy, policy]);
  const subject = issue('x', bound, [...signer, mailName('a@xa.example'), policy]);
  expect(path(subject, [bound]).ok).toBe(true);
  expect(opensslAccepts(subject, [bound])).toBe(true);
});

it('refuses a leaf that may not sign, which OpenSSL leaves to the application', () => {
  const odd = issue('x', middle, [keyUsageExtension(['keyEncipherment'])]);
  expect(path(odd, [middle])).toMatchObject({
    ok: false,
    reason: 'CHAIN_CONSTRAINTS_FAILURE',
    where: 'leaf',
  });
});

it('wants the critical timeStamping purpose alone for timestamps', () => {
  const make = (purposes: string[], critical: 'critical' | 'not-critical'): Entity =>
    issue('TSA', middle, [...signer, extendedKeyUsageExtension(purposes, critical)]);
  const as = (entity: Entity): boolean => path(entity, [middle], { purpose: 'timestamp' }).ok;
  expect(as(make([oids.timeStamping], 'critical'))).toBe(true);
  expect(as(make([oids.timeStamping], 'not-critical'))).toBe(false);
  expect(as(make([oids.timeStamping, oids.codeSigning], 'critical'))).toBe(false);
  expect(as(leaf)).toBe(false);
  expect(path(make([oids.timeStamping], 'critical'), [middle]).ok).toBe(false);
});

it('ends when certificates issue each other in a ring', () => {
  const a = issue('A', undefined, authority);
  const names = Array.from({ length: 12 }, () => issue('A', a, authority));
  const subject = issue('x', a, signer);
  expect(path(subject, [a, ...names])).toMatchObject({ ok: false, reason: 'NO_CERTIFICATE_CHAIN_FOUND' });
});

it('takes an intermediate authority as anchor', () => {
  expect(path(leaf, [], { anchors: [middle] }).ok).toBe(true);
});

it('reads anchors from files and folders, PEM or DER, once each', async () => {
  writeFileSync(join(dir, 'one.crt'), toPem('CERTIFICATE', root.certificate.der));
  writeFileSync(join(dir, 'two.der'), root.certificate.der);
  const anchors = await loadAnchors([join(dir, 'one.crt'), join(dir, 'two.der')], 'timestamp');
  expect(anchors).toHaveLength(1);
  expect(anchors[0]).toMatchObject({ purpose: 'timestamp', class: 'unknown', sample: false });
  await expect(loadAnchors([join(dir, 'none.crt')], 'signature')).rejects.toMatchObject({
    code: 'verification.certificate-missing',
  });
  writeFileSync(join(dir, 'bad.crt'), 'xin chào');
  await expect(loadAnchors([join(dir, 'bad.crt')], 'signature')).rejects.toMatchObject({
    code: 'verification.certificate-unreadable',
  });
});

it('refuses a sample root in a real agency, and a leaf as anchor anywhere', () => {
  const sample = issue('Mẫu', undefined, [...authority, sampleMarkExtension()]).certificate;
  expect(() => acceptAnchor(sample, 'signature', 'real')).toThrow(/demo-anchor-refused/);
  expect(acceptAnchor(sample, 'signature', 'sample').sample).toBe(true);
  expect(() => acceptAnchor(leaf.certificate, 'signature', 'real')).toThrow(/anchor-not-authority/);
  expect(acceptAnchor(root.certificate, 'signature', 'real').sample).toBe(false);
});
