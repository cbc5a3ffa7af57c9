import { publicKeyOf, type Certificate } from './certificate.ts';
import { readSignatureAlgorithm, signatureMatches } from './signature-algorithm.ts';

/** Answers remembered: one file asks the same question for each of its signatures. */
const known = new Map<string, boolean>();
const maximumKnown = 5000;

/** Whether `issuer`'s key made the certificate's signature; names are not looked at. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const question = `${certificate.fingerprint} ${issuer.fingerprint}`;
  const answer = known.get(question) ?? check(certificate, issuer);
  if (known.size >= maximumKnown) known.clear();
  known.set(question, answer);
  return answer;
}

function check(certificate: Certificate, issuer: Certificate): boolean {
  const algorithm = readSignatureAlgorithm(certificate.signatureAlgorithm);
  if (!algorithm) return false;
  try {
    return signatureMatches(algorithm, publicKeyOf(issuer), certificate.signedPart, certificate.signature);
  } catch {
    return false; // a key of a kind the crypto library does not know
  }
}
