import type { TrustAnchor } from '../trust/anchors.ts';
import type { Certificate } from '../trust/certificate.ts';

/** What a verification rests on. No clock is read, and nothing is fetched unless `revocation` says so. */
export interface VerificationOptions {
  readonly anchors: readonly TrustAnchor[];
  readonly tsaAnchors: readonly TrustAnchor[];
  /** Intermediate certificates from elsewhere: files in the field carry the leaf only. */
  readonly extraCertificates: readonly Certificate[];
  /** Revocation lists from elsewhere (`--crl`), PEM or DER. */
  readonly revocationLists?: readonly Uint8Array[];
  readonly now: Date;
  /** Opens an encrypted file; the empty password is tried without it. */
  readonly password?: string;
  /** Judge as of this time instead of `now`. */
  readonly at?: Date;
  /** A time at which the signature is known to have existed: receipt in our own register. */
  readonly registeredAt?: Date;
  /**
   * What is done when the data at hand does not tell the revocation state of a chain that reaches an anchor
   * (docs/decisions/verdict-without-revocation.md):
   * `leave`, the default: nobody is asked, the signature counts and the report says `unknown`;
   * `try`: responders and list addresses are asked, in vain is like `leave`;
   * `ask`: they are asked, in vain is `TRY_LATER`;
   * `demand`: nobody is asked, and an unknown state is `TRY_LATER`.
   */
  readonly revocation?: 'leave' | 'try' | 'ask' | 'demand';
  /**
   * `issued-document` asks for both signatures of Nghị định 30 Đ5 (leader's and agency's); `any`, the
   * default, takes what is there (a digitized arrival bears the agency's alone).
   */
  readonly expects?: 'issued-document' | 'any';
}
