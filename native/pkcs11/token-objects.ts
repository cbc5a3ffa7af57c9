import pkcs11js from 'pkcs11js';
import { AnThuError } from '../../core/shared/errors.ts';
import { certificateToUse } from '../token-host/certificate-in-force.ts';
import { isIssuedBy, summarizeCertificate } from '../token-host/certificate-summary.ts';
import { call, type Handle, type Pkcs11 } from './module.ts';
import type { Pkcs11Uri } from './pkcs11-uri.ts';

export interface TokenCertificate {
  /** CKA_ID in lower-case hex; empty when the object has none. */
  readonly id: string;
  readonly label: string;
  readonly der: Uint8Array;
}

type Template = { type: number; value?: Buffer | number | boolean | string }[];

function findAll(module: Pkcs11, session: Handle, template: Template): Handle[] {
  call('C_FindObjectsInit', () => module.C_FindObjectsInit(session, template));
  try {
    const found: Handle[] = [];
    for (;;) {
      const batch = call('C_FindObjects', () => module.C_FindObjects(session, 32));
      found.push(...batch);
      if (batch.length === 0) return found;
    }
  } finally {
    endSearch(module, session);
  }
}

/** A token that is gone by now has ended the search by itself; what the search found or threw counts. */
function endSearch(module: Pkcs11, session: Handle): void {
  try {
    module.C_FindObjectsFinal(session);
  } catch {
    // nothing is left to end
  }
}

/** One attribute, or an empty buffer where the token does not have it. */
function attribute(module: Pkcs11, session: Handle, object: Handle, type: number): Buffer {
  try {
    const [result] = module.C_GetAttributeValue(session, object, [{ type }]);
    return Buffer.isBuffer(result?.value) ? result.value : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0);
  }
}

function isCertificate(der: Uint8Array): boolean {
  try {
    summarizeCertificate(der);
    return true;
  } catch {
    return false;
  }
}

/** The X.509 certificates that the session may see (usually all, without login); unreadable ones are left out. */
export function readCertificates(module: Pkcs11, session: Handle): TokenCertificate[] {
  const handles = findAll(module, session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_CERTIFICATE },
    { type: pkcs11js.CKA_CERTIFICATE_TYPE, value: pkcs11js.CKC_X_509 },
  ]);
  return handles
    .map((handle) => ({
      id: attribute(module, session, handle, pkcs11js.CKA_ID).toString('hex'),
      label: attribute(module, session, handle, pkcs11js.CKA_LABEL).toString('utf8'),
      der: Uint8Array.from(attribute(module, session, handle, pkcs11js.CKA_VALUE)),
    }))
    .filter((certificate) => isCertificate(certificate.der));
}

/**
 * Certificates that may belong to a key: those that issued another one on the token are CA certificates. One that was signed with
 * itself makes none of its renewed self, of the same name, an authority.
 */
export function endEntityCertificates(all: readonly TokenCertificate[]): TokenCertificate[] {
  return all.filter(
    (certificate) =>
      !all.some(
        (other) =>
          other !== certificate &&
          isIssuedBy(other.der, certificate.der) &&
          !isIssuedBy(other.der, other.der),
      ) || all.length === 1,
  );
}

/**
 * The certificate that the URI names by `id` and `object`. Of several with one CKA_ID (a renewed certificate over
 * the same key) the one to use `now` (`certificateToUse`), and none of an authority that bears the same. Errors:
 * `token.certificate-not-found`, `token.ambiguous`.
 */
export function chooseCertificate(
  all: readonly TokenCertificate[],
  uri: Pkcs11Uri,
  now = new Date(),
): TokenCertificate {
  const isNamed = ({ id, label }: TokenCertificate): boolean =>
    (uri.id === undefined || uri.id === id) && (uri.object === undefined || uri.object === label);
  const named = uri.id !== undefined || uri.object !== undefined;
  const own = endEntityCertificates(all).filter(isNamed);
  const candidates = own.length === 0 && named ? all.filter(isNamed) : own;
  const first = certificateToUse(candidates, ({ der }) => der, now);
  if (!first) throw new AnThuError('token.certificate-not-found');
  if (candidates.some((other) => !shareKey(other, first)))
    throw new AnThuError('token.ambiguous', { count: candidates.length });
  return first;
}

/** Whether both belong to one key: by CKA_ID, or by label where the token gives no ids (as `findPrivateKey` looks it up). */
function shareKey(a: TokenCertificate, b: TokenCertificate): boolean {
  return a.id === b.id && (a.id !== '' || a.label === b.label);
}

/** For each key its certificate, as {@link chooseCertificate} takes it. */
export function certificatesOfKeys(all: readonly TokenCertificate[], now = new Date()): TokenCertificate[] {
  const own = endEntityCertificates(all);
  const isUsed = (one: TokenCertificate): boolean =>
    certificateToUse(
      own.filter((other) => shareKey(other, one)),
      ({ der }) => der,
      now,
    ) === one;
  return own.filter(isUsed);
}

export interface PrivateKey {
  readonly handle: Handle;
  /** CKA_ALWAYS_AUTHENTICATE: the token wants the PIN for every signature. */
  readonly alwaysAuthenticate: boolean;
}

/** The private key that belongs to a certificate: same CKA_ID, or same label where the token gives no ids. */
export function findPrivateKey(module: Pkcs11, session: Handle, certificate: TokenCertificate): PrivateKey {
  const [handle, ...others] = findAll(module, session, [
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY },
    certificate.id === ''
      ? { type: pkcs11js.CKA_LABEL, value: certificate.label }
      : { type: pkcs11js.CKA_ID, value: Buffer.from(certificate.id, 'hex') },
  ]);
  if (!handle) throw new AnThuError('token.key-not-found');
  if (others.length > 0) throw new AnThuError('token.ambiguous', { count: others.length + 1 });
  return { handle, alwaysAuthenticate: isAlwaysAuthenticate(module, session, handle) };
}

function isAlwaysAuthenticate(module: Pkcs11, session: Handle, key: Handle): boolean {
  const always = attribute(module, session, key, pkcs11js.CKA_ALWAYS_AUTHENTICATE);
  return always.length > 0 && always[0] !== 0;
}

/** Whether any private key that the session sees wants the PIN with every signature. */
export function hasAlwaysAuthenticateKey(module: Pkcs11, session: Handle): boolean {
  const keys = findAll(module, session, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY }]);
  return keys.some((key) => isAlwaysAuthenticate(module, session, key));
}
