import type { SignatureReport } from '../contract/verification.ts';
import type { TrustAnchor } from '../trust/anchors.ts';
import type { Certificate } from '../trust/certificate.ts';
import type { SignedData } from './cms.ts';
import type { ValidationMaterial } from './security-store.ts';
import type { BestTime } from './signature-time.ts';
import type { VerificationRun } from './verification-run.ts';

/** A document timestamp that holds, with the end of what it covers. */
export interface CoveringTimestamp {
  readonly rangeEnd: number;
}

interface LevelInput {
  readonly run: VerificationRun;
  readonly data: SignedData;
  readonly path: readonly Certificate[];
  readonly time: BestTime;
  readonly anchors: readonly TrustAnchor[];
  readonly tsaAnchors: readonly TrustAnchor[];
  /** Document timestamps behind the signature that hold. */
  readonly covering: readonly CoveringTimestamp[];
}

/**
 * Level of a baseline signature (findings/signing-peers.md §3.1, "Levels"): B-T with a timestamp that holds; B-LT
 * when chains and revocation of signer and timestamp authority stand in the file itself; B-LTA when a document
 * timestamp that holds covers all of that.
 */
export async function signatureLevel(input: LevelInput): Promise<SignatureReport['level']> {
  const { run, covering, time } = input;
  if (!time.timestamp?.time) return 'B-B';
  if (!(await isComplete(input, run.material))) return 'B-T';
  for (const { rangeEnd } of covering)
    if (await isComplete(input, run.materialUntil(rangeEnd))) return 'B-LTA';
  return 'B-LT';
}

/** Whether the file alone can show both chains and that nobody in them was revoked. */
async function isComplete(
  { run, data, path, time, anchors, tsaAnchors }: LevelInput,
  material: ValidationMaterial,
): Promise<boolean> {
  const { timestamp } = time;
  if (!timestamp?.time || path.length === 0 || timestamp.path.length === 0) return false;
  const held = new Set(
    [...data.certificates, ...material.certificates, ...(timestamp.data?.certificates ?? [])].map(
      ({ fingerprint }) => fingerprint,
    ),
  );
  const chains = [...path.slice(0, -1), ...timestamp.path.slice(0, -1)];
  if (!chains.every(({ fingerprint }) => held.has(fingerprint))) return false;
  const at = timestamp.time;
  const signer = await run.embeddedRevocation(path, material, { at, anchors, data });
  if (signer.kind !== 'good') return false;
  const authority = await run.embeddedRevocation(timestamp.path, material, {
    at,
    anchors: tsaAnchors,
    data: timestamp.data ?? data,
  });
  return authority.kind === 'good';
}
