import forge from 'node-forge';
import { AnThuError } from '../../core/shared/errors.ts';

export type Node = forge.asn1.Asn1;

const { Type } = forge.asn1;

/** Decodes BER as people's programs write it (indefinite lengths too); node-forge's strings hold a byte a character. */
export function decodeBer(bytes: string): Node {
  return forge.asn1.fromDer(bytes);
}

export const derOf = (node: Node): Buffer => Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');

export const childrenOf = (node: Node | undefined): Node[] =>
  Array.isArray(node?.value) ? node.value.filter((each): each is Node => typeof each === 'object') : [];

/** Octets of an OCTET STRING, whether in one piece or in several. */
export function octets(node: Node | undefined): string {
  if (node === undefined) return '';
  return typeof node.value === 'string' ? node.value : childrenOf(node).map(octets).join('');
}

/** A small non-negative INTEGER; Infinity for one of more than six bytes. */
export function smallInteger(node: Node | undefined): number {
  if (node?.type !== Type.INTEGER || typeof node.value !== 'string') return Number.NaN;
  const bytes = Buffer.from(node.value, 'latin1');
  if (bytes.length > 6) return Infinity;
  return bytes.length === 0 ? Number.NaN : bytes.readIntBE(0, bytes.length);
}

export function oidOf(node: Node | undefined): string {
  if (node?.type !== Type.OID || typeof node.value !== 'string') return '';
  return forge.asn1.derToOid(node.value);
}

/** PFX: version, content, MAC. Error: `token.soft-unreadable`. */
export function parsePfx(
  path: string,
  bytes: Uint8Array,
): { outer: Node; content: string; mac: Node | undefined } {
  const unreadable = (cause?: unknown): AnThuError =>
    new AnThuError('token.soft-unreadable', { path }, { cause });
  let outer: Node;
  try {
    outer = decodeBer(Buffer.from(bytes).toString('latin1'));
  } catch (cause) {
    throw unreadable(cause);
  }
  const [version, contentInfo, mac] = childrenOf(outer);
  const [, wrapper] = childrenOf(contentInfo);
  if (smallInteger(version) !== 3 || !contentInfo) throw unreadable();
  return { outer, content: octets(childrenOf(wrapper)[0]), mac };
}
