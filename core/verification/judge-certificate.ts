import { algorithmAcceptable, algorithmListed, type AlgorithmUse } from '../trust/algorithm-policy.ts';
import type { Certificate } from '../trust/certificate.ts';
import { readSignatureAlgorithm, type DigestName } from '../trust/signature-algorithm.ts';
import { buildPath, type PathResult } from '../trust/path.ts';
import { failed, passed, pathMessage, undecided, type Judgement } from './judgement.ts';
import type { BestTime } from './signature-time.ts';
import type { SignerCheck } from './signer-check.ts';
import type { VerificationOptions } from './verification-options.ts';

/** A claim further ahead than this is not a wrong time zone any more. */
const tolerableFutureMs = 24 * 3600 * 1000;

interface CertificateJudgement {
  readonly judgement: Judgement;
  /** The path that shows whose certificate it is; found at the claimed time when it does not hold now. */
  readonly path: PathResult;
  /** The path whose revocation is looked at: the one that holds at the best time or held until its end, else empty. */
  readonly judged: readonly Certificate[];
}

/**
 * Judges certificate, chain and algorithm of an intact signature at the best time: at a proven time all must
 * hold then; without one they must hold now, and the claimed time is only looked at for sense
 * (domain/vietnam.md §3.2 and §3.4). Revocation is not looked at here. `contentDigest` is what the content was digested with,
 * where that is not the signature's own digest (adbe.pkcs7.sha1).
 */
export function judgeCertificate(
  check: Extract<SignerCheck, { kind: 'intact' }>,
  pool: readonly Certificate[],
  time: BestTime,
  options: VerificationOptions,
  contentDigest: DigestName = check.algorithm.digest,
): CertificateJudgement {
  const { certificate } = check;
  const now = options.at ?? options.now;
  const at = time.proven ?? now;
  const build = (when: Date): PathResult =>
    buildPath(certificate, pool, options.anchors, { at: when, purpose: 'signature' });
  const path = build(at);
  if (!path.ok) {
    const shown = build(time.claimed ?? certificate.notBefore);
    // An ended certificate may still be looked up as of its end.
    const judged = shown.ok && path.reason === 'EXPIRED' && time.source !== 'timestamp' ? shown.path : [];
    return { judgement: brokenPath(path, time), path: shown.ok ? shown : path, judged };
  }
  const judged = path.path;
  const used = { ...check.algorithm, bits: check.bits };
  if (!algorithmAcceptable(used, at) || !algorithmAcceptable({ ...used, digest: contentDigest }, at)) {
    const reason = time.proven ? 'CRYPTO_CONSTRAINTS_FAILURE' : 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE';
    return { judgement: undecided(reason, 'verify.algorithm-weak'), path, judged };
  }
  if (!isListed(used, path.path))
    return {
      judgement: undecided('CRYPTO_CONSTRAINTS_FAILURE', 'verify.algorithm-not-listed'),
      path,
      judged,
    };
  if (time.proven)
    return {
      judgement: passed(
        time.source === 'timestamp' ? 'verify.valid-with-timestamp' : 'verify.valid-claimed-time',
      ),
      path,
      judged,
    };
  if (time.claimed && time.claimed < certificate.notBefore)
    return { judgement: undecided('NOT_YET_VALID', 'verify.claimed-time-implausible'), path, judged };
  if (time.claimed && time.claimed.getTime() > now.getTime() + tolerableFutureMs)
    return {
      judgement: undecided('SIG_CONSTRAINTS_FAILURE', 'verify.claimed-time-implausible'),
      path,
      judged,
    };
  return { judgement: passed('verify.valid-claimed-time'), path, judged };
}

/** Whether signature and every certificate below the anchor were made with algorithms for official signatures. */
function isListed(used: AlgorithmUse, path: readonly Certificate[]): boolean {
  return (
    algorithmListed(used) &&
    path.slice(0, -1).every(({ signatureAlgorithm }) => {
      const algorithm = readSignatureAlgorithm(signatureAlgorithm);
      return algorithm !== undefined && algorithmListed(algorithm);
    })
  );
}

function brokenPath(path: Extract<PathResult, { ok: false }>, time: BestTime): Judgement {
  const { reason, where } = path;
  // The register tells that the signature is older than its entry, not that it is younger than the certificate's end.
  if (reason === 'EXPIRED')
    return time.source === 'timestamp'
      ? failed('EXPIRED', 'verify.certificate-invalid-when-signed')
      : undecided('OUT_OF_BOUNDS_NO_POE', 'verify.certificate-ended-without-timestamp');
  if (reason === 'NOT_YET_VALID')
    return time.source === 'timestamp'
      ? failed('NOT_YET_VALID', 'verify.not-yet-valid', 'verify.certificate-invalid-when-signed')
      : undecided('NOT_YET_VALID', 'verify.not-yet-valid');
  return undecided(reason, pathMessage(reason, where));
}
