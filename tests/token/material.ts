import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Identity {
  readonly privateKeyPem: string;
  /** Certificate, DER. */
  readonly certificate: Uint8Array;
  /** PKCS#12 with key, certificate and issuer, protected by `p12Password`. */
  readonly p12: Uint8Array;
}

export interface Material {
  readonly issuer: Uint8Array;
  identity(name: string, key: 'rsa:2048' | 'rsa:3072' | 'ec'): Identity;
  /** A certificate for a key that was made elsewhere (SubjectPublicKeyInfo, DER). */
  certify(name: string, publicKey: Uint8Array): Uint8Array;
}

/** Not ASCII on purpose: passwords of PKCS#12 are UTF-16 inside. */
export const p12Password = 'mật khẩu 12';

/** Certificates of a small test CA, made with the openssl command in `folder`. */
export function createMaterial(folder: string): Material {
  const at = (name: string): string => join(folder, name);
  const openssl = (...parts: (string | string[])[]): Buffer =>
    execFileSync('openssl', parts.flat(), { stdio: 'pipe' });
  const newKey = (key: string): string[] =>
    key === 'ec' ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['-newkey', key];
  const subject = (name: string): string[] => ['-utf8', '-subj', `/C=VN/O=UBND xã Thử Nghiệm/CN=${name}`];
  openssl(
    ['req', '-x509', ...newKey('ec'), '-nodes', '-days', '3650', ...subject('CA thử nghiệm')],
    ['-keyout', at('ca.key'), '-out', at('ca.crt')],
  );
  const issuer = derOf(at('ca.crt'));
  return {
    issuer,
    certify(name, publicKey) {
      writeFileSync(
        at('public.pem'),
        createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }).export({
          format: 'pem',
          type: 'spki',
        }),
      );
      openssl(
        ['x509', '-new', '-force_pubkey', at('public.pem'), '-subj', `/CN=${name}`, '-days', '365'],
        ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('certified.crt')],
      );
      return derOf(at('certified.crt'));
    },
    identity(name, key) {
      const file = (ending: string): string => at(`${key.replace(':', '-')}.${ending}`);
      openssl(
        'req',
        '-new',
        ...newKey(key),
        '-nodes',
        ...subject(name),
        '-keyout',
        file('key'),
        '-out',
        file('csr'),
      );
      writeFileSync(file('ext'), 'keyUsage=critical,digitalSignature,nonRepudiation\n');
      openssl(
        ['x509', '-req', '-in', file('csr'), '-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial'],
        ['-days', '365', '-extfile', file('ext'), '-out', file('crt')],
      );
      openssl(
        ['pkcs12', '-export', '-inkey', file('key'), '-in', file('crt'), '-certfile', at('ca.crt')],
        ['-name', name, '-passout', `pass:${p12Password}`, '-out', file('p12')],
      );
      return {
        privateKeyPem: createPrivateKey(readFileSync(file('key')))
          .export({ format: 'pem', type: 'pkcs8' })
          .toString(),
        certificate: derOf(file('crt')),
        p12: readFileSync(file('p12')),
      };
    },
  };
}

const derOf = (path: string): Uint8Array => Uint8Array.from(new X509Certificate(readFileSync(path)).raw);
