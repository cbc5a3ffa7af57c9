import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import type { Indication, SubIndication } from '../contract/verification.ts';
import type { PathFailure } from '../trust/path.ts';

/** A verdict over one signature with the codes that explain it. */
export interface Judgement {
  readonly indication: Indication;
  readonly subIndication: SubIndication | null;
  readonly codes: readonly VerificationMessageCode[];
}

export const passed = (...codes: VerificationMessageCode[]): Judgement => ({
  indication: 'TOTAL_PASSED',
  subIndication: null,
  codes,
});

export const failed = (subIndication: SubIndication, ...codes: VerificationMessageCode[]): Judgement => ({
  indication: 'TOTAL_FAILED',
  subIndication,
  codes,
});

export const undecided = (subIndication: SubIndication, ...codes: VerificationMessageCode[]): Judgement => ({
  indication: 'INDETERMINATE',
  subIndication,
  codes,
});

/** The sentence for a chain that does not hold. */
export function pathMessage(reason: PathFailure, where: 'leaf' | 'chain'): VerificationMessageCode {
  switch (reason) {
    case 'NO_CERTIFICATE_CHAIN_FOUND':
      return 'verify.issuer-unknown';
    case 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE':
      return 'verify.algorithm-weak';
    case 'CHAIN_CONSTRAINTS_FAILURE':
      return where === 'leaf' ? 'verify.key-usage-unfit' : 'verify.chain-broken';
    case 'CERTIFICATE_CHAIN_GENERAL_FAILURE':
      return 'verify.chain-broken';
    case 'EXPIRED':
      return 'verify.certificate-invalid-when-signed';
    case 'NOT_YET_VALID':
      return 'verify.not-yet-valid';
  }
}
