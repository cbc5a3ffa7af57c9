import type { CertificateClass } from '../contract/verification.ts';

/** A certification authority that we know by its fingerprint alone; the certificate itself is not shipped. */
interface KnownAnchor {
  readonly name: string;
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  readonly class: Exclude<CertificateClass, 'unknown'>;
}

/**
 * Fingerprints of domain/vietnam.md §6.5. VERIFY BEFORE RELEASE: they come from one public repository and
 * were not compared with the authorities' own files.
 */
const knownAnchors: readonly KnownAnchor[] = [
  {
    name: 'Root chuyên dùng Chính phủ G2 (2018–2048)',
    fingerprint: 'f04ba4b459a7c9a1b971ad9b1cb833e695a80c79aea63b174b66a70edfe2fdb8',
    class: 'official',
  },
  {
    name: 'CA phục vụ các cơ quan Nhà nước G2',
    fingerprint: 'd8cab7a4aef92e6bb2509d7c61cee7b44f3731b2d21074963530277b366fae4b',
    class: 'official',
  },
  {
    name: 'CA phục vụ các cơ quan Đảng G2',
    fingerprint: 'e4b402e3cb4cacc0a20d21fa49bce76beb4eb47ba7ffb7a8f71c554dbe561a81',
    class: 'official',
  },
  {
    name: 'Root chuyên dùng Chính phủ G1 (2010–2030)',
    fingerprint: 'f7bc89054cec7f12730d7b8cd3eb7955b163835087e5eb873edfb584763b3f90',
    class: 'official',
  },
  {
    name: 'CA chuyên dùng Chính phủ G1 (cp.crt)',
    fingerprint: '75e969c07ba35c29c72bbc1bfb880f20f3891a619b00b77eb02ca6160736a1fe',
    class: 'official',
  },
  {
    name: 'Vietnam National Root CA',
    fingerprint: 'bac8bf609ab420a8ee1780d74f4de5c7f7184959d2a7375b0a75e4c29f0908e7',
    class: 'public',
  },
];

/** Class of an authority by its fingerprint. */
export function certificateClassOf(fingerprint: string): CertificateClass {
  return knownAnchors.find((anchor) => anchor.fingerprint === fingerprint)?.class ?? 'unknown';
}

/** What the table calls an authority, or undefined when it is not in it. */
export function knownAnchorName(fingerprint: string): string | undefined {
  return knownAnchors.find((anchor) => anchor.fingerprint === fingerprint)?.name;
}
