import { children, decode, expectTag, tag, type Asn1Node } from '../asn1/der.ts';
import type { Certificate } from './certificate.ts';
import { isWithinName, sameName } from './distinguished-name.ts';
import { readGeneralName, readGeneralNames, type GeneralName } from './general-names.ts';
import { oids } from './oids.ts';

interface Constraints {
  /** Undefined: everything is permitted. */
  readonly permitted: readonly GeneralName[] | undefined;
  readonly excluded: readonly GeneralName[];
}

function readConstraints(certificate: Certificate): Constraints | undefined {
  const extension = certificate.extensions.get(oids.nameConstraints);
  if (!extension) return undefined;
  const parts = children(expectTag(decode(extension.value), tag.sequence));
  const subtrees = (node: Asn1Node): GeneralName[] =>
    children(node).map((subtree) => {
      const [base] = children(expectTag(subtree, tag.sequence));
      return readGeneralName(expectTag(base, base?.tag ?? 0));
    });
  const permitted = parts.find((part) => part.tag === 0xa0);
  const excluded = parts.find((part) => part.tag === 0xa1);
  return { permitted: permitted && subtrees(permitted), excluded: excluded ? subtrees(excluded) : [] };
}

const emailAddress = '1.2.840.113549.1.9.1';

/** All names that constraints bind: subject, alternative names, and the e-mail of a subject without such a name. */
function namesOf(certificate: Certificate): GeneralName[] {
  const extension = certificate.extensions.get(oids.subjectAltName);
  const alternatives = extension ? readGeneralNames(expectTag(decode(extension.value), tag.sequence)) : [];
  const names = [...alternatives];
  if (certificate.subject.relativeNames.length > 0)
    names.push({ kind: 'directory', name: certificate.subject });
  if (!alternatives.some(({ kind }) => kind === 'email'))
    for (const { type, value } of certificate.subject.relativeNames.flat())
      if (type === emailAddress) names.push({ kind: 'email', value });
  return names;
}

function hostWithin(host: string, base: string): boolean {
  const [name, limit] = [host.toLowerCase(), base.toLowerCase()];
  return limit.startsWith('.') ? name.endsWith(limit) && name.length > limit.length : name === limit;
}

function addressWithin(address: Uint8Array, base: Uint8Array): boolean {
  const length = base.length / 2;
  return (
    address.length === length &&
    address.every((byte, index) => {
      const mask = base[length + index] ?? 0;
      return (byte & mask) === ((base[index] ?? 0) & mask);
    })
  );
}

function uriHost(uri: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(uri)?.[1];
}

/** Whether a name lies within a subtree of its own kind (RFC 5280 4.2.1.10). */
function within(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'directory' && base.kind === 'directory') return isWithinName(base.name, name.name);
  if (name.kind === 'ip' && base.kind === 'ip') return addressWithin(name.bytes, base.bytes);
  if (name.kind === 'dns' && base.kind === 'dns') {
    const limit = base.value.toLowerCase().replace(/^\./, '');
    const value = name.value.toLowerCase();
    return limit === '' || value === limit || value.endsWith(`.${limit}`);
  }
  if (name.kind === 'email' && base.kind === 'email') {
    const at = name.value.lastIndexOf('@');
    const host = name.value.slice(at + 1);
    if (base.value.includes('@')) {
      const limit = base.value.lastIndexOf('@');
      const sameLocal = name.value.slice(0, at) === base.value.slice(0, limit);
      return sameLocal && host.toLowerCase() === base.value.slice(limit + 1).toLowerCase();
    }
    return hostWithin(host, base.value);
  }
  if (name.kind === 'uri' && base.kind === 'uri') {
    const host = uriHost(name.value);
    return host !== undefined && hostWithin(host, base.value);
  }
  return false;
}

const sameKind = (a: GeneralName, b: GeneralName): boolean =>
  a.kind === b.kind && (a.kind !== 'other' || (b.kind === 'other' && a.raw[0] === b.raw[0]));

/** A constraint of a kind that we cannot compare forbids every name of that kind. */
function violates(name: GeneralName, { permitted, excluded }: Constraints): boolean {
  const outside = excluded.filter((base) => sameKind(base, name));
  if (outside.some((base) => name.kind === 'other' || within(name, base))) return true;
  const inside = (permitted ?? []).filter((base) => sameKind(base, name));
  return inside.length > 0 && (name.kind === 'other' || !inside.some((base) => within(name, base)));
}

/**
 * Whether every certificate of a path (leaf first, anchor last) keeps the name constraints of those above it
 * (RFC 5280 6.1.3 b and c; self-issued certificates but the leaf are left out). The anchor's own bind as well.
 */
export function keepsNameConstraints(path: readonly Certificate[]): boolean {
  const above: Constraints[] = [];
  for (const [index, certificate] of [...path.entries()].toReversed()) {
    const selfIssued = index > 0 && sameName(certificate.subject, certificate.issuer);
    if (!selfIssued && above.length > 0) {
      const names = namesOf(certificate);
      if (above.some((constraints) => names.some((name) => violates(name, constraints)))) return false;
    }
    const own = readConstraints(certificate);
    if (own) above.push(own);
  }
  return true;
}
