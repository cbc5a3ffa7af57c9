import { randomBytes, type Hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ErrorValue } from '../contract/errors/value.ts';
import { openPdf } from '../pdf/document.ts';
import { declaredPageCount } from '../pdf/pages.ts';
import { findReferencesBeyond } from '../pdf/reachable.ts';
import { AnThuError } from '../shared/errors.ts';
import { askTsa } from './ask-tsa.ts';
import { appendEvidence } from './evidence-update.ts';
import { finishPart, type VerifyPart } from './finished-part.ts';
import type { LevelServices, PadesLevel, PendingPart, ReachedLevel } from './levels.ts';
import { publishFile, refuseExisting, refuseOriginal, type ExistingOutput } from './output-file.ts';
import { copyToPart } from './part-file.ts';
import { partPathFor } from './part-name.ts';
import { readSecurityStore } from './security-store.ts';
import { settle } from './settled.ts';
import { readSignedChains, tokenChain, type SignedChains } from './signed-chains.ts';
import { ValidationCollector, type ValidationData } from './validation-data.ts';
import { reason } from '../shared/reasons.ts';

export interface ExtendPdfOptions extends LevelServices {
  readonly inputPath: string;
  readonly outputPath: string;
  readonly level: Exclude<PadesLevel, 'B-B'>;
  readonly existing?: ExistingOutput;
  readonly password?: string | undefined;
  /** Judges the finished file before it gets its name; throwing discards it. */
  readonly verify?: VerifyPart;
}

export interface ExtendedPdf extends ReachedLevel {
  readonly outputPath: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly inputSha256: string;
  /** How many leading bytes were compared with the input and found equal: all of the input. */
  readonly prefixBytes: number;
  readonly prefixSha256: string;
  readonly requestedLevel: PadesLevel;
  readonly pages: number;
}

/**
 * Raises what is signed in a file to a level, without touching an earlier byte: a document timestamp for B-T (the
 * CMS itself may not change), /DSS with certificates and revocation data for B-LT, both in one update for B-LTA. On a
 * file that is B-LTA already this is the renewal: fresh data for the last timestamp, and a new one. A service that is
 * away costs the level (`pending`), the file is then as good as it was. Throws `signing.nothing-to-extend`,
 * `signing.earlier-signature-broken`, `general.output-exists`, `signing.*`, `pdf.*`, and what `verify` throws.
 */
export async function extendPdf(options: ExtendPdfOptions): Promise<ExtendedPdf> {
  const { inputPath, outputPath, existing = 'refuse' } = options;
  await refuseOriginal(inputPath, outputPath);
  await refuseExisting(outputPath, existing);
  const partPath = partPathFor(outputPath);
  try {
    const known = readFile(options);
    const copied = await copyToPart(inputPath, partPath, known.bytes);
    const raised = await raise(partPath, copied.state, known, options);
    const file = { sha256: raised.sha256 ?? copied.sha256, bytes: raised.bytes ?? known.bytes };
    await finishPart({ inputPath, partPath, inputBytes: known.bytes, ...file }, options.verify);
    await publishFile(partPath, outputPath, existing);
    return {
      outputPath,
      sha256: copied.sha256,
      bytes: known.bytes,
      ...raised,
      inputSha256: copied.sha256,
      prefixBytes: known.bytes,
      prefixSha256: copied.sha256,
      requestedLevel: options.level,
      pages: known.pages,
    };
  } catch (thrown) {
    await rm(partPath, { force: true });
    throw thrown;
  }
}

interface KnownFile extends SignedChains {
  readonly bytes: number;
  readonly pages: number;
  readonly store: ValidationData;
  /** Object numbers that the file refers to in vain. */
  readonly reserved: ReadonlySet<number>;
}

function readFile({ inputPath, trust, password }: ExtendPdfOptions): KnownFile {
  const pdf = openPdf(inputPath, { password: password ?? '' });
  try {
    if (pdf.cipher && !pdf.cipher.maySign) throw new AnThuError('signing.not-permitted');
    return {
      ...readSignedChains(pdf, trust?.extraCertificates ?? [], new Date()),
      bytes: pdf.source.size,
      pages: declaredPageCount(pdf),
      store: readSecurityStore(pdf),
      reserved: findReferencesBeyond(pdf),
    };
  } finally {
    pdf.close();
  }
}

type Raised = ReachedLevel & { readonly sha256?: string; readonly bytes?: number };

async function raise(
  partPath: string,
  state: Hash,
  known: KnownFile,
  options: ExtendPdfOptions,
): Promise<Raised> {
  const { level, tsa, password } = options;
  const stamp = (digest: Uint8Array): Promise<Uint8Array> => askTsa(tsa, digest);
  const base = { partPath, state, password, reserved: known.reserved };
  const gathered = level === 'B-T' ? undefined : await gather(known, options, stamp);
  const data = gathered?.data;
  const revocationError = gathered?.revocationError;
  const reached = (now: PadesLevel, timestampError?: ErrorValue): Raised => {
    const pending: PendingPart[] = [];
    if (timestampError) pending.push('timestamp');
    if (revocationError) pending.push('revocation');
    return { level: now, pending, timestampError, revocationError };
  };
  const withoutData: PadesLevel = known.untimed ? 'B-B' : 'B-T';
  if (gathered?.timestampError) return reached(withoutData, gathered.timestampError);
  // Without its data a renewal's timestamp would cover nothing new.
  if (known.untimed || (level === 'B-LTA' && data)) {
    const stamped = await settle(appendEvidence({ ...base, data, timestamp: stamp }));
    if (stamped.ok && stamped.value) {
      const { sha256, bytes } = stamped.value;
      return { ...reached(data ? 'B-LTA' : 'B-T'), sha256, bytes };
    }
    if (known.untimed || !data) return reached(withoutData, stamped.ok ? undefined : stamped.error);
    const added = await appendEvidence({ ...base, data });
    return { ...reached('B-LT', stamped.ok ? undefined : stamped.error), ...pick(added) };
  }
  if (!data) return reached(withoutData);
  return { ...reached('B-LT'), ...pick(await appendEvidence({ ...base, data })) };
}

function pick(added: { sha256: string; bytes: number } | undefined): { sha256?: string; bytes?: number } {
  return added ? { sha256: added.sha256, bytes: added.bytes } : {};
}

interface Gathered {
  readonly data?: ValidationData;
  readonly revocationError?: ErrorValue;
  readonly timestampError?: ErrorValue;
}

/** Data of every signer and TSA; of the TSA of a timestamp yet to come when that one is the only proof of time. */
async function gather(
  known: KnownFile,
  { trust, revocation }: ExtendPdfOptions,
  stamp: (digest: Uint8Array) => Promise<Uint8Array>,
): Promise<Gathered> {
  const collector =
    trust && new ValidationCollector(trust, { known: known.store, client: revocation, now: new Date() });
  const missing = new AnThuError('signing.chain-untrusted', { reason: reason('chain.no-anchors') });
  const work = collector
    ? Promise.all(known.chains.map((chain) => collector.add(chain)))
    : Promise.reject<never>(missing);
  const settled = settle(work);
  settled.catch(() => {});
  if (known.untimed) {
    const probe = await settle(stamp(randomBytes(32)));
    if (!probe.ok) return { timestampError: probe.error };
    const chain = tokenChain(probe.value, trust?.extraCertificates);
    const added = await settle(collector?.add(chain) ?? Promise.reject(missing));
    if (!added.ok) return { revocationError: added.error };
  }
  const result = await settled;
  if (!result.ok) return { revocationError: result.error };
  return { data: collector?.data() };
}
