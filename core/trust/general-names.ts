import { children, decode, type Asn1Node } from '../asn1/der.ts';
import { readName, sameName, type DistinguishedName } from './distinguished-name.ts';

/** A GeneralName (RFC 5280 4.2.1.6): the kinds that name constraints and distribution points speak of. */
export type GeneralName =
  | { readonly kind: 'email' | 'dns' | 'uri'; readonly value: string }
  | { readonly kind: 'ip'; readonly bytes: Uint8Array }
  | { readonly kind: 'directory'; readonly name: DistinguishedName }
  | { readonly kind: 'other'; readonly raw: Uint8Array };

/** Reads one GeneralName; throws Asn1Error. */
export function readGeneralName(node: Asn1Node): GeneralName {
  const text = (): string => Buffer.from(node.content).toString('latin1');
  switch (node.tag) {
    case 0x81:
      return { kind: 'email', value: text() };
    case 0x82:
      return { kind: 'dns', value: text() };
    case 0x86:
      return { kind: 'uri', value: text() };
    case 0x87:
      return { kind: 'ip', bytes: node.content };
    case 0xa4:
      return { kind: 'directory', name: readName(decode(node.content)) };
    default:
      return { kind: 'other', raw: node.raw };
  }
}

/** Reads GeneralNames, whatever tag the list itself has. */
export function readGeneralNames(list: Asn1Node): GeneralName[] {
  return children(list).map(readGeneralName);
}

/** Whether two names are the same, as distribution points compare them. */
export function sameGeneralName(a: GeneralName, b: GeneralName): boolean {
  if (a.kind === 'directory') return b.kind === 'directory' && sameName(a.name, b.name);
  if (a.kind === 'ip') return b.kind === 'ip' && Buffer.compare(a.bytes, b.bytes) === 0;
  if (a.kind === 'other') return b.kind === 'other' && Buffer.compare(a.raw, b.raw) === 0;
  return a.kind === b.kind && a.value === b.value;
}
