import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SigningKey, SignRequest } from '../../core/ports/signing-key.ts';

/** A throw-away PKI made with the openssl program in a folder of the test. */
export interface TestPki {
  readonly dir: string;
  /** PEM file of the self-signed root. */
  readonly rootPem: string;
  /** PEM file of the issuing CA. */
  readonly issuingPem: string;
  /** A software key with a certificate of the issuing CA. */
  key(kind: TestKeyKind, name?: string): SigningKey;
  /** PEM files of a certificate with extended key usage timeStamping. */
  timestampAuthority(): { certificate: string; key: string };
}

type TestKeyKind = 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'P-256' | 'P-384' | 'P-521';

/** Makes a root and an issuing CA in `dir`. */
export function makeTestPki(dir: string): TestPki {
  const rootPem = join(dir, 'root.pem');
  const issuingPem = join(dir, 'issuing.pem');
  newKey(dir, 'root', 'P-256');
  openssl(dir, 'req', '-x509', '-key', 'root.key', '-subj', '/C=VN/O=Test/CN=Test Root', '-days', '3650',
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign',
    '-out', 'root.pem'); // prettier-ignore
  newKey(dir, 'issuing', 'P-256');
  issue(dir, 'issuing', '/C=VN/O=Test/CN=Test Issuing CA', 'root', [
    'basicConstraints=critical,CA:TRUE,pathlen:0',
    'keyUsage=critical,keyCertSign,cRLSign',
  ]);
  return {
    dir,
    rootPem,
    issuingPem,
    key: (kind, name = `signer-${kind}`) => makeKey(dir, kind, name),
    timestampAuthority: () => {
      newKey(dir, 'tsa', 'rsa-2048');
      issue(dir, 'tsa', '/C=VN/O=Test/CN=Test TSA', 'issuing', [
        'keyUsage=critical,digitalSignature',
        'extendedKeyUsage=critical,timeStamping',
      ]);
      return { certificate: join(dir, 'tsa.pem'), key: join(dir, 'tsa.key') };
    },
  };
}

function makeKey(dir: string, kind: TestKeyKind, name: string): SigningKey {
  newKey(dir, name, kind);
  issue(dir, name, `/C=VN/O=UBND xa Thu/CN=${name}`, 'issuing', [
    'basicConstraints=CA:FALSE',
    'keyUsage=critical,digitalSignature,nonRepudiation',
  ]);
  const details = createPrivateKey(readFileSync(join(dir, `${name}.key`))).asymmetricKeyDetails;
  return {
    uri: `file:${name}.p12`,
    label: name,
    keyType: kind.startsWith('rsa') ? 'rsa' : 'ec',
    bits: details?.modulusLength ?? Number(kind.slice(2)),
    certificate: certificateDer(join(dir, `${name}.pem`)),
    chain: [certificateDer(join(dir, 'issuing.pem'))],
    sign: (request) => signWithOpenssl(join(dir, `${name}.key`), request),
  };
}

/** Signs the digest in a process of its own: an implementation that is not ours and not Node's. */
function signWithOpenssl(
  keyPath: string,
  { scheme, digestAlgorithm, digest }: SignRequest,
): Promise<Uint8Array> {
  const args = ['pkeyutl', '-sign', '-inkey', keyPath, '-pkeyopt', `digest:${digestAlgorithm}`];
  if (scheme === 'rsa-pss')
    args.push('-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:digest');
  return new Promise((resolve, reject) => {
    const child = execFile('openssl', args, { encoding: 'buffer' }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    child.stdin?.end(digest);
  });
}

/** A certificate file as DER. */
function certificateDer(path: string): Uint8Array {
  return new X509Certificate(readFileSync(path)).raw;
}

function newKey(dir: string, name: string, kind: TestKeyKind): void {
  const options = kind.startsWith('rsa')
    ? ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${kind.slice(4)}`]
    : ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${kind}`];
  openssl(dir, 'genpkey', ...options, '-out', `${name}.key`);
}

function issue(dir: string, name: string, subject: string, issuer: string, extensions: string[]): void {
  writeFileSync(join(dir, `${name}.ext`), extensions.join('\n'));
  openssl(dir, 'req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
  openssl(dir, 'x509', '-req', '-in', `${name}.csr`, '-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`,
    '-CAcreateserial', '-days', '3000', '-extfile', `${name}.ext`, '-out', `${name}.pem`); // prettier-ignore
}

function openssl(dir: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
}
