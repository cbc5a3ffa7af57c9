import { Asn1Error } from '../asn1/der.ts';
import type { SignatureReport } from '../contract/verification.ts';
import { describeSigner } from './certificate-purpose.ts';
import { blankReport, laterNotes, type SignatureInput } from './judge-signature.ts';
import { failed, passed, pathMessage, undecided, type Judgement } from './judgement.ts';
import { untold } from './revocation.ts';
import { withJudgement } from './signature-report.ts';
import { seeTimestamp, type SeenTimestamp } from './signature-time.ts';
import {
  authorityName,
  checkTimestamp,
  parseTimestampToken,
  type TimestampCheck,
  type TimestampFault,
} from './timestamp-token.ts';
import type { VerificationRun } from './verification-run.ts';

/** A document timestamp's report, and what it says for the signatures it covers. */
export interface DocumentTimestampResult {
  readonly report: SignatureReport;
  readonly seen: SeenTimestamp | undefined;
}

/** Judges a document timestamp (/SubFilter /ETSI.RFC3161) whose dictionary and range are well-formed. */
export async function judgeDocumentTimestamp(
  { digests, field, range, coverage, documentTimestamps }: SignatureInput,
  run: VerificationRun,
): Promise<DocumentTimestampResult> {
  const report: SignatureReport = {
    ...blankReport(field),
    coverage: coverage.coverage,
    later: coverage.later,
    changes: coverage.changes,
  };
  const { type, subFilter, contents } = field.signature ?? {};
  const malformed: DocumentTimestampResult = {
    report: withJudgement(report, failed('FORMAT_FAILURE', 'verify.signature-malformed')),
    seen: undefined,
  };
  // Old writers call it a signature; what it is, its /SubFilter says and its token proves.
  const shapeFits =
    subFilter === 'ETSI.RFC3161' && (type === undefined || type === 'DocTimeStamp' || type === 'Sig');
  if (!shapeFits || !contents) return malformed;
  try {
    const token = parseTimestampToken(contents, 'zeros');
    const { digest } = token.imprint;
    if (!digest) return malformed;
    const context = run.authorities([], oldest(documentTimestamps));
    const check = checkTimestamp(token, await digests.ofRange(range, digest), context);
    const { certificate, anchor } = check;
    const seen = await seeTimestamp(token, check, context);
    const judgement = coverage.problem ?? timestampJudgement(seen.fault, check) ?? authorityJudgement(seen);
    const ok = judgement.indication === 'TOTAL_PASSED';
    const authority = authorityName(certificate);
    const described: SignatureReport = {
      ...report,
      integrity: integrityOf(check),
      digest,
      signer: certificate ? describeSigner(certificate, [], anchor) : null,
      bestSignatureTime: ok ? token.time.toISOString() : null,
      timeSource: ok ? 'timestamp' : null,
      timestamps: [{ time: token.time.toISOString(), authority, ok: seen.ok && ok }],
      revocation: seen.revocation?.kind ?? 'unknown',
      revocationSource: seen.revocation?.source ?? 'none',
    };
    const notes = [
      ...(ok && described.revocation === 'unknown' ? (['verify.revocation-unchecked'] as const) : []),
      ...coverage.notes,
      ...laterNotes(described),
      ...(anchor?.sample ? (['verify.demo-anchor'] as const) : []),
    ];
    return {
      report: withJudgement(described, judgement, ...notes),
      seen: { ...seen, ok: seen.ok && !coverage.problem },
    };
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    return malformed;
  }
}

/** When the oldest of the timestamps behind this one was made. */
function oldest(timestamps: readonly SeenTimestamp[]): Date | undefined {
  const times = timestamps.flatMap(({ time }) => (time ? [time] : []));
  return times.sort((a, b) => a.getTime() - b.getTime())[0];
}

function integrityOf({ fault }: TimestampCheck): boolean | null {
  if (fault === 'imprint-differs' || fault === 'value-wrong') return false;
  return fault === 'malformed' || fault === 'no-certificate' ? null : true;
}

/** The authority's state is wanted and unknown: to be tried again, else it holds. */
function authorityJudgement({ revocation }: SeenTimestamp): Judgement {
  return revocation?.wanted ? untold(revocation.wanted) : passed('verify.document-timestamp-valid');
}

function timestampJudgement(
  fault: TimestampFault | undefined,
  { pathFailure }: TimestampCheck,
): Judgement | undefined {
  switch (fault) {
    case undefined:
      return undefined;
    case 'revoked':
      return undecided('REVOKED_NO_POE', 'verify.timestamp-authority-revoked');
    case 'imprint-differs':
      return failed('HASH_FAILURE', 'verify.changed-after-signing');
    case 'value-wrong':
      return failed('SIG_CRYPTO_FAILURE', 'verify.signature-value-wrong');
    case 'malformed':
      return failed('FORMAT_FAILURE', 'verify.signature-malformed');
    case 'no-certificate':
      return undecided('NO_SIGNING_CERTIFICATE_FOUND', 'verify.signing-certificate-missing');
    case 'weak-algorithm':
      return undecided('CRYPTO_CONSTRAINTS_FAILURE_NO_POE', 'verify.algorithm-weak');
    case 'authority-unknown':
    case 'authority-unfit': {
      const reason = pathFailure ?? 'NO_CERTIFICATE_CHAIN_FOUND';
      return undecided(reason, pathMessage(reason, 'chain'));
    }
  }
}
