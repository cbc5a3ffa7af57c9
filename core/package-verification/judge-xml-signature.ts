import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import type { SignatureReport } from '../contract/verification.ts';
import type { TrustAnchor } from '../trust/anchors.ts';
import { certificatePurpose, describeSigner } from '../verification/certificate-purpose.ts';
import { judgeCertificate } from '../verification/judge-certificate.ts';
import { failed, undecided, type Judgement } from '../verification/judgement.ts';
import { judgeRevocation, untold } from '../verification/revocation.ts';
import { unknownSignature, withJudgement } from '../verification/signature-report.ts';
import {
  bestTime,
  describeTimestamps,
  readTimestamp,
  timestampNotes,
  type AuthorityContext,
  type SeenTimestamp,
} from '../verification/signature-time.ts';
import type { VerificationRun } from '../verification/verification-run.ts';
import type { XmlSignatureFinding } from './check-signature.ts';
import type { XmlTimestamp } from './xades.ts';
import type { XmlFault } from './xml-fault.ts';

/** The report of an XML signature of which nothing is known yet; `ordinal` counts from 1. */
function blankXmlReport(ordinal: number, id: string | undefined): SignatureReport {
  return { ...unknownSignature, field: id ?? `Signature ${ordinal}`, subFilter: 'XMLDSig', later: 'none' };
}

/** The report of a signature that could not be judged to the end. */
export function faultyXmlReport(ordinal: number, { kind }: XmlFault): SignatureReport {
  return withJudgement(blankXmlReport(ordinal, undefined), faultJudgement(kind));
}

function faultJudgement(kind: XmlFault['kind']): Judgement {
  switch (kind) {
    case 'malformed':
      return failed('FORMAT_FAILURE', 'verify.xml-malformed');
    case 'unsupported':
      return undecided('SIG_CONSTRAINTS_FAILURE', 'verify.xml-unsupported');
    case 'data-missing':
      return undecided('SIGNED_DATA_NOT_FOUND', 'verify.xml-data-missing');
    case 'limit':
      return undecided('POLICY_PROCESSING_ERROR', 'verify.limit-reached');
  }
}

/**
 * Judges one XML signature by the same rules as a PDF's: certificate, chain and algorithm at the best time, revocation,
 * timestamps. Beside these it must cover what is read, and both judges must agree.
 */
export async function judgeXmlSignature(
  ordinal: number,
  finding: XmlSignatureFinding,
  run: VerificationRun,
): Promise<SignatureReport> {
  const { check, certificates, xades, id, algorithm } = finding;
  const pool = run.pool(certificates);
  const [named] = finding.signer ? [finding.signer] : certificates;
  const blank: SignatureReport = {
    ...blankXmlReport(ordinal, id),
    subFilter: xades ? 'XAdES' : 'XMLDSig',
    coverage: finding.coverage === 'whole' ? 'whole-file' : 'partial',
    digest: algorithm.digest,
    claimedTime: xades?.claimedTime?.toISOString() ?? null,
    signer: named ? describeSigner(named, [], undefined) : null,
    purpose: named ? certificatePurpose(named) : 'unknown',
  };
  if (check.kind !== 'intact') return broken(blank, check.kind);
  const timestamps = await seeTimestamps(xades?.timestamps ?? [], run.authorities(pool, undefined));
  const time = bestTime(timestamps, run.options.registeredAt, xades?.claimedTime);
  const trusted = judgeCertificate(check, pool, time, run.options);
  const anchor: TrustAnchor | undefined = trusted.path.ok ? trusted.path.anchor : undefined;
  const end = check.certificate.notAfter;
  const at = time.proven ?? (end < run.now ? end : run.now);
  const data = { certificates, revocation: { lists: [], responses: [] } };
  const found = await run.revocation(trusted.judged, { at, anchors: run.options.anchors, data });
  const report: SignatureReport = {
    ...blank,
    integrity: true,
    digest: check.algorithm.digest,
    scheme: check.algorithm.scheme,
    level: levelOf(check.signingCertificate, xades !== undefined, time.source === 'timestamp'),
    signer: describeSigner(check.certificate, trusted.path.ok ? trusted.path.path : [], anchor),
    purpose: certificatePurpose(check.certificate),
    bestSignatureTime: (time.proven ?? time.claimed)?.toISOString() ?? null,
    timeSource: time.source,
    timestamps: describeTimestamps(timestamps),
    revocation: found.kind,
    revocationSource: found.source,
  };
  const standing = constraints(finding) ?? trusted.judgement;
  const authority = time.timestamp?.revocation?.wanted;
  const judgement =
    standing.indication === 'TOTAL_PASSED'
      ? (judgeRevocation(found, time) ?? (authority && untold(authority)) ?? standing)
      : standing;
  return withJudgement(report, judgement, ...notesOf(report, judgement, timestamps, anchor));
}

function broken(
  report: SignatureReport,
  kind: Exclude<XmlSignatureFinding['check']['kind'], 'intact'>,
): SignatureReport {
  switch (kind) {
    case 'hash-differs':
      return withJudgement({ ...report, integrity: false }, failed('HASH_FAILURE', 'verify.package-changed'));
    case 'value-wrong':
      return withJudgement(
        { ...report, integrity: false },
        failed('SIG_CRYPTO_FAILURE', 'verify.signature-value-wrong'),
      );
    case 'no-certificate':
      return withJudgement(
        report,
        undecided('NO_SIGNING_CERTIFICATE_FOUND', 'verify.signing-certificate-missing'),
      );
    case 'malformed':
      return withJudgement(report, failed('FORMAT_FAILURE', 'verify.xml-malformed'));
    case 'unsupported':
      return withJudgement(report, undecided('CRYPTO_CONSTRAINTS_FAILURE', 'verify.algorithm-unsupported'));
  }
}

/** What an intact signature must be beside intact. */
function constraints({ check, coverage, secondJudge }: XmlSignatureFinding): Judgement | undefined {
  if (coverage === 'partial') return undecided('SIG_CONSTRAINTS_FAILURE', 'verify.xml-partial');
  if (secondJudge === 'too-large') return undecided('POLICY_PROCESSING_ERROR', 'verify.limit-reached');
  if (secondJudge === 'differs') return undecided('SIG_CONSTRAINTS_FAILURE', 'verify.xml-judges-differ');
  if (check.kind === 'intact' && check.signingCertificate === 'mismatch')
    return undecided('SIG_CONSTRAINTS_FAILURE', 'verify.signing-certificate-mismatch');
  return undefined;
}

/** XAdES baseline as far as one signature shows it; a plain XML signature has no level. */
function levelOf(
  bound: 'match' | 'mismatch' | 'absent',
  xades: boolean,
  stamped: boolean,
): SignatureReport['level'] {
  if (!xades || bound !== 'match') return 'none';
  return stamped ? 'B-T' : 'B-B';
}

function notesOf(
  report: SignatureReport,
  judgement: Judgement,
  timestamps: readonly SeenTimestamp[],
  anchor: TrustAnchor | undefined,
): VerificationMessageCode[] {
  const codes: VerificationMessageCode[] = [];
  if (judgement.indication === 'TOTAL_PASSED' && report.revocation === 'unknown')
    codes.push('verify.revocation-unchecked');
  codes.push(...timestampNotes(timestamps));
  if (report.signer?.class === 'public') codes.push('verify.public-ca');
  if (anchor?.sample) codes.push('verify.demo-anchor');
  return codes;
}

async function seeTimestamps(
  stamps: readonly XmlTimestamp[],
  context: AuthorityContext,
): Promise<SeenTimestamp[]> {
  const seen: SeenTimestamp[] = [];
  for (const { token, over } of stamps) seen.push(await readTimestamp(token, over, context));
  return seen;
}
