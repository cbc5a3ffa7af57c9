/** One element to write: attributes in order, then either text or children. Undefined and empty parts are left out. */
export interface XmlNode {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | { readonly base64: Uint8Array } | readonly (XmlNode | undefined)[];
}

// XML 1.0 §2.2 knows no control characters but tab, line feed and carriage return, and no lone surrogates.
const NOT_XML = /(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]|\p{Cs}/gu;

/** Text for an element or attribute, in NFC; characters that XML cannot carry become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .normalize('NFC')
    .replace(NOT_XML, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
}

export function element(
  name: string,
  content: XmlNode['content'],
  attributes?: Readonly<Record<string, string>>,
): XmlNode {
  return { name, content, attributes };
}

/** An element with text, or nothing when there is no text. */
export function optional(name: string, text: string | number | null): XmlNode | undefined {
  return text === null || text === '' ? undefined : element(name, String(text));
}

/** A group that is left out when none of its parts is there. */
export function group(name: string, parts: readonly (XmlNode | undefined)[]): XmlNode | undefined {
  return parts.some((part) => part !== undefined) ? element(name, parts) : undefined;
}

function writeContent(content: XmlNode['content']): string {
  if (typeof content === 'string') return escapeXml(content);
  // Megabytes that need no escaping.
  if ('base64' in content) return Buffer.from(content.base64).toString('base64');
  return content.map((child) => (child ? writeXml(child) : '')).join('');
}

export function writeXml(node: XmlNode): string {
  const attributes = Object.entries(node.attributes ?? {})
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
  const content = writeContent(node.content);
  return content === ''
    ? `<${node.name}${attributes}/>`
    : `<${node.name}${attributes}>${content}</${node.name}>`;
}
