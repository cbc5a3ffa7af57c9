import { Asn1Error } from '../asn1/der.ts';
import type { SignatureReport } from '../contract/verification.ts';
import { describeSigner } from './certificate-purpose.ts';
import { blankReport, withJudgement, type SignatureInput } from './judge-signature.ts';
import { failed, passed, pathMessage, undecided, type Judgement } from './judgement.ts';
import type { SeenTimestamp } from './signature-time.ts';
import { digestStretches } from './signed-digest.ts';
import {
  authorityName,
  checkTimestamp,
  parseTimestampToken,
  type TimestampCheck,
} from './timestamp-token.ts';
import type { VerificationOptions } from './verification-options.ts';

/** A document timestamp's report, and what it says for the signatures it covers. */
export interface DocumentTimestampResult {
  readonly report: SignatureReport;
  readonly seen: SeenTimestamp | undefined;
}

/** Judges a document timestamp (/SubFilter /ETSI.RFC3161) whose dictionary and range are well-formed. */
export async function judgeDocumentTimestamp(
  { pdf, field, range, coverage }: Omit<SignatureInput, 'documentTimestamps'>,
  options: VerificationOptions,
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
  const shapeFits = subFilter === 'ETSI.RFC3161' && (type === undefined || type === 'DocTimeStamp');
  if (!shapeFits || !contents) return malformed;
  try {
    const token = parseTimestampToken(contents, 'zeros');
    const { digest } = token.imprint;
    if (!digest) return malformed;
    const stretches = [
      { start: 0, end: range.gapStart },
      { start: range.gapEnd, end: range.end },
    ];
    const check = checkTimestamp(token, await digestStretches(pdf, stretches, digest), {
      anchors: options.tsaAnchors,
      furtherCertificates: options.extraCertificates,
      now: options.at ?? options.now,
    });
    const { certificate, anchor } = check;
    const judgement = coverage.problem ?? timestampJudgement(check);
    const ok = judgement.indication === 'TOTAL_PASSED';
    const authority = authorityName(certificate);
    const described: SignatureReport = {
      ...report,
      integrity: integrityOf(check),
      digest,
      signer: certificate ? describeSigner(certificate, [], anchor) : null,
      bestSignatureTime: ok ? token.time.toISOString() : null,
      timeSource: ok ? 'timestamp' : null,
      timestamps: [{ time: token.time.toISOString(), authority, ok }],
    };
    const notes = [
      ...(ok ? (['verify.revocation-unchecked'] as const) : []),
      ...(coverage.later === 'permitted' ? (['verify.later-permitted'] as const) : []),
      ...(anchor?.sample ? (['verify.demo-anchor'] as const) : []),
    ];
    return {
      report: withJudgement(described, judgement, ...notes),
      seen: { time: token.time, authority, ok, fault: check.fault },
    };
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    return malformed;
  }
}

function integrityOf({ fault }: TimestampCheck): boolean | null {
  if (fault === 'imprint-differs' || fault === 'value-wrong') return false;
  return fault === 'malformed' || fault === 'no-certificate' ? null : true;
}

function timestampJudgement({ fault, pathFailure }: TimestampCheck): Judgement {
  switch (fault) {
    case undefined:
      return passed('verify.document-timestamp-valid');
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
    case 'untrusted': {
      const reason = pathFailure ?? 'NO_CERTIFICATE_CHAIN_FOUND';
      return undecided(reason, pathMessage(reason, 'chain'));
    }
  }
}
