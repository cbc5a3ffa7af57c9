import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { AnThuError } from '../../core/shared/errors.ts';

/** What was inside a PKCS#12 file: the key, its certificate and the others. */
export interface SoftKey {
  readonly privateKey: KeyObject;
  readonly certificate: Uint8Array;
  readonly others: readonly Uint8Array[];
  /** Friendly name of the key; empty when it has none. */
  readonly label: string;
}

const derOf = (node: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');

function parseOuter(path: string, bytes: Uint8Array): forge.asn1.Asn1 {
  try {
    return forge.asn1.fromDer(Buffer.from(bytes).toString('latin1'));
  } catch (cause) {
    throw new AnThuError('token.soft-unreadable', { path }, { cause });
  }
}

/** Whether the bytes look like a PKCS#12 file; no password needed. Error: `token.soft-unreadable`. */
export function assertPkcs12(path: string, bytes: Uint8Array): void {
  const [version, content] = parseOuter(path, bytes).value;
  const isNode = (node: forge.asn1.Asn1 | string | undefined): node is forge.asn1.Asn1 =>
    typeof node === 'object';
  const shaped =
    isNode(version) &&
    isNode(content) &&
    version.type === forge.asn1.Type.INTEGER &&
    version.value === '\x03';
  if (!shaped) throw new AnThuError('token.soft-unreadable', { path });
}

/**
 * Opens a PKCS#12 file. Errors: `token.pin-incorrect` when the MAC says that the password is wrong,
 * `token.soft-unreadable`, `token.soft-key-unsupported` for keys other than RSA (node-forge reads no EC keys, and
 * node:crypto does not sign ready digests with them), `token.key-not-found`, `token.certificate-not-found`.
 */
export function openPkcs12(path: string, bytes: Uint8Array, password: string): SoftKey {
  assertPkcs12(path, bytes);
  const container = decrypt(path, bytes, password);
  const keyBag = [
    ...bagsOf(container, forge.pki.oids['pkcs8ShroudedKeyBag']),
    ...bagsOf(container, forge.pki.oids['keyBag']),
  ][0];
  if (!keyBag) throw new AnThuError('token.key-not-found', { path });
  if (!keyBag.key) throw new AnThuError('token.soft-key-unsupported', { path, reason: 'EC' });
  const privateKey = createPrivateKey({
    key: derOf(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(keyBag.key))),
    format: 'der',
    type: 'pkcs8',
  });
  const certificates = bagsOf(container, forge.pki.oids['certBag']).map((bag) =>
    derOf(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1),
  );
  const certificate = certificates.find((der) => new X509Certificate(der).checkPrivateKey(privateKey));
  if (!certificate) throw new AnThuError('token.certificate-not-found', { path });
  return {
    privateKey,
    certificate: Uint8Array.from(certificate),
    others: certificates.filter((der) => der !== certificate).map((der) => Uint8Array.from(der)),
    label: friendlyName(keyBag),
  };
}

function decrypt(path: string, bytes: Uint8Array, password: string): forge.pkcs12.Pkcs12Pfx {
  const outer = parseOuter(path, bytes);
  try {
    return forge.pkcs12.pkcs12FromAsn1(outer, password);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    if (/invalid password/i.test(message)) throw new AnThuError('token.pin-incorrect', { path }, { cause });
    return decryptWithUtf8(path, outer, password, message);
  }
}

/**
 * The MAC of PKCS#12 takes the password in UTF-16, PBES2 inside takes UTF-8; node-forge gives both the same string.
 * For a password beyond ASCII, whose MAC was right, the contents are read again without MAC and with UTF-8.
 */
function decryptWithUtf8(
  path: string,
  outer: forge.asn1.Asn1,
  password: string,
  firstReason: string,
): forge.pkcs12.Pkcs12Pfx {
  const utf8 = forge.util.encodeUtf8(password);
  const unreadable = new AnThuError('token.soft-unreadable', { path, reason: firstReason.slice(0, 200) });
  if (utf8 === password || !Array.isArray(outer.value)) throw unreadable;
  try {
    return forge.pkcs12.pkcs12FromAsn1({ ...outer, value: outer.value.slice(0, 2) }, utf8);
  } catch {
    throw unreadable;
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
