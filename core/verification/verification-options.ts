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
   * Where the revocation state of a chain that reaches an anchor is looked for
   * (docs/decisions/verdict-without-revocation.md):
   * `given`, the default: in the data at hand, nobody is asked; an unknown state is `TRY_LATER`;
   * `ask`: responders and list addresses are asked as well; in vain is `TRY_LATER`;
   * `skip`: in the data at hand, and an unknown state stands in nobody's way. Only for who asks for just that.
   */
  readonly revocation?: 'given' | 'ask' | 'skip';
  /**
   * `issued-document` asks for both signatures of Nghị định 30 Đ5 (leader's and agency's); `any`, the
   * default, takes what is there (a digitized arrival bears the agency's alone).
   */
  readonly expects?: 'issued-document' | 'any';
}
