import { Asn1Error } from '../asn1/der.ts';
import type { SubIndication } from '../contract/verification.ts';
import { algorithmAcceptable, type AlgorithmJudge } from './algorithm-policy.ts';
import type { TrustAnchor } from './anchors.ts';
import { publicKeyOf, type Certificate } from './certificate.ts';
import { sameName } from './distinguished-name.ts';
import { isSignedBy } from './issued-by.ts';
import { basicConstraints, extendedKeyUsage, keyUsages, unknownCriticalExtension } from './extensions.ts';
import { oids } from './oids.ts';
import { keepsNameConstraints } from './name-constraints.ts';
import { hasValidPolicy, type PolicyInputs } from './policy-tree.ts';
import { keyBits, readSignatureAlgorithm } from './signature-algorithm.ts';

export { isSignedBy };

/** What the leaf is meant to do. */
export type PathPurpose = 'signature' | 'timestamp' | 'ocsp' | 'crl';

interface PathOptions {
  /** The time at which every certificate of the path must be within its life. */
  readonly at: Date;
  readonly purpose: PathPurpose;
  /** Which algorithms count at a time; default: the policy of {@link algorithmAcceptable}. */
  readonly acceptAlgorithm?: AlgorithmJudge;
  /** Default: any policy will do, and none is required unless a certificate requires it. */
  readonly policies?: PolicyInputs;
}

export type PathResult =
  | {
      readonly ok: true;
      /** Leaf first, the anchor's certificate last. */
      readonly path: readonly Certificate[];
      readonly anchor: TrustAnchor;
    }
  | {
      readonly ok: false;
      readonly reason: PathFailure;
      /** Whether the leaf itself is at fault or what should lead from it to an anchor. */
      readonly where: 'leaf' | 'chain';
      /** For people and logs; English, no outside text but names of certificates. */
      readonly detail: string;
    };

export type PathFailure = Extract<
  SubIndication,
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
>;

interface Fault {
  readonly reason: PathFailure;
  readonly detail: string;
}

/** Longest path tried, leaf and anchor included. */
const maximumLength = 10;
/** Candidate issuers looked at in all; a pool made to branch endlessly ends here. */
const maximumSteps = 200;

function extensionFault(certificate: Certificate): Fault | undefined {
  const id = unknownCriticalExtension(certificate);
  return id === undefined
    ? undefined
    : { reason: 'CHAIN_CONSTRAINTS_FAILURE', detail: `extension ${id} is not understood` };
}

/** Purposes that mark a certificate as made for something else than signing documents. */
const foreignPurposes: ReadonlySet<string> = new Set([
  oids.timeStamping,
  oids.ocspSigning,
  oids.serverAuth,
  oids.codeSigning,
]);

function leafFault(leaf: Certificate, purpose: PathPurpose): Fault | undefined {
  const wrong = (detail: string): Fault => ({ reason: 'CHAIN_CONSTRAINTS_FAILURE', detail });
  const usages = keyUsages(leaf);
  if (purpose === 'crl')
    return usages && !usages.has('cRLSign') ? wrong('the key may not sign lists') : extensionFault(leaf);
  if (usages && !usages.has('digitalSignature') && !usages.has('nonRepudiation'))
    return wrong('the key may not sign');
  const extended = extendedKeyUsage(leaf);
  if (purpose === 'timestamp') {
    const only = extended?.purposes.length === 1 && extended.purposes[0] === oids.timeStamping;
    if (!only || !extended.critical) return wrong('no critical timeStamping purpose alone');
  } else if (purpose === 'ocsp') {
    if (!extended?.purposes.includes(oids.ocspSigning)) return wrong('no OCSPSigning purpose');
  } else if (extended?.purposes.length && extended.purposes.every((id) => foreignPurposes.has(id)))
    return wrong('the certificate is not for signing documents');
  return extensionFault(leaf);
}

function lifeFault(certificate: Certificate, at: Date, isLeaf: boolean): Fault | undefined {
  if (at < certificate.notBefore)
    return {
      reason: isLeaf ? 'NOT_YET_VALID' : 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
      detail: 'not yet valid',
    };
  if (at > certificate.notAfter)
    return { reason: isLeaf ? 'EXPIRED' : 'CERTIFICATE_CHAIN_GENERAL_FAILURE', detail: 'expired' };
  return undefined;
}

function weakFault(
  certificate: Certificate,
  issuer: Certificate,
  { at, acceptAlgorithm = algorithmAcceptable }: PathOptions,
): Fault | undefined {
  const algorithm = readSignatureAlgorithm(certificate.signatureAlgorithm);
  if (algorithm && acceptAlgorithm({ ...algorithm, bits: keyBits(publicKeyOf(issuer)) }, at))
    return undefined;
  return { reason: 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE', detail: 'certificate signed with a weak algorithm' };
}

/** What forbids `issuer` to have issued the path below it; `below` counts the CAs between it and the leaf. */
function issuerFault(issuer: Certificate, below: number, isAnchor: boolean): Fault | undefined {
  const wrong = (detail: string): Fault => ({ reason: 'CHAIN_CONSTRAINTS_FAILURE', detail });
  const constraints = basicConstraints(issuer);
  const oldRoot = isAnchor && issuer.version < 3;
  if (!oldRoot && !constraints?.isAuthority) return wrong('issuer is no certification authority');
  if (constraints?.pathLength !== undefined && below > constraints.pathLength)
    return wrong('path longer than the issuer allows');
  const usages = keyUsages(issuer);
  if (usages && !usages.has('keyCertSign')) return wrong("issuer's key may not sign certificates");
  return extensionFault(issuer);
}

/** What the authorities of a whole path demand of those below them. */
function constraintFault(path: readonly Certificate[], { policies = {} }: PathOptions): Fault | undefined {
  const wrong = (detail: string): Fault => ({ reason: 'CHAIN_CONSTRAINTS_FAILURE', detail });
  if (!keepsNameConstraints(path)) return wrong('a name outside the constraints of an authority');
  if (!hasValidPolicy(path, policies)) return wrong('no certificate policy that the path requires');
  return undefined;
}

function isSelfIssued(certificate: Certificate): boolean {
  return sameName(certificate.subject, certificate.issuer);
}

/**
 * Finds and checks a path from `leaf` to one of `anchors` (RFC 5280 §6 without revocation):
 * name and signature of each link, life at `at`, basicConstraints and path length, keyCertSign, algorithm,
 * unknown critical extensions, name constraints, certificate policies. The anchor's own life is not checked:
 * trust in it is the administrator's word.
 * When no path holds, the reason is that of the candidate that came closest.
 */
export function buildPath(
  leaf: Certificate,
  pool: readonly Certificate[],
  anchors: readonly TrustAnchor[],
  options: PathOptions,
): PathResult {
  let steps = 0;
  let closest: Fault | undefined;
  let lifeProblem: Fault | undefined;

  const note = (fault: Fault): void => {
    closest ??= fault;
  };

  function extend(path: readonly Certificate[]): PathResult | undefined {
    const last = path.at(-1);
    if (!last || path.length >= maximumLength) return undefined;
    const below = path.slice(1).filter((certificate) => !isSelfIssued(certificate)).length;
    const candidates: { certificate: Certificate; anchor?: TrustAnchor }[] = [
      ...anchors.map((anchor) => ({ certificate: anchor.certificate, anchor })),
      ...pool.map((certificate) => ({ certificate })),
    ];
    for (const { certificate, anchor } of candidates) {
      if (!sameName(certificate.subject, last.issuer)) continue;
      if (path.some((known) => known.fingerprint === certificate.fingerprint)) continue;
      if (++steps > maximumSteps) return undefined;
      // A namesake with another key (renewed CA, or a forger's) is no issuer at all.
      if (!isSignedBy(last, certificate)) continue;
      const fault =
        issuerFault(certificate, below, anchor !== undefined) ??
        (anchor ? undefined : lifeFault(certificate, options.at, false)) ??
        weakFault(last, certificate, options);
      if (anchor) {
        const whole = [...path, certificate];
        const wrong = fault ?? lifeProblem ?? constraintFault(whole, options);
        if (!wrong) return { ok: true, path: whole, anchor };
        note(wrong);
        continue;
      }
      if (fault) {
        // A faulty link counts only when an anchor lies beyond it: nobody is blamed for a stranger's chain.
        if (extend([...path, certificate])) note(fault);
        continue;
      }
      const result = extend([...path, certificate]);
      if (result) return result;
    }
    return undefined;
  }

  try {
    const wrong = leafFault(leaf, options.purpose);
    if (wrong) return { ok: false, where: 'leaf', ...wrong };
    lifeProblem = lifeFault(leaf, options.at, true);
    const pinned = anchors.find((anchor) => anchor.certificate.fingerprint === leaf.fingerprint);
    if (pinned && !lifeProblem) return { ok: true, path: [leaf], anchor: pinned };
    const result = extend([leaf]);
    if (result) return result;
  } catch (error) {
    if (!(error instanceof Asn1Error)) throw error;
    return {
      ok: false,
      where: 'chain',
      reason: 'CERTIFICATE_CHAIN_GENERAL_FAILURE',
      detail: error.message,
    };
  }
  return {
    ok: false,
    where: 'chain',
    ...(closest ?? { reason: 'NO_CERTIFICATE_CHAIN_FOUND' as const, detail: 'no path to an anchor' }),
  };
}
