import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { AnThuError } from '../../core/shared/errors.ts';
import { certificateToUse } from '../token-host/certificate-in-force.ts';
import { derOf, type Node, parsePfx } from './pkcs12-der.ts';
import { assertAffordable } from './pkcs12-limits.ts';
import { checkMac } from './pkcs12-mac.ts';

/** A key of a PKCS#12 file with its certificate. */
export interface SoftKey {
  readonly privateKey: KeyObject;
  readonly certificate: Uint8Array;
  /** Friendly name of the key; empty when it has none. */
  readonly label: string;
}

export interface SoftContent {
  /** Keys that have their certificate in the file; one at least. */
  readonly keys: readonly SoftKey[];
  readonly certificates: readonly Uint8Array[];
}

/** Whether the bytes look like a PKCS#12 file; no password needed. Error: `token.soft-unreadable`. */
export function assertPkcs12(path: string, bytes: Uint8Array): void {
  parsePfx(path, bytes);
}

/**
 * Opens a PKCS#12 file, old and new ciphers, RSA and EC keys; of several certificates of one key the one to use `now`. Errors: `token.pin-incorrect` when the MAC says that the password is
 * wrong, `token.soft-too-costly`, `token.soft-unreadable`, `token.soft-key-unsupported` for keys of other kinds,
 * `token.key-not-found`, `token.certificate-not-found`.
 */
export function openPkcs12(path: string, bytes: Uint8Array, password: string, now = new Date()): SoftContent {
  const { outer, content, mac } = parsePfx(path, bytes);
  assertAffordable(path, content, mac);
  const verdict = checkMac(content, mac, password);
  if (verdict === 'wrong') throw new AnThuError('token.pin-incorrect', { path });
  if (verdict === 'unknown-algorithm')
    throw new AnThuError('token.soft-unreadable', { path, reason: 'MAC algorithm' });
  const container = decrypt(path, outer, password);
  const keyBags = [
    ...bagsOf(container, forge.pki.oids['pkcs8ShroudedKeyBag']),
    ...bagsOf(container, forge.pki.oids['keyBag']),
  ];
  if (keyBags.length === 0) throw new AnThuError('token.key-not-found', { path });
  const certificates = bagsOf(container, forge.pki.oids['certBag']).flatMap((bag) => certificateOf(bag));
  const keys = keyBags
    .map((bag) => ({ privateKey: privateKeyOf(path, bag), label: friendlyName(bag) }))
    .flatMap(({ privateKey, label }) => {
      const own = certificateToUse(
        certificates.filter(({ x509 }) => x509.checkPrivateKey(privateKey)),
        ({ der }) => der,
        now,
      );
      return own ? [{ privateKey, label, certificate: own.der }] : [];
    });
  if (keys.length === 0) throw new AnThuError('token.certificate-not-found', { path });
  return { keys, certificates: certificates.map(({ der }) => der) };
}

/**
 * The MAC was checked already, so node-forge gets the file without it. The old ciphers take the password in UTF-16, PBES2 takes it
 * in UTF-8; node-forge gives both the same string, so a password beyond ASCII is tried in both spellings.
 */
function decrypt(path: string, outer: Node, password: string): forge.pkcs12.Pkcs12Pfx {
  const withoutMac = Array.isArray(outer.value) ? { ...outer, value: outer.value.slice(0, 2) } : outer;
  const utf8 = forge.util.encodeUtf8(password);
  let reason = '';
  for (const spelling of new Set([utf8, password])) {
    try {
      return forge.pkcs12.pkcs12FromAsn1(withoutMac, spelling);
    } catch (cause) {
      reason = cause instanceof Error ? cause.message : 'unknown';
    }
  }
  throw new AnThuError('token.soft-unreadable', { path, reason: reason.slice(0, 200) });
}

/** node-forge knows RSA only; other keys it leaves as the PKCS#8 that it decrypted, which node:crypto reads. */
function privateKeyOf(path: string, bag: forge.pkcs12.Bag): KeyObject {
  try {
    const info = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1;
    return createPrivateKey({ key: derOf(info), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new AnThuError('token.soft-key-unsupported', { path, reason: 'unreadable key' }, { cause });
  }
}

/** A certificate that node:crypto cannot read is left out: it cannot be the key's. */
function certificateOf(bag: forge.pkcs12.Bag): { der: Uint8Array; x509: X509Certificate }[] {
  try {
    const der = Uint8Array.from(derOf(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1));
    return [{ der, x509: new X509Certificate(der) }];
  } catch {
    return [];
  }
}

function bagsOf(container: forge.pkcs12.Pkcs12Pfx, bagType: string | undefined): forge.pkcs12.Bag[] {
  if (bagType === undefined) return [];
  return container.getBags({ bagType })[bagType] ?? [];
}

function friendlyName(bag: forge.pkcs12.Bag): string {
  const attributes: unknown = bag.attributes;
  if (typeof attributes !== 'object' || attributes === null || !('friendlyName' in attributes)) return '';
  const [name]: unknown[] = Array.isArray(attributes.friendlyName) ? attributes.friendlyName : [];
  return typeof name === 'string' ? name : '';
}
