import { constants, type KeyObject, privateEncrypt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Token, TokenModule } from '../../core/contract/token.ts';
import type { KeyDescription, SignRequest } from '../../core/ports/signing-key.ts';
import { AnThuError, toErrorValue } from '../../core/shared/errors.ts';
import { digestInfo } from '../pkcs11/signature-formats.ts';
import type { TokenBackend, UncheckedSignature, UnlockRequest } from '../token-host/backend.ts';
import { chainFrom, publicKeyShape, summarizeCertificate } from '../token-host/certificate-summary.ts';
import { pssEncode } from '../token-host/rsa-pss.ts';
import { assertRequestFits } from '../token-host/signature-check.ts';
import { assertPkcs12, openPkcs12 } from './pkcs12.ts';
import { softTokenPath } from './soft-uri.ts';

interface OpenKey {
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
  readonly #open = new Map<string, OpenKey>();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

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

  async unlock({ uri, openPin }: UnlockRequest): Promise<string> {
    const path = softTokenPath(uri);
    const id = pathToFileURL(path).href;
    const bytes = await readSoftFile(path);
    assertPkcs12(path, bytes);
    if (!openPin) throw new AnThuError('token.pin-required', { token: id });
    const password = openPin();
    this.#open.delete(id);
    try {
      this.#open.set(id, describeSoftKey(id, path, bytes, password));
    } catch (thrown) {
      if (!(thrown instanceof AnThuError)) throw thrown;
      throw new AnThuError(thrown.code, { ...thrown.detail, token: id }, { cause: thrown.cause });
    }
    return id;
  }

  async lock(uri: string | null): Promise<void> {
    if (uri === null) this.#open.clear();
    else this.#open.delete(pathToFileURL(softTokenPath(uri)).href);
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
    return { signature, key: description, token: description.uri };
  }

  async #key(uri: string): Promise<OpenKey> {
    const path = softTokenPath(uri);
    const id = pathToFileURL(path).href;
    const key = this.#open.get(id);
    if (key) return key;
    await readSoftFile(path);
    throw new AnThuError('token.not-unlocked', { token: id });
  }

  #view(path: string): Token {
    const id = pathToFileURL(path).href;
    const open = this.#open.get(id)?.description;
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
      keys: [
        {
          uri: id,
          label: open?.label ?? basename(path),
          id: '',
          keyType: open?.keyType ?? null,
          bits: open?.bits ?? null,
          certificate: open ? summarizeCertificate(open.certificate) : null,
        },
      ],
    };
  }
}

function describeSoftKey(uri: string, path: string, bytes: Uint8Array, password: string): OpenKey {
  const { privateKey, certificate, others, label } = openPkcs12(path, bytes, password);
  const shape = publicKeyShape(certificate);
  if (shape?.keyType !== 'rsa')
    throw new AnThuError('token.soft-key-unsupported', { path, reason: 'not RSA' });
  const chain = chainFrom(certificate, others);
  return { privateKey, description: { ...shape, uri, label: label || basename(path), certificate, chain } };
}

/** PKCS#1 v1.5 or PSS over a ready digest: our own encoding, then the bare private-key operation. */
function signDigest(key: KeyObject, bits: number, request: SignRequest): Uint8Array {
  const { digestAlgorithm, digest } = request;
  const signature =
    request.scheme === 'rsa-pss'
      ? privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, pssEncode(digestAlgorithm, digest, bits))
      : privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo(digestAlgorithm, digest));
  return Uint8Array.from(signature);
}
