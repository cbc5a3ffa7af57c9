import type { Token, TokenKey } from './token.ts';

/** Attributes of an RFC 7512 URI that say which token and key are meant; the slot is none of them. */
const tokenAttributes = ['token', 'manufacturer', 'serial'] as const;

/**
 * Whether a key URI names this key. An administrator may write fewer attributes than we list (RFC 7512: one that is left
 * out matches any), so addresses are compared by meaning, never as text. Shared by page and engine.
 */
export function namesKey(
  keyUri: string,
  key: TokenKey,
  token: Pick<Token, 'label' | 'manufacturer' | 'serial'>,
  modulePath: string,
): boolean {
  if (keyUri === key.uri) return true;
  if (!keyUri.startsWith('pkcs11:') || !key.uri.startsWith('pkcs11:')) return false;
  const [path = '', query = ''] = keyUri.slice('pkcs11:'.length).split('?');
  const wanted = attributesOf(path, ';');
  const module = attributesOf(query, '&').get('module-path');
  if (module !== undefined && text(module) !== modulePath) return false;
  const of = { token: token.label, manufacturer: token.manufacturer, serial: token.serial };
  if (tokenAttributes.some((name) => wanted.has(name) && text(wanted.get(name)) !== of[name])) return false;
  const [id, object] = [wanted.get('id'), wanted.get('object')];
  return (id === undefined || hex(id) === key.id) && (object === undefined || text(object) === key.label);
}

/** The library or file that a key lies behind; empty when its address names none. */
export function pathOfKey(keyUri: string): string {
  if (keyUri.startsWith('file:')) return text(URL.parse(keyUri)?.pathname);
  const query = keyUri.slice('pkcs11:'.length).split('?')[1] ?? '';
  return text(attributesOf(query, '&').get('module-path'));
}

function attributesOf(part: string, separator: string): Map<string, string> {
  const pairs = part.split(separator).filter((pair) => pair.includes('='));
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  );
}

function text(value: string | undefined): string {
  try {
    return decodeURIComponent(value ?? '');
  } catch {
    return value ?? '';
  }
}

/** The bytes of `%01%A2` or of plain characters, as lower-case hex. */
function hex(value: string): string {
  let found = '';
  for (let at = 0; at < value.length; at++) {
    const escaped = value[at] === '%' ? value.slice(at + 1, at + 3) : undefined;
    found += escaped ?? (value.codePointAt(at) ?? 0).toString(16).padStart(2, '0');
    if (escaped !== undefined) at += 2;
  }
  return found.toLowerCase();
}
