import { XmlCData, XmlComment, XmlElement, XmlText, type XmlDocument } from 'libxml2-wasm';
import { namespaces } from './algorithms.ts';
import { XmlFault } from './xml-fault.ts';

/** An element with its place, which tells two elements apart and what lies in what (`/0/2/1`). */
export interface PlacedElement {
  readonly element: XmlElement;
  readonly name: string;
  readonly namespace: string;
  readonly path: string;
}

/** Every element of a checked document in document order. */
export function placedElements({ root }: XmlDocument): PlacedElement[] {
  const found: PlacedElement[] = [];
  const visit = (element: XmlElement, path: string): void => {
    found.push({ element, name: element.name, namespace: element.namespaceUri, path });
    let index = 0;
    for (let node = element.firstChild; node; node = node.next)
      if (node instanceof XmlElement) visit(node, `${path}/${index++}`);
  };
  visit(root, '');
  return found;
}

/** Whether `path` is the place `outer` or lies in it. */
export function liesIn(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`);
}

/** The place of the element that one stands in. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Child elements of a part of a signature; text or comments between them are refused. */
export function childElements(parent: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = parent.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
    else if (!(node instanceof XmlText) || node.content.trim() !== '')
      throw new XmlFault('malformed', 'stray content in a signature');
  }
  return found;
}

/** The text of an element that holds nothing else: a comment inside would let two readers see two texts. */
export function plainText(element: XmlElement): string {
  let text = '';
  for (let node = element.firstChild; node; node = node.next) {
    if (!(node instanceof XmlText) && !(node instanceof XmlCData))
      throw new XmlFault('malformed', 'a value with other nodes inside');
    text += node.content;
  }
  return text.trim();
}

/** Strict base64, white space allowed between. */
export function base64Of(element: XmlElement): Uint8Array {
  const compact = plainText(element).replaceAll(/[\t\n\r ]+/g, '');
  const bytes = Buffer.from(compact, 'base64');
  if (compact === '' || bytes.toString('base64') !== compact) throw new XmlFault('malformed', 'not base64');
  return bytes;
}

/** An attribute without namespace, or undefined. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  const found = element.attrs.filter((attribute) => attribute.name === name && attribute.namespaceUri === '');
  return found[0]?.value;
}

export function isDs(element: XmlElement, name: string): boolean {
  return element.name === name && element.namespaceUri === namespaces.signature;
}

/** No comment anywhere inside: canonical forms drop them, readers may not. */
export function refuseComments(element: XmlElement): void {
  for (let node = element.firstChild; node; node = node.next) {
    if (node instanceof XmlComment) throw new XmlFault('malformed', 'a comment inside the signature');
    if (node instanceof XmlElement) refuseComments(node);
  }
}
