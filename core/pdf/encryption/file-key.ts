import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { damaged } from '../damage.ts';
import type { EncryptionDictionary } from './encryption-dictionary.ts';
import { rc4 } from './rc4.ts';

/** What a password opened. */
export interface OpenedKey {
  readonly key: Uint8Array;
  readonly access: 'user' | 'owner';
}

const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const MAX_UTF8_BYTES = 127;
const ROUNDS = 64;

const md5 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Tries a password as owner's and as user's; undefined when it is neither. */
export function openFileKey(
  dict: EncryptionDictionary,
  password: string,
  fileId: Uint8Array,
): OpenedKey | undefined {
  if (dict.revision >= 5) return openModern(dict, password);
  // Old files take one byte a character; some writers put UTF-8 there.
  for (const encoding of ['latin1', 'utf8'] as const) {
    const opened = openOld(dict, Buffer.from(password, encoding), fileId);
    if (opened) return opened;
  }
  return undefined;
}

// ---------------------------------------------------------------- revisions 2 to 4 (ISO 32000-1 7.6.3.3, 7.6.3.4)

function openOld(
  dict: EncryptionDictionary,
  password: Uint8Array,
  fileId: Uint8Array,
): OpenedKey | undefined {
  const asOwner = checkUser(dict, userPasswordOf(dict, password), fileId);
  if (asOwner) return { key: asOwner, access: 'owner' };
  const asUser = checkUser(dict, padded(password), fileId);
  return asUser && { key: asUser, access: 'user' };
}

function padded(password: Uint8Array): Buffer {
  return Buffer.concat([password, PADDING]).subarray(0, 32);
}

/** Algorithm 7: the padded user password that the owner's password hides in /O. */
function userPasswordOf(
  { revision, keyBytes, ownerEntry }: EncryptionDictionary,
  owner: Uint8Array,
): Uint8Array {
  let hash = md5(padded(owner));
  if (revision >= 3) for (let i = 0; i < 50; i++) hash = md5(hash);
  const key = hash.subarray(0, keyBytes);
  if (revision === 2) return rc4(key, ownerEntry);
  let value = ownerEntry;
  for (let i = 19; i >= 0; i--) value = rc4(mixed(key, i), value);
  return value;
}

/** Algorithms 2 and 6: the file's key when the padded password is the user's. */
function checkUser(
  dict: EncryptionDictionary,
  password: Uint8Array,
  fileId: Uint8Array,
): Uint8Array | undefined {
  const { revision, keyBytes, ownerEntry, userEntry, permissions, metadata } = dict;
  const bits = Buffer.alloc(4);
  bits.writeInt32LE(permissions);
  const plainMetadata = revision >= 4 && metadata === 'plain' ? [Buffer.alloc(4, 0xff)] : [];
  let hash = md5(password, ownerEntry, bits, fileId, ...plainMetadata);
  if (revision >= 3) for (let i = 0; i < 50; i++) hash = md5(hash.subarray(0, keyBytes));
  const key = hash.subarray(0, keyBytes);
  if (revision === 2) return same(rc4(key, PADDING), userEntry) ? key : undefined;
  let value: Uint8Array = md5(PADDING, fileId);
  for (let i = 0; i <= 19; i++) value = rc4(mixed(key, i), value);
  return same(value, userEntry.subarray(0, 16)) ? key : undefined;
}

const mixed = (key: Uint8Array, round: number): Uint8Array => key.map((byte) => byte ^ round);

// ---------------------------------------------------------------- revisions 5 and 6 (ISO 32000-2 7.6.4.3, 7.6.4.4)

function openModern(dict: EncryptionDictionary, text: string): OpenedKey | undefined {
  const password = Buffer.from(text.normalize('NFKC'), 'utf8').subarray(0, MAX_UTF8_BYTES);
  const { ownerEntry, userEntry, ownerKey, userKey } = dict;
  const open = (entry: Uint8Array, wrapped: Uint8Array, more: Uint8Array): Uint8Array | undefined => {
    if (!same(hashOf(dict, password, entry.subarray(32, 40), more), entry.subarray(0, 32))) return undefined;
    const wrapping = hashOf(dict, password, entry.subarray(40, 48), more);
    return aesCbc('decrypt', wrapping, Buffer.alloc(16), wrapped);
  };
  const owner = open(ownerEntry, ownerKey, userEntry);
  const key = owner ?? open(userEntry, userKey, new Uint8Array());
  if (!key) return undefined;
  checkPermissions(dict, key);
  return { key, access: owner ? 'owner' : 'user' };
}

/** /Perms repeats /P under the key, so that nobody widens it. */
function checkPermissions({ permissions, permissionsEntry }: EncryptionDictionary, key: Uint8Array): void {
  const decipher = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(permissionsEntry), decipher.final()]);
  if (plain.subarray(9, 12).toString('latin1') !== 'adb' || plain.readInt32LE(0) !== permissions)
    throw damaged('encryption');
}

/** R5: one SHA-256; R6: algorithm 2.B. */
function hashOf(
  { revision }: EncryptionDictionary,
  password: Uint8Array,
  salt: Uint8Array,
  more: Uint8Array,
): Buffer {
  let key = createHash('sha256').update(password).update(salt).update(more).digest();
  if (revision === 5) return key;
  for (let round = 0, last = 0; round < ROUNDS || last > round - 32; round++) {
    const once = Buffer.concat([password, key, more]);
    const input = Buffer.alloc(once.length * 64);
    for (let i = 0; i < 64; i++) once.copy(input, i * once.length);
    const encrypted = aesCbc('encrypt', key.subarray(0, 16), key.subarray(16, 32), input);
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    const algorithm = (['sha256', 'sha384', 'sha512'] as const)[remainder] ?? 'sha256';
    key = createHash(algorithm).update(encrypted).digest();
    last = encrypted.at(-1) ?? 0;
  }
  return key.subarray(0, 32);
}

function aesCbc(way: 'encrypt' | 'decrypt', key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer {
  const name = key.length === 32 ? 'aes-256-cbc' : 'aes-128-cbc';
  const cipher = way === 'encrypt' ? createCipheriv(name, key, iv) : createDecipheriv(name, key, iv);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
