import { createHash } from 'node:crypto';
import { Signer } from '@signpdf/utils';
import type { DigestAlgorithm, SigningKey } from '../ports/signing-key.ts';
import { buildCms, type BuildCmsOptions, type BuiltCms } from './cades.ts';

export interface CadesSignerOptions extends BuildCmsOptions {
  readonly digestAlgorithm?: DigestAlgorithm;
}

/** A `Signer` of @signpdf that makes PAdES baseline CMS with any {@link SigningKey}: token or PKCS#12. */
export class CadesSigner extends Signer {
  readonly #key: SigningKey;
  readonly #options: CadesSignerOptions;

  constructor(key: SigningKey, options: CadesSignerOptions = {}) {
    super();
    this.#key = key;
    this.#options = options;
  }

  /** The contract of @signpdf: the bytes of the byte range in, the CMS out. /M is the placeholder's matter. */
  override async sign(pdfBuffer: Buffer): Promise<Buffer> {
    const digest = createHash(this.#digestAlgorithm).update(pdfBuffer).digest();
    return Buffer.from((await this.signDigest(digest)).cms);
  }

  /** The same for a digest made by streaming. */
  signDigest(digest: Uint8Array): Promise<BuiltCms> {
    const digestHex = Buffer.from(digest).toString('hex');
    return buildCms({ digestHex, digestAlgorithm: this.#digestAlgorithm }, this.#key, this.#options);
  }

  get #digestAlgorithm(): DigestAlgorithm {
    return this.#options.digestAlgorithm ?? 'sha256';
  }
}
