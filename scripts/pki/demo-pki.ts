import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { parseCertificate, readCertificates } from '../../core/trust/certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import {
  basicConstraintsExtension,
  buildCertificate,
  extendedKeyUsageExtension,
  keyUsageExtension,
  revocationExtensions,
  sampleMarkExtension,
  toPem,
  type ExtensionPart,
  type NameParts,
} from './certificate-builder.ts';
import { loopbackPort } from '../lib/loopback-port.ts';
import { buildPkcs12 } from './pkcs12.ts';

const newKeyPair = promisify(generateKeyPair);

const yearMs = 365 * 24 * 3600 * 1000;
const dayMs = 24 * 3600 * 1000;

/** Says in the certificate's own subject that it is worth nothing. */
const sampleOrganization = 'DỮ LIỆU MẪU - KHÔNG CÓ GIÁ TRỊ PHÁP LÝ';

interface PersonOptions {
  readonly name: string;
  readonly title: string;
}

export interface DemoPkiOptions {
  /** Vietnamese name of the agency whose clerk sits at the PC. */
  readonly agencyName: string;
  /** Mã định danh (domain/vietnam.md §4). */
  readonly organId: string;
  /** The agency that sends the e-document of the demo's inbox. */
  readonly senderName: string;
  readonly senderOrganId: string;
  /** A leader of the agency with a personal certificate. */
  readonly leader?: PersonOptions;
  /** Protects every PKCS#12 file. */
  readonly pin: string;
  readonly now?: Date;
}

const identitySchema = z.object({ certificate: z.string(), key: z.string(), pkcs12: z.string() });
const stateSchema = z.object({
  servicePort: z.number().int().positive(),
  agencyName: z.string(),
  hasLeader: z.boolean(),
});

/** Paths of one certificate with its key. */
export type IdentityFiles = z.infer<typeof identitySchema>;

/** An authority of the demo in memory. */
export interface DemoAuthority {
  readonly name: NameParts;
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
}

/** The demo's keys and certificates. All paths are absolute when `dir` is. */
export interface DemoPki {
  readonly dir: string;
  /** PEM of the root alone: the trust anchor for signatures and for timestamps. */
  readonly rootPath: string;
  /** PEM of the issuing authority. */
  readonly issuingPath: string;
  /** PEM of issuing authority and root, for foreign tools. */
  readonly chainPath: string;
  readonly agency: IdentityFiles;
  readonly sender: IdentityFiles;
  readonly leader: IdentityFiles | undefined;
  readonly tsaCertificatePath: string;
  /** Where the OCSP responder must listen, since certificates name it. */
  readonly servicePort: number;
  readonly ocspUrl: string;
  readonly root: DemoAuthority;
  readonly issuing: DemoAuthority;
  readonly tsa: { readonly certificate: Uint8Array; readonly key: KeyObject };
  readonly ocsp: { readonly certificate: Uint8Array; readonly key: KeyObject };
}

const rootName: NameParts = [
  ['C', 'VN'],
  ['O', sampleOrganization],
  ['CN', 'Ấn Thư - CA gốc MẪU'],
];
const issuingName: NameParts = [
  ['C', 'VN'],
  ['O', sampleOrganization],
  ['CN', 'Ấn Thư - CA cấp chứng thư MẪU'],
];

async function newRsaKey(): Promise<KeyObject> {
  return (await newKeyPair('rsa', { modulusLength: 2048 })).privateKey;
}

const ocspUrlOf = (port: number): string => `http://127.0.0.1:${port}/ocsp`;
const crlUrlOf = (port: number, name: 'root' | 'issuing'): string => `http://127.0.0.1:${port}/${name}.crl`;

/** Where and until when a certificate of {@link issueCertificate} counts. */
interface IssueOptions {
  readonly subject: NameParts;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Default: signs documents (digitalSignature, nonRepudiation). */
  readonly extensions?: readonly ExtensionPart[];
  /** Default: a new RSA key. */
  readonly key?: KeyObject;
}

/** A certificate with its key, in memory. */
export interface IssuedCertificate {
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
}

/** Issues a certificate under the issuing authority: expired, not yet valid, odd usages – as tests need. */
export async function issueCertificate(
  pki: Pick<DemoPki, 'issuing' | 'servicePort'>,
  options: IssueOptions,
): Promise<IssuedCertificate> {
  const key = options.key ?? (await newRsaKey());
  const certificate = buildCertificate({
    subject: options.subject,
    subjectKey: key,
    issuer: pki.issuing.name,
    issuerKey: pki.issuing.key,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    extensions: [
      ...(options.extensions ?? [keyUsageExtension(['digitalSignature', 'nonRepudiation'])]),
      ...revocationExtensions(ocspUrlOf(pki.servicePort), crlUrlOf(pki.servicePort, 'issuing')),
      sampleMarkExtension(),
    ],
  });
  return { certificate, key };
}

async function writeKey(path: string, key: KeyObject): Promise<void> {
  await writeFile(path, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
}

/** Writes certificate, key and PKCS#12 (with the issuing authority) as `name.crt`, `name.key`, `name.p12`. */
export async function writeIdentity(
  pki: Pick<DemoPki, 'dir' | 'issuing'>,
  name: string,
  identity: IssuedCertificate,
  pin: string,
): Promise<IdentityFiles> {
  const files = identityFiles(pki.dir, name);
  const chain = [identity.certificate, pki.issuing.certificate];
  await writeFile(files.certificate, toPem('CERTIFICATE', identity.certificate));
  await writeKey(files.key, identity.key);
  await writeFile(files.pkcs12, buildPkcs12(identity.key, chain, pin, name), { mode: 0o600 });
  return files;
}

function identityFiles(dir: string, name: string): IdentityFiles {
  return {
    certificate: join(dir, `${name}.crt`),
    key: join(dir, `${name}.key`),
    pkcs12: join(dir, `${name}.p12`),
  };
}

function newAuthorities(keys: { root: KeyObject; issuing: KeyObject }, port: number, now: Date) {
  const usage = keyUsageExtension(['keyCertSign', 'cRLSign']);
  const notBefore = new Date(now.getTime() - dayMs);
  const root = buildCertificate({
    subject: rootName,
    subjectKey: keys.root,
    issuer: rootName,
    issuerKey: keys.root,
    notBefore,
    notAfter: new Date(now.getTime() + 20 * yearMs),
    extensions: [basicConstraintsExtension(1), usage, sampleMarkExtension()],
  });
  const issuing = buildCertificate({
    subject: issuingName,
    subjectKey: keys.issuing,
    issuer: rootName,
    issuerKey: keys.root,
    notBefore,
    notAfter: new Date(now.getTime() + 10 * yearMs),
    extensions: [
      basicConstraintsExtension(0),
      usage,
      ...revocationExtensions(ocspUrlOf(port), crlUrlOf(port, 'root')),
      sampleMarkExtension(),
    ],
  });
  return {
    root: { name: rootName, certificate: root, key: keys.root },
    issuing: { name: issuingName, certificate: issuing, key: keys.issuing },
  };
}

/**
 * Makes a fresh public-key infrastructure for a sample agency in `dir` (created, mode 0700): root, issuing
 * authority, agency, sending agency, leader, TSA and OCSP responder, RSA-2048 throughout. Everything in it is
 * marked as sample.
 */
export async function createDemoPki(dir: string, options: DemoPkiOptions): Promise<DemoPki> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const now = options.now ?? new Date();
  const servicePort = await loopbackPort();
  const [rootKey, issuingKey] = await Promise.all([newRsaKey(), newRsaKey()]);
  const authorities = newAuthorities({ root: rootKey, issuing: issuingKey }, servicePort, now);
  const base = { ...authorities, servicePort, dir };
  const life = { notBefore: new Date(now.getTime() - dayMs), notAfter: new Date(now.getTime() + 3 * yearMs) };
  const service = (commonName: string): NameParts => [
    ['C', 'VN'],
    ['O', sampleOrganization],
    ['CN', commonName],
  ];
  const organization = (name: string, organId: string): NameParts => [
    ['C', 'VN'],
    ['O', name],
    ['SERIALNUMBER', organId],
    ['CN', name],
  ];
  const { leader } = options;
  const [agency, sender, tsa, ocsp, person] = await Promise.all([
    issueCertificate(base, { ...life, subject: organization(options.agencyName, options.organId) }),
    issueCertificate(base, { ...life, subject: organization(options.senderName, options.senderOrganId) }),
    issueCertificate(base, {
      ...life,
      subject: service('Ấn Thư - TSA MẪU'),
      extensions: [
        keyUsageExtension(['digitalSignature']),
        extendedKeyUsageExtension([oids.timeStamping], 'critical'),
      ],
    }),
    issueCertificate(base, {
      ...life,
      subject: service('Ấn Thư - OCSP MẪU'),
      extensions: [
        keyUsageExtension(['digitalSignature']),
        extendedKeyUsageExtension([oids.ocspSigning], 'not-critical'),
        { id: oids.ocspNoCheck, critical: false, value: Uint8Array.of(5, 0) },
      ],
    }),
    leader &&
      issueCertificate(base, {
        ...life,
        subject: [
          ['C', 'VN'],
          ['O', options.agencyName],
          ['T', leader.title],
          ['CN', leader.name],
        ],
      }),
  ]);

  const paths = pkiPaths(dir);
  await writeFile(paths.rootPath, toPem('CERTIFICATE', base.root.certificate));
  await writeFile(paths.issuingPath, toPem('CERTIFICATE', base.issuing.certificate));
  await writeFile(
    paths.chainPath,
    toPem('CERTIFICATE', base.issuing.certificate) + toPem('CERTIFICATE', base.root.certificate),
  );
  await writeFile(paths.tsaCertificatePath, toPem('CERTIFICATE', tsa.certificate));
  await writeFile(join(dir, 'ocsp.crt'), toPem('CERTIFICATE', ocsp.certificate));
  await writeKey(join(dir, 'root.key'), base.root.key);
  await writeKey(join(dir, 'issuing.key'), base.issuing.key);
  await writeKey(join(dir, 'tsa.key'), tsa.key);
  await writeKey(join(dir, 'ocsp.key'), ocsp.key);
  await writeIdentity(base, 'agency', agency, options.pin);
  await writeIdentity(base, 'sender', sender, options.pin);
  if (person) await writeIdentity(base, 'leader', person, options.pin);
  const state = { servicePort, agencyName: options.agencyName, hasLeader: person !== undefined };
  await writeFile(join(dir, 'pki.json'), `${JSON.stringify(state, null, 2)}\n`);
  return await loadDemoPki(dir);
}

function pkiPaths(dir: string) {
  return {
    rootPath: join(dir, 'root.crt'),
    issuingPath: join(dir, 'issuing.crt'),
    chainPath: join(dir, 'chain.pem'),
    tsaCertificatePath: join(dir, 'tsa.crt'),
  };
}

async function readIdentity(dir: string, name: string): Promise<IssuedCertificate> {
  const [certificate] = readCertificates(await readFile(join(dir, `${name}.crt`)));
  if (!certificate) throw new Error(`no certificate in ${name}.crt`);
  return {
    certificate: parseCertificate(certificate.der).der,
    key: createPrivateKey(await readFile(join(dir, `${name}.key`))),
  };
}

/** Opens what {@link createDemoPki} wrote, so that a kept demo folder can go on. */
export async function loadDemoPki(dir: string): Promise<DemoPki> {
  const state = stateSchema.parse(JSON.parse(await readFile(join(dir, 'pki.json'), 'utf8')));
  const [root, issuing, tsa, ocsp] = await Promise.all(
    ['root', 'issuing', 'tsa', 'ocsp'].map((name) => readIdentity(dir, name)),
  );
  if (!root || !issuing || !tsa || !ocsp) throw new Error('the demo PKI is incomplete');
  return {
    dir,
    ...pkiPaths(dir),
    agency: identityFiles(dir, 'agency'),
    sender: identityFiles(dir, 'sender'),
    leader: state.hasLeader ? identityFiles(dir, 'leader') : undefined,
    servicePort: state.servicePort,
    ocspUrl: ocspUrlOf(state.servicePort),
    root: { name: rootName, ...root },
    issuing: { name: issuingName, ...issuing },
    tsa,
    ocsp,
  };
}
