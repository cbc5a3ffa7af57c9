import type { VerificationMessageCode } from '../contract/verification-messages.ts';
import type { SignatureReport } from '../contract/verification.ts';
import type { Judgement } from './judgement.ts';
import { message } from './report-words.ts';

/** What a report says of a signature before anything is known: the worst. */
export const unknownSignature: Omit<SignatureReport, 'field' | 'subFilter'> = {
  kind: 'signature',
  purpose: 'unknown',
  level: 'none',
  indication: 'TOTAL_FAILED',
  subIndication: 'FORMAT_FAILURE',
  integrity: null,
  coverage: 'partial',
  later: 'forbidden',
  changes: [],
  signer: null,
  digest: null,
  scheme: null,
  claimedTime: null,
  bestSignatureTime: null,
  timeSource: null,
  timestamps: [],
  revocation: 'unknown',
  revocationSource: 'none',
  messages: [],
};

/** Puts a judgement into a report; further messages stand behind those of the judgement. */
export function withJudgement(
  report: SignatureReport,
  judgement: Judgement,
  ...further: VerificationMessageCode[]
): SignatureReport {
  const codes = new Set([...judgement.codes, ...further]);
  return {
    ...report,
    indication: judgement.indication,
    subIndication: judgement.subIndication,
    messages: [...codes].map(message),
  };
}
