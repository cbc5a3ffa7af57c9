import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AnThuError } from '../../shared/errors.ts';
import { reason } from '../../shared/reasons.ts';
import { damaged } from '../damage.ts';
import { PdfDict, PdfName, type PdfRef, PdfStream, PdfString, type PdfObject } from '../objects.ts';
import {
  readEncryptionDictionary,
  type CryptMethod,
  type EncryptionDictionary,
} from './encryption-dictionary.ts';
import { openFileKey, type OpenedKey } from './file-key.ts';
import { rc4 } from './rc4.ts';

/** What a user may do who is not the owner (ISO 32000-1 table 22). */
const CHANGE_PAGES = 1 << 3;
const ANNOTATE = 1 << 5;
const FILL_FORMS = 1 << 8;

type Owner = Pick<PdfRef, 'num' | 'gen'>;

/** Undoes and applies an opened file's encryption, object by object. */
export class FileCipher {
  readonly #dict: EncryptionDictionary;
  readonly #opened: OpenedKey;

  constructor(dict: EncryptionDictionary, opened: OpenedKey) {
    this.#dict = dict;
    this.#opened = opened;
  }

  /** Whether the password given allows signatures to be added. */
  get maySign(): boolean {
    return (
      this.#opened.access === 'owner' ||
      (this.#dict.permissions & (CHANGE_PAGES | ANNOTATE | FILL_FORMS)) !== 0
    );
  }

  /** An object as read from the file, its strings made plain; a stream's bytes stay until they are asked for. */
  openObject(object: PdfObject, owner: Owner): PdfObject {
    return this.#mapStrings(object, (bytes) => this.#apply('decrypt', this.#dict.strings, owner, bytes));
  }

  /** An object as it is to be written, with its strings and its stream's bytes encrypted. */
  sealObject(object: PdfObject, owner: Owner): PdfObject {
    const sealed = this.#mapStrings(object, (bytes) =>
      this.#apply('encrypt', this.#dict.strings, owner, bytes),
    );
    if (!(sealed instanceof PdfStream) || !('bytes' in sealed.data)) return sealed;
    const bytes = this.#apply('encrypt', this.#methodOf(sealed.dict), owner, sealed.data.bytes);
    return new PdfStream(sealed.dict, { bytes });
  }

  /** A stream's bytes as its filters want them. */
  openStream(dict: PdfDict, owner: Owner, bytes: Uint8Array): Uint8Array {
    return this.#apply('decrypt', this.#methodOf(dict), owner, bytes);
  }

  #methodOf(dict: PdfDict): CryptMethod {
    const type = dict.get('Type');
    if (type instanceof PdfName && type.value === 'XRef') return 'none';
    const isMetadata = type instanceof PdfName && type.value === 'Metadata';
    if (isMetadata && this.#dict.metadata === 'plain') return 'none';
    const [first, ...more] = listOf(dict.get('Filter'));
    if (!(first instanceof PdfName) || first.value !== 'Crypt') {
      if (more.some((filter) => filter instanceof PdfName && filter.value === 'Crypt'))
        throw damaged('stream-filter');
      return this.#dict.streams;
    }
    const [parameters] = listOf(dict.get('DecodeParms'));
    const name = parameters instanceof PdfDict ? parameters.get('Name') : undefined;
    const wanted = name instanceof PdfName ? name.value : 'Identity';
    const method = this.#dict.filters.get(wanted);
    if (!method)
      throw new AnThuError('pdf.encryption-unsupported', { reason: reason('encryption.filter', wanted) });
    return method;
  }

  #mapStrings(object: PdfObject, change: (bytes: Uint8Array) => Uint8Array): PdfObject {
    if (object instanceof PdfString) return new PdfString(change(object.bytes), object.notation, object.span);
    if (Array.isArray(object)) return object.map((item) => this.#mapStrings(item, change));
    if (object instanceof PdfStream) return new PdfStream(this.#mapDict(object.dict, change), object.data);
    return object instanceof PdfDict ? this.#mapDict(object, change) : object;
  }

  #mapDict(dict: PdfDict, change: (bytes: Uint8Array) => Uint8Array): PdfDict {
    // A signature's /Contents is never encrypted (ISO 32000-1 7.6.1).
    const plain = dict.get('ByteRange') === undefined ? undefined : 'Contents';
    const entries = [...dict.entries].map(([key, value]): [string, PdfObject] => [
      key,
      key === plain ? value : this.#mapStrings(value, change),
    ]);
    return new PdfDict(new Map(entries), dict.duplicates);
  }

  #apply(way: 'encrypt' | 'decrypt', method: CryptMethod, owner: Owner, bytes: Uint8Array): Uint8Array {
    if (method === 'none') return bytes;
    const key = this.#objectKey(method, owner);
    if (method === 'rc4') return rc4(key, bytes);
    return way === 'encrypt' ? encryptAes(key, bytes) : decryptAes(key, bytes);
  }

  /** Algorithm 1 (ISO 32000-1 7.6.2); AES-256 uses the file's key itself. */
  #objectKey(method: CryptMethod, { num, gen }: Owner): Uint8Array {
    if (method === 'aes-256') return this.#opened.key;
    const place = Buffer.alloc(5);
    place.writeUIntLE(num, 0, 3);
    place.writeUInt16LE(gen, 3);
    const hash = createHash('md5').update(this.#opened.key).update(place);
    if (method === 'aes-128') hash.update('sAlT');
    return hash.digest().subarray(0, Math.min(16, this.#opened.key.length + 5));
  }
}

function listOf(value: PdfObject | undefined): PdfObject[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

const aesName = (key: Uint8Array): string => (key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc');

function encryptAes(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const iv = randomBytes(16);
  const cipher = createCipheriv(aesName(key), key, iv);
  return Buffer.concat([iv, cipher.update(bytes), cipher.final()]);
}

function decryptAes(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  try {
    const decipher = createDecipheriv(aesName(key), key, bytes.subarray(0, 16));
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]);
  } catch {
    throw damaged('encryption');
  }
}

/**
 * Opens an encrypted file's cipher. Throws `pdf.encrypted` when no password was given and the empty one does not
 * open it, `pdf.password-wrong`, `pdf.encryption-unsupported`, `pdf.damaged`.
 */
export function openCipher(
  dict: PdfDict,
  get: (dict: PdfDict, key: string) => PdfObject,
  { password, fileId }: { readonly password: string | undefined; readonly fileId: Uint8Array },
): FileCipher {
  const encryption = readEncryptionDictionary(dict, get);
  const opened = openFileKey(encryption, password ?? '', fileId);
  if (!opened) throw new AnThuError(password ? 'pdf.password-wrong' : 'pdf.encrypted');
  return new FileCipher(encryption, opened);
}
