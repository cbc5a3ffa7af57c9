import { randomBytes, type Hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ErrorValue } from '../contract/errors/value.ts';
import type { DigestAlgorithm, SignatureScheme, SigningKey } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';
import { readCertificates } from '../trust/certificate.ts';
import type { BuiltCms } from './cades.ts';
import { CadesSigner } from './cades-signer.ts';
import { embedAndContinue } from './embed.ts';
import { appendEvidence } from './evidence-update.ts';
import type { LevelServices, PadesLevel, PendingPart, ReachedLevel } from './levels.ts';
import { publishFile, refuseExisting, refuseOriginal, type ExistingOutput } from './output-file.ts';
import { prepareSignature } from './prepare.ts';
import type { EmbeddedSignature, SignatureAppearance, SigningWarning } from './prepared-signature.ts';
import { settle, type Settled } from './settled.ts';
import { tokenChain } from './signed-chains.ts';
import { requestTimestamp } from './timestamp-client.ts';
import { ValidationCollector, type RevocationStatus } from './validation-data.ts';

export interface SignPdfOptions extends LevelServices {
  readonly inputPath: string;
  readonly outputPath: string;
  /** May still be on its way (a token that is being unlocked): up to B-T the file is read and hashed meanwhile. */
  readonly key: SigningKey | Promise<SigningKey>;
  readonly level: PadesLevel;
  /** ISO 8601 with offset. */
  readonly signingTime: string;
  readonly appearance?: SignatureAppearance;
  readonly fieldName?: string;
  readonly certify?: 1 | 2 | 3 | undefined;
  readonly reason?: string;
  readonly location?: string;
  readonly reserveBytes?: number;
  /** User or owner password of an encrypted file. */
  readonly password?: string | undefined;
  readonly digestAlgorithm?: DigestAlgorithm;
  readonly scheme?: SignatureScheme;
  /** `replace` overwrites an output that exists; `refuse` is the default. */
  readonly existing?: ExistingOutput;
  /** Judges the finished file before it gets its name; throwing discards it. */
  readonly verify?: (path: string) => Promise<void>;
}

export interface SignedPdf extends ReachedLevel {
  readonly outputPath: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly inputSha256: string;
  readonly prefixBytes: number;
  readonly prefixSha256: string;
  readonly requestedLevel: PadesLevel;
  readonly fieldName: string;
  readonly pages: number;
  readonly warnings: readonly SigningWarning[];
}

/**
 * Signs one file from beginning to end: `<output>.part` in the target folder, check against the input, `verify`,
 * rename, sync of the folder. The output appears whole or not at all. Validation data is fetched while the file is
 * hashed; for B-LT it stands in the signature's own update, for B-LTA it follows with the document timestamp in
 * one more. A service that is away costs the level, not the signature (`pending`). Throws
 * `signing.certificate-revoked` before the key is asked, `general.output-exists`, `signing.*`, `pdf.*`, and what key
 * and `verify` throw.
 */
export async function signPdf(options: SignPdfOptions): Promise<SignedPdf> {
  const { inputPath, outputPath, level, existing = 'refuse' } = options;
  await refuseOriginal(inputPath, outputPath);
  await refuseExisting(outputPath, existing);
  const partPath = `${outputPath}.part`;
  const evidence = new SigningEvidence(options, needsChain(level) ? await options.key : undefined);
  try {
    const store = level === 'B-LT' ? await evidence.forecast() : undefined;
    const prepared = await prepareSignature({ ...options, partPath }, store);
    await evidence.refuseRevoked();
    const key = await options.key;
    const signer = new CadesSigner(key, {
      scheme: options.scheme,
      digestAlgorithm: prepared.digestAlgorithm,
      timestamp: level === 'B-B' ? undefined : (digest) => evidence.stamp(digest),
    });
    const built = await signer.signDigest(Buffer.from(prepared.digestHex, 'hex'));
    const { embedded, state } = await embedAndContinue(prepared, built.cms);
    const raised = await evidence.raise(partPath, built, { embedded, state });
    await options.verify?.(partPath);
    await publishFile(partPath, outputPath, existing);
    return {
      outputPath,
      prefixBytes: embedded.prefixBytes,
      prefixSha256: embedded.prefixSha256,
      inputSha256: prepared.inputSha256,
      requestedLevel: level,
      ...raised,
      fieldName: prepared.fieldName,
      pages: prepared.pages,
      warnings: prepared.warnings,
    };
  } catch (thrown) {
    await rm(partPath, { force: true });
    throw thrown;
  }
}

/** Whether the level asks for the revocation state of the signer's chain. */
function needsChain(level: PadesLevel): boolean {
  return level === 'B-LT' || level === 'B-LTA';
}

interface SignedPart {
  readonly embedded: EmbeddedSignature;
  readonly state: Hash;
}

type RaisedFile = ReachedLevel & { readonly sha256: string; readonly bytes: number };

/** Timestamps and validation data of one signature in the making. */
class SigningEvidence {
  readonly #options: SignPdfOptions;
  readonly #collector: ValidationCollector | undefined;
  /** Begun at once, so that it comes in while the file is hashed. */
  readonly #signer: Promise<Settled<RevocationStatus | undefined>> | undefined;
  #forecast: 'complete' | 'none' = 'none';
  #token: Uint8Array | undefined;
  #tsaAway: AnThuError | undefined;

  constructor(options: SignPdfOptions, key: SigningKey | undefined) {
    this.#options = options;
    const { trust } = options;
    if (!key) return;
    const now = new Date();
    this.#collector = trust && new ValidationCollector(trust, { client: options.revocation, now });
    const [leaf] = readCertificates(key.certificate);
    const pool = key.chain.flatMap((der) => readCertificates(der));
    const chain = leaf && this.#collector?.add({ leaf, pool, purpose: 'signature', usedAt: now });
    this.#signer = settle(chain ?? Promise.reject(new AnThuError('signing.chain-untrusted', { reason: 'no anchors given' }))); // prettier-ignore
    this.#signer.catch(() => {}); // awaited later; a defect must not end the process before
  }

  /** A token over a SHA-256 digest. Throws `signing.tsa-*`. */
  async stamp(digest: Uint8Array): Promise<Uint8Array> {
    const { tsa } = this.#options;
    if (!tsa) throw new AnThuError('signing.tsa-unavailable', { reason: 'no TSA configured' });
    // A TSA that did not answer once is not waited for again in the same signature.
    if (this.#tsaAway) throw this.#tsaAway;
    try {
      return (this.#token = await requestTimestamp({ ...tsa, digest }));
    } catch (thrown) {
      if (thrown instanceof AnThuError && thrown.code === 'signing.tsa-unavailable') this.#tsaAway = thrown;
      throw thrown;
    }
  }

  /**
   * Data of signer and TSA before there is a signature: the TSA shows its chain over a random digest. Undefined
   * when a service is away.
   */
  async forecast(): Promise<ReturnType<ValidationCollector['data']> | undefined> {
    const probe = await settle(this.stamp(randomBytes(32)).then((token) => this.#addToken(token)));
    const signer = await this.#signer;
    if (!this.#collector || !probe.ok || !signer?.ok) return undefined;
    this.#forecast = 'complete';
    return this.#collector.data();
  }

  /** Throws `signing.certificate-revoked`: the token is not asked for a signature that counts for nothing. */
  async refuseRevoked(): Promise<void> {
    const signer = await this.#signer;
    if (signer?.ok && signer.value?.kind === 'revoked')
      throw new AnThuError('signing.certificate-revoked', { at: signer.value.at.toISOString() });
  }

  /** Brings the embedded signature to the level asked for, as far as the services answer. */
  async raise(partPath: string, built: BuiltCms, { embedded, state }: SignedPart): Promise<RaisedFile> {
    const file = { sha256: embedded.sha256, bytes: embedded.bytes };
    const { level, password } = this.#options;
    const signer = await this.#signer;
    if (!signer)
      return { ...file, level: built.level, pending: built.pending, timestampError: built.timestampError };
    const tsa = this.#token ? await settle(this.#addToken(this.#token)) : undefined;
    const revocationError = firstError(signer, tsa);
    const missing = (reached: PadesLevel, timestampError?: ErrorValue): RaisedFile => {
      const pending: PendingPart[] = [];
      if (timestampError) pending.push('timestamp');
      if (revocationError) pending.push('revocation');
      return { ...file, level: reached, pending, timestampError, revocationError };
    };
    if (built.level === 'B-B' || revocationError || !this.#collector)
      return missing(built.level, built.timestampError);
    const stored = this.#forecast === 'complete';
    const data = this.#collector.data();
    if (level === 'B-LT') {
      // A TSA that answers with another certificate than it showed before needs its data added behind.
      const added = await appendEvidence({ partPath, state, data, password });
      return { ...(added ? { sha256: added.sha256, bytes: added.bytes } : file), level: 'B-LT', pending: [] };
    }
    const timestamp = (digest: Uint8Array): Promise<Uint8Array> => this.stamp(digest);
    const stamped = await settle(appendEvidence({ partPath, state, data, timestamp, password }));
    if (stamped.ok && stamped.value)
      return { sha256: stamped.value.sha256, bytes: stamped.value.bytes, level: 'B-LTA', pending: [] };
    const timestampError = stamped.ok ? undefined : stamped.error;
    if (stored) return missing('B-LT', timestampError);
    const added = await appendEvidence({ partPath, state, data, password });
    return { ...missing('B-LT', timestampError), ...(added && { sha256: added.sha256, bytes: added.bytes }) };
  }

  async #addToken(token: Uint8Array): Promise<void> {
    const { trust } = this.#options;
    await this.#collector?.add(tokenChain(token, trust?.extraCertificates));
  }
}

function firstError(...all: readonly (Settled<unknown> | undefined)[]): ErrorValue | undefined {
  for (const settled of all) if (settled && !settled.ok) return settled.error;
  return undefined;
}
