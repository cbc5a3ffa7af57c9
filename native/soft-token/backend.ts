import { constants, createHash, type KeyObject, privateEncrypt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Token, TokenKey, TokenModule } from '../../core/contract/token.ts';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';
import { AnThuError, toErrorValue } from '../../core/shared/errors.ts';
import { digestInfo } from '../pkcs11/signature-formats.ts';
import type { TokenBackend, UncheckedSignature, UnlockRequest } from '../token-host/backend.ts';
import { chainFrom, publicKeyShape, summarizeCertificate } from '../token-host/certificate-summary.ts';
import { pssEncode } from '../token-host/rsa-pss.ts';
import { assertRequestFits } from '../token-host/signature-check.ts';
import { ecdsaSign } from './ecdsa.ts';
import { assertPkcs12, openPkcs12 } from './pkcs12.ts';
import { softKeyName, softTokenId, softTokenPath } from './soft-uri.ts';

interface OpenKey {
  /** SHA-256 of the certificate in hex: tells the keys of one file apart. */
  readonly fingerprint: string;
  readonly description: KeyDescription;
  readonly privateKey: KeyObject;
}

const maxFileBytes = 1 << 20;

async function readSoftFile(path: string): Promise<Uint8Array> {
  try {
    if ((await stat(path)).size > maxFileBytes) throw new AnThuError('token.soft-unreadable', { path });
    return await readFile(path);
  } catch (thrown) {
    if (thrown instanceof AnThuError) throw thrown;
    throw new AnThuError('token.soft-missing', { path }, { cause: thrown });
  }
}

/** PKCS#12 files as tokens. The key is in this process's memory from unlock to lock. Not for official signatures. */
export class SoftTokenBackend implements TokenBackend {
  readonly #paths: readonly string[];
  readonly #open = new Map<string, readonly OpenKey[]>();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** All is there already: the library came with this class. */
  async prepare(): Promise<void> {}

  async list(): Promise<readonly TokenModule[]> {
    return await Promise.all(this.#paths.map((path) => this.#listOne(path)));
  }

  async #listOne(path: string): Promise<TokenModule> {
    const base = { kind: 'soft' as const, path, description: 'PKCS#12', slots: [] };
    try {
      assertPkcs12(path, await readSoftFile(path));
      return { ...base, state: 'ready', error: null, tokens: [this.#view(path)] };
    } catch (thrown) {
      return { ...base, state: 'unusable', error: toErrorValue(thrown), tokens: [] };
    }
  }

  async presence(): Promise<readonly string[]> {
    const modules = await this.list();
    return modules.flatMap((module) => module.tokens.map((token) => token.id));
  }

  async identify(uri: string): Promise<string> {
    return softTokenId(uri);
  }

  async unlock({ uri, openPin }: UnlockRequest): Promise<string> {
    const [path, id] = [softTokenPath(uri), softTokenId(uri)];
    const bytes = await readSoftFile(path);
    assertPkcs12(path, bytes);
    if (!openPin) throw new AnThuError('token.pin-required', { token: id });
    const password = openPin();
    this.#open.delete(id);
    try {
      this.#open.set(id, describeSoftKeys(id, path, bytes, password));
    } catch (thrown) {
      if (!(thrown instanceof AnThuError)) throw thrown;
      throw new AnThuError(thrown.code, { ...thrown.detail, token: id }, { cause: thrown.cause });
    }
    return id;
  }

  async lock(uri: string | null): Promise<void> {
    if (uri === null) this.#open.clear();
    else this.#open.delete(softTokenId(uri));
  }

  unlocked(): readonly string[] {
    return [...this.#open.keys()];
  }

  async describe(uri: string): Promise<KeyDescription> {
    return (await this.#key(uri)).description;
  }

  async sign(uri: string, request: SignRequest): Promise<UncheckedSignature> {
    const { description, privateKey } = await this.#key(uri);
    assertRequestFits(description, request);
    const signature = signDigest(privateKey, description.bits, request);
    return { signature, key: description, token: softTokenId(uri) };
  }

  async #key(uri: string): Promise<OpenKey> {
    const [path, id] = [softTokenPath(uri), softTokenId(uri)];
    const keys = this.#open.get(id);
    if (!keys) {
      await readSoftFile(path);
      throw new AnThuError('token.not-unlocked', { token: id });
    }
    const name = softKeyName(uri);
    const [key, ...others] = name === '' ? keys : keys.filter(({ fingerprint }) => fingerprint === name);
    if (!key) throw new AnThuError('token.key-not-found', { path });
    if (others.length > 0) throw new AnThuError('token.ambiguous', { count: keys.length });
    return key;
  }

  #view(path: string): Token {
    const id = pathToFileURL(path).href;
    const open = this.#open.get(id);
    return {
      id,
      kind: 'soft',
      label: basename(path),
      manufacturer: '',
      model: 'PKCS#12',
      serial: '',
      slot: '',
      pinState: 'ok',
      pinLength: { min: 0, max: 255 },
      failedTries: 0,
      pinPad: false,
      unlocked: open !== undefined,
      keys: open?.map(viewOf) ?? [{ ...lockedKey, uri: id, label: basename(path) }],
    };
  }
}

const lockedKey = { id: '', keyType: null, bits: null, certificate: null };

const viewOf = ({ description }: OpenKey): TokenKey => ({
  uri: description.uri,
  label: description.label,
  id: '',
  keyType: description.keyType,
  bits: description.bits,
  certificate: summarizeCertificate(description.certificate),
});

/** The keys of a file that one can sign with. Those of several are named by the fingerprint of their certificate (`file:…#…`). */
function describeSoftKeys(id: string, path: string, bytes: Uint8Array, password: string): OpenKey[] {
  const { keys, certificates } = openPkcs12(path, bytes, password);
  const known = keys.flatMap(({ privateKey, certificate, label }) => {
    const shape = publicKeyShape(certificate);
    if (!shape) return [];
    const fingerprint = createHash('sha256').update(certificate).digest('hex');
    const uri = keys.length === 1 ? id : `${id}#${fingerprint}`;
    const chain = chainFrom(certificate, certificates);
    const description = { ...shape, uri, label: label || basename(path), certificate, chain };
    return [{ fingerprint, privateKey, description }];
  });
  const [first] = keys;
  if (known.length === 0)
    throw new AnThuError('token.soft-key-unsupported', {
      path,
      reason: first?.privateKey.asymmetricKeyType ?? 'unknown',
    });
  return known;
}

/** Over a ready digest: our own encoding and the bare private-key operation for RSA, our own ECDSA for EC. */
function signDigest(key: KeyObject, bits: number, request: SignRequest): Uint8Array {
  const { digestAlgorithm, digest } = request;
  if (request.scheme === 'ecdsa') return ecdsaSign(key, bits, digest);
  const signature =
    request.scheme === 'rsa-pss'
      ? privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, pssEncode(digestAlgorithm, digest, bits))
      : privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(digestAlgorithm, digest));
  return Uint8Array.from(signature);
}
