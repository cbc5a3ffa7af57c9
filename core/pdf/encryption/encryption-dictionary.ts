import type { ReasonCode } from '../../contract/reasons.ts';
import { AnThuError } from '../../shared/errors.ts';
import { reason } from '../../shared/reasons.ts';
import { damaged } from '../damage.ts';
import { PdfDict, PdfName, PdfString, type PdfObject } from '../objects.ts';

/** How strings or streams are encrypted. */
export type CryptMethod = 'none' | 'rc4' | 'aes-128' | 'aes-256';

/** The standard security handler's dictionary (ISO 32000-1 7.6.3; R6: ISO 32000-2 7.6.4), checked for form. */
export interface EncryptionDictionary {
  readonly revision: 2 | 3 | 4 | 5 | 6;
  /** Bytes of the file's key. */
  readonly keyBytes: number;
  readonly strings: CryptMethod;
  readonly streams: CryptMethod;
  /** Methods of the named crypt filters, for streams that choose one. */
  readonly filters: ReadonlyMap<string, CryptMethod>;
  readonly metadata: 'encrypted' | 'plain';
  readonly ownerEntry: Uint8Array;
  readonly userEntry: Uint8Array;
  readonly ownerKey: Uint8Array;
  readonly userKey: Uint8Array;
  readonly permissions: number;
  readonly permissionsEntry: Uint8Array;
}

type Get = (dict: PdfDict, key: string) => PdfObject;

function unsupported(code: ReasonCode, value?: string): AnThuError {
  return new AnThuError('pdf.encryption-unsupported', { reason: reason(code, value) });
}

/** Reads the dictionary. Throws `pdf.encryption-unsupported` for other handlers, `pdf.damaged` for a broken one. */
export function readEncryptionDictionary(dict: PdfDict, get: Get): EncryptionDictionary {
  const name = (key: string): string | undefined => {
    const value = get(dict, key);
    return value instanceof PdfName ? value.value : undefined;
  };
  const number = (key: string, fallback?: number): number => {
    const value = get(dict, key);
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    if (value === null && fallback !== undefined) return fallback;
    throw damaged('encryption');
  };
  const bytes = (key: string, length: number): Uint8Array => {
    const value = get(dict, key);
    if (!(value instanceof PdfString) || value.bytes.length < length) throw damaged('encryption');
    return value.bytes.subarray(0, length);
  };
  const filter = name('Filter');
  if (filter !== 'Standard') throw unsupported('encryption.handler', filter ?? '–');
  const version = number('V', 0);
  const revision = number('R');
  const fits = { 1: [2, 3], 2: [2, 3], 4: [4], 5: [5, 6] }[version]?.includes(revision);
  if (!fits) throw unsupported('encryption.version', `V ${version} R ${revision}`);
  const modern = revision >= 5;
  const entryBytes = modern ? 48 : 32;
  const bits = version === 1 ? 40 : version === 2 ? number('Length', 40) : version === 4 ? 128 : 256;
  if (bits % 8 !== 0 || bits < 40 || bits > 256) throw damaged('encryption');
  const filters = version >= 4 ? readFilters(dict, get) : new Map<string, CryptMethod>();
  const chosen = (key: string): CryptMethod => {
    if (version < 4) return 'rc4';
    const wanted = name(key) ?? 'Identity';
    const method = wanted === 'Identity' ? 'none' : filters.get(wanted);
    if (!method) throw unsupported('encryption.filter', wanted);
    return method;
  };
  return {
    revision: revision as EncryptionDictionary['revision'],
    keyBytes: bits / 8,
    strings: chosen('StrF'),
    streams: chosen('StmF'),
    filters,
    metadata: version >= 4 && get(dict, 'EncryptMetadata') === false ? 'plain' : 'encrypted',
    ownerEntry: bytes('O', entryBytes),
    userEntry: bytes('U', entryBytes),
    ownerKey: modern ? bytes('OE', 32) : new Uint8Array(),
    userKey: modern ? bytes('UE', 32) : new Uint8Array(),
    permissions: number('P') | 0,
    permissionsEntry: modern ? bytes('Perms', 16) : new Uint8Array(),
  };
}

const methods: ReadonlyMap<string, CryptMethod> = new Map([
  ['None', 'none'],
  ['V2', 'rc4'],
  ['AESV2', 'aes-128'],
  ['AESV3', 'aes-256'],
]);

function readFilters(dict: PdfDict, get: Get): Map<string, CryptMethod> {
  const filters = new Map<string, CryptMethod>([['Identity', 'none']]);
  const named = get(dict, 'CF');
  if (!(named instanceof PdfDict)) return filters;
  for (const key of named.entries.keys()) {
    const filter = get(named, key);
    const written = filter instanceof PdfDict ? get(filter, 'CFM') : null;
    const method = methods.get(written instanceof PdfName ? written.value : 'None');
    if (!method) throw unsupported('encryption.filter', key);
    if (key !== 'Identity') filters.set(key, method);
  }
  return filters;
}
