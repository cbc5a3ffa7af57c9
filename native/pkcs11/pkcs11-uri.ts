import { AnThuError } from '../../core/shared/errors.ts';

/** The attributes of a PKCS#11 URI (RFC 7512) by which we find a key; undefined matches anything. */
export interface Pkcs11Uri {
  readonly token?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly object?: string;
  /** CKA_ID in lower-case hex. */
  readonly id?: string;
  readonly type?: string;
  /** Query attribute `module-path`. */
  readonly modulePath?: string;
}

const textAttributes = ['token', 'serial', 'manufacturer', 'object', 'type'] as const;
const isTextAttribute = (name: string): name is (typeof textAttributes)[number] =>
  (textAttributes as readonly string[]).includes(name);

const invalid = (reason: string): AnThuError => new AnThuError('token.uri-invalid', { reason });

function percentDecode(text: string): Buffer {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '%') {
      const hex = text.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(hex)) throw invalid('percent-encoding');
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(...Buffer.from(char, 'utf8'));
  }
  return Buffer.from(bytes);
}

const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

function pairs(part: string, separator: string): [string, string][] {
  return part
    .split(separator)
    .filter((item) => item !== '')
    .map((item) => {
      const at = item.indexOf('=');
      if (at <= 0) throw invalid('attribute without value');
      return [item.slice(0, at), item.slice(at + 1)];
    });
}

/**
 * Parses a PKCS#11 URI. A PIN in it (`pin-value`, `pin-source`) is `token.pin-value-refused`; anything malformed,
 * doubled or unknown is `token.uri-invalid`, for an attribute that we skip could have told two keys apart.
 */
export function parsePkcs11Uri(uri: string): Pkcs11Uri {
  if (!uri.startsWith('pkcs11:')) throw invalid('scheme is not pkcs11');
  const [path = '', query = '', ...more] = uri.slice('pkcs11:'.length).split('?');
  if (more.length > 0) throw invalid('two question marks');
  const found: Record<string, string> = {};
  for (const [name, value] of [...pairs(path, ';'), ...pairs(query, '&')]) {
    if (name === 'pin-value' || name === 'pin-source') throw new AnThuError('token.pin-value-refused');
    const key = name === 'module-path' ? 'modulePath' : name;
    if (key in found) throw invalid(`${name} is given twice`);
    if (name === 'id') found['id'] = percentDecode(value).toString('hex');
    else if (isTextAttribute(name) || name === 'module-path')
      found[key] = percentDecode(value).toString('utf8');
    else throw invalid(`attribute ${name} is not supported`);
  }
  return found;
}

/** Writes a PKCS#11 URI; the inverse of {@link parsePkcs11Uri}. */
export function formatPkcs11Uri(uri: Pkcs11Uri): string {
  const parts: string[] = [];
  for (const name of ['manufacturer', 'token', 'serial'] as const)
    if (uri[name] !== undefined) parts.push(`${name}=${percentEncode(uri[name])}`);
  if (uri.id !== undefined) parts.push(`id=${uri.id.replace(/../g, '%$&')}`);
  for (const name of ['object', 'type'] as const)
    if (uri[name] !== undefined) parts.push(`${name}=${percentEncode(uri[name])}`);
  const query =
    uri.modulePath === undefined ? '' : `?module-path=${percentEncode(uri.modulePath).replace(/%2F/g, '/')}`;
  return `pkcs11:${parts.join(';')}${query}`;
}
