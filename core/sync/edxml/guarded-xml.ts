import { isUtf8 } from 'node:buffer';
import { ParseOption, XmlDocument, XmlElement } from 'libxml2-wasm';
import { AnThuError } from '../../shared/errors.ts';
import { displayName } from '../../shared/file-names.ts';
import type { EdxmlCaps } from './types.ts';

/** No network, no outside entity, no catalogue, no inflating. HUGE because an attachment is one text node. */
const OPTIONS =
  ParseOption.XML_PARSE_NONET |
  ParseOption.XML_PARSE_NO_XXE |
  ParseOption.XML_PARSE_NO_SYS_CATALOG |
  ParseOption.XML_PARSE_SKIP_IDS |
  ParseOption.XML_PARSE_HUGE |
  ParseOption.XML_PARSE_NOWARNING;

const MAX_TAG_BYTES = 64 * 1024;
const CDATA_START = Buffer.from('<![CDATA[');

/** Longest reason: what it quotes comes from outside, and is shown, logged and kept. */
const MAX_REASON = 300;

export function hostile(reason: string): AnThuError {
  return new AnThuError('sync.edxml-hostile', { reason: shown(reason) });
}
export function invalid(reason: string): AnThuError {
  return new AnThuError('sync.edxml-invalid', { reason: shown(reason) });
}

function shown(reason: string): string {
  return displayName(reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason);
}

/**
 * Refuses on the raw bytes what must never reach the parser: other encodings than UTF-8 (a check by bytes would
 * be blind to them), any document type declaration (so no entity of any kind), too many or too long tags.
 */
function checkBytes(bytes: Buffer, caps: EdxmlCaps): void {
  if (bytes.length === 0) throw invalid('empty file');
  if (bytes.length > caps.packageBytes) throw hostile(`${bytes.length} bytes, over ${caps.packageBytes}`);
  if (!isUtf8(bytes) || bytes.includes(0)) throw invalid('not UTF-8 text');
  const declared = /^\uFEFF?<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']*)["']/.exec(
    bytes.toString('utf8', 0, 300),
  );
  if (declared && declared[1]?.toLowerCase() !== 'utf-8')
    throw invalid('declares another encoding than UTF-8');
  if (bytes.includes('<!DOCTYPE') || bytes.includes('<!ENTITY')) throw hostile('document type declaration');
  let elements = 0;
  for (let at = bytes.indexOf(0x3c); at !== -1; at = bytes.indexOf(0x3c, at + 1)) {
    elements += 1;
    // Every element has two of these; comments and the declaration are few.
    if (elements > 2 * caps.elements + 1000) throw hostile(`more than ${caps.elements} elements`);
    if (bytes.subarray(at, at + CDATA_START.length).equals(CDATA_START)) continue;
    const end = bytes.indexOf(0x3e, at);
    // Also what keeps this loop from looking through the rest of the file at every further one.
    if (end === -1) throw invalid('a tag without an end');
    if (end - at > MAX_TAG_BYTES) throw hostile(`a tag of ${end - at} bytes`);
  }
}

/** An element of the checked tree. Text is read on demand: an attachment's may be tens of megabytes. */
export interface XmlTree {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlTree[];
  readonly text: () => string;
}

function toTree(element: XmlElement, caps: EdxmlCaps, budget: { elements: number }, depth: number): XmlTree {
  if (depth > caps.depth) throw hostile(`nested deeper than ${caps.depth}`);
  budget.elements += 1;
  if (budget.elements > caps.elements) throw hostile(`more than ${caps.elements} elements`);
  const children: XmlTree[] = [];
  for (let node = element.firstChild; node; node = node.next) {
    if (node instanceof XmlElement) children.push(toTree(node, caps, budget, depth + 1));
  }
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const attribute of element.attrs) attributes[attribute.name] = attribute.value;
  return {
    name: element.name,
    namespace: element.namespaceUri,
    attributes,
    children,
    text: () => element.content,
  };
}

/**
 * Parses outside XML under `caps` and hands its tree to `use`; the tree is dead afterwards.
 * Errors: `sync.edxml-hostile` (an attack or beyond the caps), `sync.edxml-invalid` (not well-formed UTF-8 XML).
 */
export function withXml<T>(
  bytes: Buffer,
  caps: EdxmlCaps,
  use: (root: XmlTree, document: XmlDocument) => T,
): T {
  checkBytes(bytes, caps);
  let document: XmlDocument;
  try {
    document = XmlDocument.fromBuffer(bytes, { option: OPTIONS, encoding: 'utf-8' });
  } catch (thrown) {
    const reason = thrown instanceof Error ? (thrown.message.trim().split('\n')[0] ?? '') : String(thrown);
    if (/depth/i.test(reason)) throw hostile('nested too deeply');
    throw invalid(`not well-formed: ${reason.slice(0, 200)}`);
  }
  try {
    if (document.dtd) throw hostile('document type declaration');
    return use(toTree(document.root, caps, { elements: 0 }, 1), document);
  } finally {
    document.dispose();
  }
}

/** Children of this local name, in whatever namespace a sender's SDK put them (domain/vietnam.md §5.1, "Interop traps"). */
export function all(node: XmlTree | undefined, name: string): XmlTree[] {
  return node ? node.children.filter((child) => child.name === name) : [];
}

/** The one child of this name, or undefined. Two are refused: a reader that picks one could be shown another than the next reader. */
export function one(node: XmlTree | undefined, name: string): XmlTree | undefined {
  const found = all(node, name);
  if (found.length > 1) throw invalid(`${name} occurs ${found.length} times`);
  return found[0];
}

/** Trimmed text of the one child of this name in NFC; '' when it is missing. */
export function textOf(node: XmlTree | undefined, name: string): string {
  return one(node, name)?.text().normalize('NFC').trim() ?? '';
}
