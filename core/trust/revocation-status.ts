import { Asn1Error, compareBytes, decode } from '../asn1/der.ts';
import { algorithmAcceptable, type AlgorithmJudge } from './algorithm-policy.ts';
import type { TrustAnchor } from './anchors.ts';
import { publicKeyOf, type Certificate } from './certificate.ts';
import { findListEntry, type CertificateList, type ListEntry } from './certificate-list.ts';
import { sameName } from './distinguished-name.ts';
import {
  allReasons,
  distributionPoints,
  shareName,
  type DistributionPoint,
  type ReasonSet,
} from './distribution-points.ts';
import { basicConstraints, keyUsages, ocspUrls } from './extensions.ts';
import { answerFor, type OcspResponse } from './ocsp-message.ts';
import { oids } from './oids.ts';
import { buildPath } from './path.ts';
import type { EvidenceSource, RevocationEvidence } from './revocation-evidence.ts';
import { keyBits, readSignatureAlgorithm, signatureMatches } from './signature-algorithm.ts';

/** What the evidence says of one certificate. */
export type CertificateStatus =
  | { readonly kind: 'good'; readonly source: EvidenceSource }
  | {
      readonly kind: 'revoked';
      readonly at: Date;
      /** CRLReason (RFC 5280 5.3.1). */
      readonly reason: number;
      readonly source: EvidenceSource;
    }
  | { readonly kind: 'unknown' };

export interface StatusContext {
  /** The time for which the status is wanted: the best signature time. */
  readonly at: Date;
  /** When the judgement is made; evidence from after it is not believed. */
  readonly now: Date;
  readonly evidence: RevocationEvidence;
  /** Certificates among which signers of lists are looked for. */
  readonly pool: readonly Certificate[];
  readonly anchors: readonly TrustAnchor[];
  readonly acceptAlgorithm?: AlgorithmJudge;
}

const toleranceMs = 5 * 60 * 1000;
/** A signer of lists whose own status needs a list, and so on. */
const maximumDepth = 3;
const removeFromList = 8;

/**
 * Status of a certificate at a time, by OCSP responses first and lists after (RFC 5280 6.3, RFC 6960). A
 * "good" counts when it was said after that time and before the certificate's end, or when the time lies before the
 * next update it announced; a revocation counts whenever it was said.
 */
export function certificateStatus(
  certificate: Certificate,
  issuer: Certificate,
  context: StatusContext,
): CertificateStatus {
  return statusAt(certificate, issuer, context, maximumDepth);
}

function statusAt(
  certificate: Certificate,
  issuer: Certificate,
  context: StatusContext,
  depth: number,
): CertificateStatus {
  const byResponse = context.evidence.responses.map(({ value, source }) =>
    statusByResponse({ value, source }, { certificate, issuer }, context, depth),
  );
  const byList = statusByLists(certificate, issuer, context, depth);
  const all = [...byResponse, byList];
  // The earliest revocation anybody tells of outweighs every "good".
  const revoked = all
    .filter((status) => status.kind === 'revoked')
    .sort((a, b) => a.at.getTime() - b.at.getTime())[0];
  return revoked ?? all.find((status) => status.kind === 'good') ?? { kind: 'unknown' };
}

interface Life {
  readonly thisUpdate: Date;
  readonly until: Date | undefined;
}

/** Whether a "good" said at `thisUpdate` and announced to hold until `until` speaks for the time in question. */
function covers(life: Life, certificate: Certificate, { at, now }: StatusContext): boolean {
  if (life.thisUpdate.getTime() > now.getTime() + toleranceMs) return false;
  // After a certificate's end its issuer may forget that it was ever revoked.
  if (life.thisUpdate > certificate.notAfter) return false;
  if (life.thisUpdate >= at) return true;
  return life.until !== undefined && life.until.getTime() >= at.getTime() - toleranceMs;
}

/**
 * Whether a delegated responder may be believed (RFC 6960 4.2.2.2.1): its certificate says that it need not be looked up
 * (id-pkix-ocsp-nocheck), or the evidence says that it is not revoked. Where its certificate names nobody to ask, it is
 * believed unless the evidence says that it was revoked. Its own answers about itself do not count.
 */
function isUnrevokedResponder(
  responder: Certificate,
  issuer: Certificate,
  context: StatusContext,
  depth: number,
): boolean {
  if (responder.fingerprint === issuer.fingerprint || responder.extensions.has(oids.ocspNoCheck)) return true;
  if (depth <= 0) return false;
  const signedByOthers = context.evidence.responses.filter(
    ({ value }) => !value.certificates.some(({ fingerprint }) => fingerprint === responder.fingerprint),
  );
  const evidence = { ...context.evidence, responses: signedByOthers };
  const { kind } = statusAt(responder, issuer, { ...context, evidence }, depth - 1);
  return kind === 'good' || (kind === 'unknown' && !namesSource(responder));
}

function namesSource(certificate: Certificate): boolean {
  return certificate.extensions.has(oids.crlDistributionPoints) || ocspUrls(certificate).length > 0;
}

function statusByResponse(
  { value: response, source }: { readonly value: OcspResponse; readonly source: EvidenceSource },
  { certificate, issuer }: { readonly certificate: Certificate; readonly issuer: Certificate },
  context: StatusContext,
  depth: number,
): CertificateStatus {
  try {
    const answer = answerFor(response, { certificate, issuer });
    const accept = context.acceptAlgorithm ?? algorithmAcceptable;
    if (!answer || answer.status.kind === 'unknown') return { kind: 'unknown' };
    const bits = keyBits(publicKeyOf(answer.responder));
    if (!accept({ ...answer.algorithm, bits }, context.now)) return { kind: 'unknown' };
    if (answer.thisUpdate.getTime() > context.now.getTime() + toleranceMs) return { kind: 'unknown' };
    if (!isUnrevokedResponder(answer.responder, issuer, context, depth)) return { kind: 'unknown' };
    if (answer.status.kind === 'revoked') return { ...answer.status, source };
    const life = { thisUpdate: answer.thisUpdate, until: answer.validUntil };
    return covers(life, certificate, context) ? { kind: 'good', source } : { kind: 'unknown' };
  } catch (error) {
    if (error instanceof Asn1Error) return { kind: 'unknown' };
    throw error;
  }
}

/** A base list with the delta that brings it up to date. */
interface UsableList {
  readonly list: CertificateList;
  readonly delta: CertificateList | undefined;
  readonly source: EvidenceSource;
}

function statusByLists(
  certificate: Certificate,
  issuer: Certificate,
  context: StatusContext,
  depth: number,
): CertificateStatus {
  let seen: ReasonSet = 0;
  let source: EvidenceSource | undefined;
  let points: DistributionPoint[];
  try {
    points = [
      ...distributionPoints(certificate),
      // RFC 5280 6.3.3: a list of the issuer's that no point names is looked at as well.
      {
        names: [{ kind: 'directory', name: certificate.issuer }],
        reasons: allReasons,
        crlIssuer: undefined,
      },
    ];
  } catch (error) {
    if (error instanceof Asn1Error) return { kind: 'unknown' };
    throw error;
  }
  for (const usable of usableLists(context.evidence)) {
    try {
      const reasons = points
        .filter((point) => speaksFor(usable.list, point, certificate))
        .reduce((set, point) => set | (point.reasons & (usable.list.scope?.reasons ?? allReasons)), 0);
      if (reasons === 0 || !isAuthentic(usable.list, issuer, context, depth)) continue;
      const { delta } = usable;
      const useDelta = delta !== undefined && isAuthentic(delta, issuer, context, depth);
      const newer = useDelta ? delta : undefined;
      const entry = entryOf(usable.list, newer, certificate);
      if (entry) return { kind: 'revoked', at: entry.at, reason: entry.reason, source: usable.source };
      const latest = newer ?? usable.list;
      const life = { thisUpdate: latest.thisUpdate, until: latest.nextUpdate };
      if (!covers(life, certificate, context)) continue;
      seen |= reasons;
      source ??= usable.source;
    } catch (error) {
      if (!(error instanceof Asn1Error)) throw error; // what cannot be read proves nothing
    }
  }
  return source && seen === allReasons ? { kind: 'good', source } : { kind: 'unknown' };
}

/** Complete lists, each with the newest delta that fits it. A delta alone is never used. */
function usableLists({ lists }: RevocationEvidence): UsableList[] {
  return lists
    .filter(({ value }) => value.deltaBase === undefined)
    .map(({ value: list, source }) => {
      const delta = lists
        .map(({ value }) => value)
        .filter((other) => fitsBase(other, list))
        .sort((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime())[0];
      return { list, delta, source };
    });
}

const numberOf = (hex: string | undefined): bigint => BigInt(`0x${hex ?? '0'}`);

function fitsBase(delta: CertificateList, base: CertificateList): boolean {
  return (
    delta.deltaBase !== undefined &&
    base.number !== undefined &&
    numberOf(delta.deltaBase) <= numberOf(base.number) &&
    numberOf(base.number) < numberOf(delta.number) &&
    sameName(delta.issuer, base.issuer) &&
    sameBytes(delta.scope?.raw, base.scope?.raw) &&
    sameBytes(delta.authorityKeyIdentifier, base.authorityKeyIdentifier)
  );
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a && b ? compareBytes(a, b) === 0 : a === b;
}

function entryOf(
  list: CertificateList,
  delta: CertificateList | undefined,
  { serialBytes, issuer }: Certificate,
): ListEntry | undefined {
  const newer = delta && findListEntry(delta, serialBytes, issuer);
  if (newer) return newer.reason === removeFromList ? undefined : newer;
  return findListEntry(list, serialBytes, issuer);
}

/** Whether a list's issuer and scope fit a certificate and one of its points (RFC 5280 6.3.3 b). */
function speaksFor(list: CertificateList, point: DistributionPoint, certificate: Certificate): boolean {
  const { scope } = list;
  if (point.crlIssuer) {
    const named = point.crlIssuer.some(
      ({ ...name }) => name.kind === 'directory' && sameName(name.name, list.issuer),
    );
    if (!named) return false;
    if (!sameName(list.issuer, certificate.issuer) && !scope?.indirect) return false;
  } else if (!sameName(list.issuer, certificate.issuer)) return false;
  if (!scope) return true;
  if (scope.onlyAttributes) return false;
  const isAuthority = basicConstraints(certificate)?.isAuthority === true;
  if (scope.onlyUsers && isAuthority) return false;
  if (scope.onlyAuthorities && !isAuthority) return false;
  if (scope.names.length === 0) return true;
  return shareName(scope.names, point.names.length > 0 ? point.names : (point.crlIssuer ?? []));
}

/** Lists whose signature was checked, by the fingerprint of the key's certificate. */
const checked = new WeakMap<CertificateList, Map<string, boolean>>();

function isSignedList(list: CertificateList, signer: Certificate, context: StatusContext): boolean {
  const algorithm = readSignatureAlgorithm(list.signatureAlgorithm);
  if (!algorithm) return false;
  const accept = context.acceptAlgorithm ?? algorithmAcceptable;
  const known = checked.get(list) ?? new Map<string, boolean>();
  checked.set(list, known);
  try {
    const key = publicKeyOf(signer);
    if (!accept({ ...algorithm, bits: keyBits(key) }, context.now)) return false;
    const before = known.get(signer.fingerprint);
    if (before !== undefined) return before;
    const right = signatureMatches(algorithm, key, list.signedPart, list.signature);
    known.set(signer.fingerprint, right);
    return right;
  } catch {
    return false; // a key of a kind the crypto library does not know
  }
}

function identifies(list: CertificateList, signer: Certificate): boolean {
  const own = signer.extensions.get(oids.subjectKeyIdentifier)?.value;
  if (!list.authorityKeyIdentifier || !own) return true;
  return compareBytes(decode(own).content, list.authorityKeyIdentifier) === 0;
}

/**
 * Whether a list was signed by the certificate's issuer, or by a namesake of the list's issuer with cRLSign
 * whose own path reaches an anchor and who is not revoked.
 */
function isAuthentic(
  list: CertificateList,
  issuer: Certificate,
  context: StatusContext,
  depth: number,
): boolean {
  if (list.thisUpdate.getTime() > context.now.getTime() + toleranceMs) return false;
  const mayIssue = (signer: Certificate): boolean =>
    sameName(signer.subject, list.issuer) && keyUsages(signer)?.has('cRLSign') !== false;
  if (mayIssue(issuer) && isSignedList(list, issuer, context)) return true;
  if (depth <= 0) return false;
  const candidates = [...context.anchors.map(({ certificate }) => certificate), ...context.pool];
  return candidates.some((signer) => {
    if (!mayIssue(signer) || !identifies(list, signer) || !isSignedList(list, signer, context)) return false;
    const found = buildPath(signer, context.pool, context.anchors, {
      at: list.thisUpdate > context.at ? list.thisUpdate : context.at,
      purpose: 'crl',
      ...(context.acceptAlgorithm ? { acceptAlgorithm: context.acceptAlgorithm } : {}),
    });
    if (!found.ok) return false;
    const others = {
      ...context.evidence,
      lists: context.evidence.lists.filter(({ value }) => value !== list),
    };
    return found.path.slice(0, -1).every((certificate, index) => {
      const above = found.path[index + 1];
      if (!above) return false;
      const evidence = index === 0 ? context.evidence : others;
      return statusAt(certificate, above, { ...context, evidence }, depth - 1).kind !== 'revoked';
    });
  });
}
