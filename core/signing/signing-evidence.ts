import { randomBytes, type Hash } from 'node:crypto';
import type { ErrorValue } from '../contract/errors/value.ts';
import type { SigningKey } from '../ports/signing-key.ts';
import { AnThuError } from '../shared/errors.ts';
import { readCertificates } from '../trust/certificate.ts';
import { askTsa } from './ask-tsa.ts';
import type { BuiltCms } from './cades.ts';
import { type AppendedEvidence, appendEvidence } from './evidence-update.ts';
import type { LevelServices, PadesLevel, PendingPart, ReachedLevel } from './levels.ts';
import { settle, settleRaising, type Settled } from './settled.ts';
import { tokenChain } from './signed-chains.ts';
import { ValidationCollector, type RevocationStatus } from './validation-data.ts';
import { reason } from '../shared/reasons.ts';

export interface SigningEvidenceOptions extends LevelServices {
  readonly level: PadesLevel;
  /** User or owner password of an encrypted file. */
  readonly password?: string | undefined;
}

/** A signed part file as it stands, not yet raised to its level. */
export interface SignedPart {
  readonly sha256: string;
  readonly bytes: number;
  /** SHA-256 state after all of it. */
  readonly state: Hash;
  /** Object numbers that an update leaves alone ({@link PreparedPart}). */
  readonly reserved: ReadonlySet<number>;
}

type RaisedFile = ReachedLevel & { readonly sha256: string; readonly bytes: number };

/** Timestamps and validation data of one signature in the making. */
export class SigningEvidence {
  readonly #options: SigningEvidenceOptions;
  readonly #collector: ValidationCollector | undefined;
  /** Begun at once, so that it comes in while the file is hashed. */
  readonly #signer: Promise<Settled<RevocationStatus | undefined>> | undefined;
  #forecast: 'complete' | 'none' = 'none';
  #token: Uint8Array | undefined;
  #tsaAway: AnThuError | undefined;

  /** `key` only where the level asks for the state of the signer's chain; asked for as soon as the key is there. */
  constructor(options: SigningEvidenceOptions, key: SigningKey | Promise<SigningKey> | undefined) {
    this.#options = options;
    const { trust } = options;
    if (!key) return;
    const now = new Date();
    this.#collector = trust && new ValidationCollector(trust, { client: options.revocation, now });
    this.#signer = settle(this.#addSigner(key, now));
    this.#signer.catch(() => {}); // awaited later; a defect must not end the process before
  }

  async #addSigner(
    key: SigningKey | Promise<SigningKey>,
    usedAt: Date,
  ): Promise<RevocationStatus | undefined> {
    const { certificate, chain } = await key;
    const [leaf] = readCertificates(certificate);
    if (!leaf || !this.#collector)
      throw new AnThuError('signing.chain-untrusted', { reason: reason('chain.no-anchors') });
    const pool = chain.flatMap((der) => readCertificates(der));
    return await this.#collector.add({ leaf, pool, purpose: 'signature', usedAt });
  }

  /** A token over a SHA-256 digest. Throws `signing.tsa-*`. */
  async stamp(digest: Uint8Array): Promise<Uint8Array> {
    // A TSA that did not answer once is not waited for again in the same signature.
    if (this.#tsaAway) throw this.#tsaAway;
    try {
      return (this.#token = await askTsa(this.#options.tsa, digest));
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

  /** Brings the embedded signature to the level asked for, as far as the services answer and the disk has room. */
  async raise(
    partPath: string,
    built: BuiltCms,
    { state, reserved, ...file }: SignedPart,
  ): Promise<RaisedFile> {
    const { level, password } = this.#options;
    const signer = await this.#signer;
    if (!signer)
      return { ...file, level: built.level, pending: built.pending, timestampError: built.timestampError };
    const tsa = this.#token ? await settle(this.#addToken(this.#token)) : undefined;
    const noData = firstError(signer, tsa);
    const missing = (
      reached: PadesLevel,
      timestampError?: ErrorValue,
      revocationError: ErrorValue | undefined = noData,
    ): RaisedFile => {
      const pending: PendingPart[] = [];
      if (timestampError) pending.push('timestamp');
      if (revocationError) pending.push('revocation');
      return { ...file, level: reached, pending, timestampError, revocationError };
    };
    if (built.level === 'B-B' || noData || !this.#collector)
      return missing(built.level, built.timestampError);
    const stored = this.#forecast === 'complete';
    const data = this.#collector.data();
    const addData = () => settleRaising(appendEvidence({ partPath, state, reserved, data, password }));
    if (level === 'B-LT') {
      // A TSA that answers with another certificate than it showed before needs its data added behind.
      const added = await addData();
      if (!added.ok) return missing(built.level, undefined, added.error);
      return { ...file, ...endOf(added.value), level: 'B-LT', pending: [] };
    }
    const timestamp = (digest: Uint8Array): Promise<Uint8Array> => this.stamp(digest);
    const stamped = await settleRaising(
      appendEvidence({ partPath, state, reserved, data, timestamp, password }),
    );
    if (stamped.ok && stamped.value) return { ...file, ...endOf(stamped.value), level: 'B-LTA', pending: [] };
    const timestampError = stamped.ok ? undefined : stamped.error;
    if (stored) return missing('B-LT', timestampError);
    const added = await addData();
    if (!added.ok) return missing(built.level, timestampError, added.error);
    return { ...missing('B-LT', timestampError), ...endOf(added.value) };
  }

  async #addToken(token: Uint8Array): Promise<void> {
    const { trust } = this.#options;
    await this.#collector?.add(tokenChain(token, trust?.extraCertificates));
  }
}

function endOf(added: AppendedEvidence | undefined): Partial<Pick<AppendedEvidence, 'sha256' | 'bytes'>> {
  return added ? { sha256: added.sha256, bytes: added.bytes } : {};
}

function firstError(...all: readonly (Settled<unknown> | undefined)[]): ErrorValue | undefined {
  for (const settled of all) if (settled && !settled.ok) return settled.error;
  return undefined;
}
