import { Asn1Error, compareBytes, readTime } from '../asn1/der.ts';
import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import type { SignatureReport } from '../contract/verification.ts';
import { overLimit } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import type { SignatureField } from '../pdf/signature-fields.ts';
import { digestBytes } from '../trust/digest.ts';
import { oids } from '../trust/oids.ts';
import type { SignedRange } from './byte-range.ts';
import { certificatePurpose, describeSigner } from './certificate-purpose.ts';
import { isVietnamTimeAsUtc, parsePdfDate } from './claimed-time.ts';
import { namedCertificates, parseSignedData, singleAttribute, type SignedData } from './cms.ts';
import { judgeCertificate } from './judge-certificate.ts';
import type { CoverageJudgement } from './judge-coverage.ts';
import { failed, undecided, type Judgement } from './judgement.ts';
import {
  bestTime,
  describeTimestamps,
  readSignatureTimestamps,
  timestampNotes,
  type BestTime,
  type SeenTimestamp,
} from './signature-time.ts';
import { judgeRevocation, untold, type ChainRevocation } from './revocation.ts';
import type { FileDigests } from './file-digests.ts';
import { checkSigner, type BareContent, type SignerCheck } from './signer-check.ts';
import { signatureLevel, type CoveringTimestamp } from './signature-level.ts';
import { unknownSignature, withJudgement } from './signature-report.ts';
import type { VerificationRun } from './verification-run.ts';

/** The report of a signature of which nothing is known yet. */
export function blankReport(field: SignatureField): SignatureReport {
  const { signature } = field;
  const timestamp = signature?.subFilter === 'ETSI.RFC3161' || signature?.type === 'DocTimeStamp';
  return {
    ...unknownSignature,
    field: field.fieldName,
    kind: timestamp ? 'document-timestamp' : 'signature',
    purpose: timestamp ? 'timestamp' : 'unknown',
    subFilter: signature?.subFilter ?? null,
    claimedTime: parsePdfDate(signature?.claimedTime)?.toISOString() ?? null,
  };
}

/** Two authorities' clocks may be so far apart. */
const tolerableDisorderMs = 60_000;

const acceptedSubFilters: ReadonlySet<string> = new Set([
  'ETSI.CAdES.detached',
  'adbe.pkcs7.detached',
  'adbe.pkcs7.sha1',
]);

/** What {@link judgeSignature} needs beside the field. */
export interface SignatureInput {
  readonly pdf: PdfDocument;
  readonly field: SignatureField;
  readonly range: SignedRange;
  readonly coverage: CoverageJudgement;
  readonly digests: FileDigests;
  /** Document timestamps of later revisions that hold. */
  readonly documentTimestamps: readonly (SeenTimestamp & CoveringTimestamp)[];
}

/** Judges one signature (not a document timestamp) whose dictionary and range are well-formed. */
export async function judgeSignature(input: SignatureInput, run: VerificationRun): Promise<SignatureReport> {
  const { field, coverage } = input;
  const report = {
    ...blankReport(field),
    coverage: coverage.coverage,
    later: coverage.later,
    changes: coverage.changes,
  };
  const { type, subFilter, contents } = field.signature ?? {};
  const shapeFits =
    (type === undefined || type === 'Sig') && subFilter !== undefined && acceptedSubFilters.has(subFilter);
  if (!shapeFits || !contents)
    return withJudgement(report, failed('FORMAT_FAILURE', 'verify.signature-malformed'));
  try {
    const data = parseSignedData(contents, 'zeros');
    return await judgeSignedData(input, data, report, run);
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    return withJudgement(report, failed('FORMAT_FAILURE', 'verify.signature-malformed'));
  }
}

async function judgeSignedData(
  input: SignatureInput,
  data: SignedData,
  blank: SignatureReport,
  run: VerificationRun,
): Promise<SignatureReport> {
  const { signer } = data;
  const { options } = run;
  const pool = run.pool(data.certificates);
  const [named] = namedCertificates(signer, pool);
  let report: SignatureReport = {
    ...blank,
    digest: signer.digest ?? null,
    signer: named ? describeSigner(named, [], undefined) : null,
    purpose: named ? certificatePurpose(named) : 'unknown',
  };
  if (!signer.digest)
    return withJudgement(report, undecided('CRYPTO_CONSTRAINTS_FAILURE', 'verify.algorithm-unsupported'));
  const digest = await contentDigest(input, data);
  const bare = bareContent(input, data);
  const check: SignerCheck = digest
    ? checkSigner(data, oids.data, digest, pool, bare)
    : { kind: 'hash-differs' };
  if (check.kind !== 'intact') {
    const integrity = check.kind === 'hash-differs' || check.kind === 'value-wrong' ? false : null;
    return withJudgement({ ...report, integrity }, brokenSignature(check));
  }
  const { documentTimestamps } = input;
  const provenBefore = bestTime(documentTimestamps, undefined, undefined).proven;
  const own = await readSignatureTimestamps(signer, run.authorities(pool, provenBefore));
  const timestamps = [...own, ...documentTimestamps];
  const time = bestTime(timestamps, options.registeredAt, claimedTime(input.field, data));
  const isSha1Content = input.field.signature?.subFilter === 'adbe.pkcs7.sha1';
  const trusted = judgeCertificate(check, pool, time, options, isSha1Content ? 'sha1' : undefined);
  const { anchors, tsaAnchors } = options;
  const anchor = trusted.path.ok ? trusted.path.anchor : undefined;
  const path = trusted.path.ok ? trusted.path.path : [];
  const baseline =
    data.encoding === 'der' && input.range.brackets === 'in-gap' && isBaseline(input.field, data, check);
  const covering = documentTimestamps;
  const level = { run, data, path, time, anchors, tsaAnchors, covering };
  report = {
    ...report,
    integrity: true,
    scheme: check.algorithm.scheme,
    signer: describeSigner(check.certificate, path, anchor),
    purpose: certificatePurpose(check.certificate),
    level: baseline ? await signatureLevel(level) : 'none',
    claimedTime: time.claimed?.toISOString() ?? null,
    bestSignatureTime: (time.proven ?? time.claimed)?.toISOString() ?? null,
    timeSource: time.source,
    timestamps: describeTimestamps(timestamps),
  };
  const standing =
    input.coverage.problem ??
    unboundCertificate(input.field, check) ??
    disorderedTimestamps(own, provenBefore) ??
    trusted.judgement;
  const end = check.certificate.notAfter;
  const at = time.proven ?? (end < run.now ? end : run.now);
  const found = await run.revocation(trusted.judged, { at, anchors, data });
  report = { ...report, revocation: found.kind, revocationSource: found.source };
  const judgement =
    standing.indication === 'TOTAL_PASSED'
      ? (judgeRevocation(found, time) ?? waitingForAuthority(time) ?? standing)
      : endedButNotRevoked(standing, found);
  return withJudgement(
    report,
    judgement,
    ...input.coverage.notes,
    ...(isVietnamTimeAsUtc(time, run.now) ? (['verify.claimed-time-zone'] as const) : []),
    ...notes(report, timestamps, judgement, baseline, anchor?.sample),
  );
}

/** Ended without proof of time: whether it was in force until then is worth saying (EN 319 102-1). */
function endedButNotRevoked(standing: Judgement, found: ChainRevocation): Judgement {
  if (standing.subIndication !== 'OUT_OF_BOUNDS_NO_POE' || found.kind === 'unknown') return standing;
  const reason = found.kind === 'good' ? 'OUT_OF_BOUNDS_NOT_REVOKED' : 'REVOKED_NO_POE';
  return { ...standing, subIndication: reason };
}

/** A document timestamp covers the signature's own, so it cannot be older; clocks may differ a little. */
function disorderedTimestamps(
  own: readonly SeenTimestamp[],
  provenBefore: Date | undefined,
): Judgement | undefined {
  if (!provenBefore) return undefined;
  const limit = provenBefore.getTime() + tolerableDisorderMs;
  return own.some(({ ok, time }) => ok && time !== undefined && time.getTime() > limit)
    ? undecided('TIMESTAMP_ORDER_FAILURE', 'verify.timestamp-order')
    : undefined;
}

/** The proof of time hangs on an authority whose state is wanted and unknown. */
function waitingForAuthority({ timestamp }: BestTime): Judgement | undefined {
  return timestamp?.revocation?.wanted && untold(timestamp.revocation.wanted);
}

/** Digest of what was signed; undefined when an encapsulated SHA-1 digest (adbe.pkcs7.sha1) does not fit. */
async function contentDigest(
  { digests, field, range }: SignatureInput,
  data: SignedData,
): Promise<Uint8Array | undefined> {
  const { digest } = data.signer;
  if (!digest) return undefined;
  if (field.signature?.subFilter !== 'adbe.pkcs7.sha1') {
    if (data.content) throw new Asn1Error('signature of a PDF must be detached');
    return await digests.ofRange(range, digest);
  }
  const sha1 = await digests.ofRange(range, 'sha1');
  if (!data.content || compareBytes(data.content, sha1) !== 0) return undefined;
  return digestBytes(digest, data.content);
}

/** Larger files without signed attributes are not held in memory. */
const maximumBareBytes = 64 * 1024 * 1024;

/**
 * What the value was made over where there are no signed attributes: the older Adobe forms may leave them out. That the
 * content is a PDF or a SHA-1 digest keeps it apart from attributes given out as content.
 */
function bareContent({ field, pdf, range }: SignatureInput, data: SignedData): BareContent {
  if (data.signer.signedBytes || field.signature?.subFilter === 'ETSI.CAdES.detached') return undefined;
  if (field.signature?.subFilter === 'adbe.pkcs7.sha1') return data.content;
  const { gapStart, gapEnd, end } = range;
  if (end > maximumBareBytes) throw overLimit('streamBytes', maximumBareBytes);
  return Buffer.concat([pdf.source.read(0, gapStart), pdf.source.read(gapEnd, end - gapEnd)]);
}

function brokenSignature(check: Exclude<SignerCheck, { kind: 'intact' }>): Judgement {
  switch (check.kind) {
    case 'malformed':
      return failed('FORMAT_FAILURE', 'verify.signature-malformed');
    case 'hash-differs':
      return failed('HASH_FAILURE', 'verify.changed-after-signing');
    case 'value-wrong':
      return failed('SIG_CRYPTO_FAILURE', 'verify.signature-value-wrong');
    case 'no-certificate':
      return undecided('NO_SIGNING_CERTIFICATE_FOUND', 'verify.signing-certificate-missing');
    case 'unsupported':
      return undecided('CRYPTO_CONSTRAINTS_FAILURE', 'verify.algorithm-unsupported');
  }
}

type Intact = Extract<SignerCheck, { kind: 'intact' }>;

/** The certificate must be bound by a signed attribute; the older Adobe forms do without it. */
function unboundCertificate(field: SignatureField, check: Intact): Judgement | undefined {
  if (check.signingCertificate === 'mismatch')
    return undecided('SIG_CONSTRAINTS_FAILURE', 'verify.signing-certificate-mismatch');
  if (check.signingCertificate === 'absent' && field.signature?.subFilter === 'ETSI.CAdES.detached')
    return undecided('SIG_CONSTRAINTS_FAILURE', 'verify.signing-certificate-unbound');
  return undefined;
}

/** /M, or the signing-time attribute that local tools write (findings/signing-peers.md §2.5). */
function claimedTime(field: SignatureField, { signer }: SignedData): Date | undefined {
  const written = parsePdfDate(field.signature?.claimedTime);
  if (written) return written;
  const attribute = singleAttribute(signer.signedAttributes, oids.signingTime);
  return attribute ? readTime(attribute) : undefined;
}

/** PAdES baseline as far as one signature shows it (findings/signing-peers.md §3.1). */
function isBaseline(field: SignatureField, { signer }: SignedData, check: Intact): boolean {
  return (
    field.signature?.subFilter === 'ETSI.CAdES.detached' &&
    field.signature.claimedTime !== undefined &&
    field.signature.dict.get('Cert') === undefined &&
    check.signingCertificate === 'match' &&
    signer.order === 'sorted' &&
    !signer.signedAttributes.some(({ type }) => type === oids.signingTime)
  );
}

/** What was lawfully added after signing is named, never passed over. */
export function laterNotes({ later, changes }: SignatureReport): VerificationMessageCode[] {
  if (later !== 'permitted') return [];
  const has = (name: SignatureReport['changes'][number]['class']): boolean =>
    changes.some((change) => change.class === name);
  const codes: VerificationMessageCode[] = [];
  if (has('form-fill')) codes.push('verify.form-filled');
  if (has('annotation')) codes.push('verify.annotations-added');
  return codes.length > 0 ? codes : ['verify.later-permitted'];
}

function notes(
  report: SignatureReport,
  timestamps: readonly SeenTimestamp[],
  judgement: Judgement,
  baseline: boolean,
  sample: boolean | undefined,
): VerificationMessageCode[] {
  const codes: VerificationMessageCode[] = [];
  if (judgement.indication === 'TOTAL_PASSED' && report.revocation === 'unknown')
    codes.push('verify.revocation-unchecked');
  codes.push(...timestampNotes(timestamps), ...laterNotes(report));
  if (!baseline) codes.push('verify.not-baseline');
  if (report.signer?.class === 'public') codes.push('verify.public-ca');
  if (sample) codes.push('verify.demo-anchor');
  return codes;
}
