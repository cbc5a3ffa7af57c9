import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Asn1Error } from '../asn1/der.ts';
import type { CertificateClass } from '../contract/verification.ts';
import { AnThuError } from '../shared/errors.ts';
import { readCertificates, type Certificate } from './certificate.ts';
import { basicConstraints, isSample } from './extensions.ts';
import { certificateClassOf } from './known-anchors.ts';

export type AnchorPurpose = 'signature' | 'timestamp';

/** A certificate that is trusted because the administrator said so, for one purpose. */
export interface TrustAnchor {
  readonly certificate: Certificate;
  readonly purpose: AnchorPurpose;
  readonly class: CertificateClass;
  /** Belongs to sample data; never of legal value. */
  readonly sample: boolean;
}

/** Whether the data folder is a sample one; only there sample anchors may live. */
type AgencyKind = 'sample' | 'real';

/** A trust anchor of a certificate, classed by its fingerprint (domain/vietnam.md §6.5). */
export function trustAnchor(certificate: Certificate, purpose: AnchorPurpose): TrustAnchor {
  return {
    certificate,
    purpose,
    class: certificateClassOf(certificate.fingerprint),
    sample: isSample(certificate),
  };
}

const certificateFile = /\.(pem|crt|cer|der)$/i;
/** No anchor file is larger; protects against a wrong path. */
const maximumBytes = 4 * 1024 * 1024;

async function readCertificateFile(path: string): Promise<Certificate[]> {
  try {
    const { size } = await stat(path);
    if (size > maximumBytes) throw new AnThuError('verification.certificate-unreadable', { path });
    const certificates = readCertificates(await readFile(path));
    if (certificates.length === 0) throw new AnThuError('verification.certificate-unreadable', { path });
    return certificates;
  } catch (error) {
    if (error instanceof AnThuError) throw error;
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (missing) throw new AnThuError('verification.certificate-missing', { path }, { cause: error });
    if (error instanceof Asn1Error)
      throw new AnThuError('verification.certificate-unreadable', { path }, { cause: error });
    throw error;
  }
}

/**
 * Reads certificates of PEM or DER files; a folder stands for its *.pem, *.crt, *.cer and *.der files.
 * Throws `verification.certificate-missing` or `verification.certificate-unreadable`.
 */
export async function loadCertificates(paths: readonly string[]): Promise<Certificate[]> {
  const found: Certificate[] = [];
  for (const path of paths) {
    const isFolder = await stat(path).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    const files = isFolder
      ? (await readdir(path)).filter((name) => certificateFile.test(name)).map((name) => join(path, name))
      : [path];
    for (const file of files.sort()) found.push(...(await readCertificateFile(file)));
  }
  const byFingerprint = new Map(found.map((certificate) => [certificate.fingerprint, certificate]));
  return [...byFingerprint.values()];
}

/** Anchors of files or folders, all for one purpose. Errors as {@link loadCertificates}. */
export async function loadAnchors(paths: readonly string[], purpose: AnchorPurpose): Promise<TrustAnchor[]> {
  return (await loadCertificates(paths)).map((certificate) => trustAnchor(certificate, purpose));
}

/**
 * Checks what an administrator wants to import as anchor. Throws `verification.demo-anchor-refused` for a
 * sample certificate in a real agency, `verification.anchor-not-authority` for one that is no CA.
 */
export function acceptAnchor(
  certificate: Certificate,
  purpose: AnchorPurpose,
  agency: AgencyKind,
): TrustAnchor {
  const anchor = trustAnchor(certificate, purpose);
  const fingerprint = certificate.fingerprint;
  if (anchor.sample && agency !== 'sample')
    throw new AnThuError('verification.demo-anchor-refused', { fingerprint });
  if (certificate.version === 3 && !basicConstraints(certificate)?.isAuthority)
    throw new AnThuError('verification.anchor-not-authority', { fingerprint });
  return anchor;
}

/**
 * Lets an anchor in when its fingerprint is known (domain/vietnam.md §6.5), when somebody compared and typed it
 * (`confirmed`, any case, colons allowed), or when it is sample data for a sample agency. Throws
 * `verification.anchor-unconfirmed`.
 */
export function confirmAnchor(anchor: TrustAnchor, confirmed: readonly string[]): TrustAnchor {
  const { fingerprint } = anchor.certificate;
  const typed = confirmed.some((text) => text.toLowerCase().replaceAll(/[:\s]/g, '') === fingerprint);
  if (!typed && !anchor.sample && anchor.class === 'unknown')
    throw new AnThuError('verification.anchor-unconfirmed', { fingerprint });
  return anchor;
}
