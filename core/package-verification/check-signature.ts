import { integer, sequence } from '../asn1/der.ts';
import { readableKey, type Certificate } from '../trust/certificate.ts';
import { keyBits, signatureMatches, type SignatureAlgorithm } from '../trust/signature-algorithm.ts';
import type { SignerCheck } from '../verification/signer-check.ts';
import { canonicalBytes } from './canonical.ts';
import type { PlacedElement } from './elements.ts';
import { checkReferences } from './references.ts';
import type { ShortenedText } from './long-texts.ts';
import { askSecondJudge, type SecondOpinion } from './second-judge.ts';
import { readSignatureShape } from './signature-shape.ts';
import { coversWhatIsRead } from './signed-content.ts';
import { readXades, signingCertificateOf, type XadesProperties } from './xades.ts';

/** What the bytes alone tell of one XML signature: no trust, no time. */
export interface XmlSignatureFinding {
  readonly id: string | undefined;
  readonly check: SignerCheck;
  readonly algorithm: SignatureAlgorithm;
  readonly certificates: readonly Certificate[];
  readonly signer: Certificate | undefined;
  readonly xades: XadesProperties | undefined;
  readonly coverage: 'whole' | 'partial';
  /** Not asked about what is broken anyway, nor about attachments outside the document. */
  readonly secondJudge: SecondOpinion | 'not-asked';
}

/**
 * Checks one ds:Signature of a document that was parsed under caps: shape, value over SignedInfo, every reference,
 * what they cover. The document is used up. Throws XmlFault, Asn1Error never.
 */
export function checkXmlSignature(
  { element }: PlacedElement,
  places: readonly PlacedElement[],
  shortened: () => ShortenedText,
): XmlSignatureFinding {
  const shape = readSignatureShape(element);
  const { algorithm, certificates, id } = shape;
  const xades = readXades(shape);
  const signedInfo = canonicalBytes(shape.signedInfo, shape.canonicalization);
  const value = algorithm.scheme === 'ecdsa' ? derOfPair(shape.value) : shape.value;
  const matchesUnder =
    (certificate: Certificate) =>
    (bytes: Uint8Array): boolean => {
      const key = readableKey(certificate);
      return key !== undefined && signatureMatches(algorithm, key, bytes, value);
    };
  const signer = certificates.find((certificate) => matchesUnder(certificate)(signedInfo));
  const signatureText = element.canonicalizeToString({ withComments: false });
  const digests = [algorithm.digest, ...shape.references.map(({ digest }) => digest)];
  const weakest = digests.includes('sha1') ? 'sha1' : algorithm.digest;
  const checked = checkReferences(shape, places);
  const { intact, sameDocument } = checked;
  const described = { id, algorithm, certificates, signer, xades };
  const coverage = coversWhatIsRead(places, checked) ? ('whole' as const) : ('partial' as const);
  const own = checkOf();
  const secondJudge =
    own.kind === 'intact' && sameDocument
      ? askSecondJudge(shortened(), {
          signatureText,
          signer: own.certificate,
          matches: matchesUnder(own.certificate),
        })
      : ('not-asked' as const);
  return { ...described, check: own, coverage, secondJudge };

  function checkOf(): SignerCheck {
    const [first] = certificates;
    if (!first) return { kind: 'no-certificate' };
    if (!signer) return { kind: 'value-wrong', certificate: first };
    if (!intact) return { kind: 'hash-differs' };
    const key = readableKey(signer);
    return {
      kind: 'intact',
      certificate: signer,
      algorithm: { ...algorithm, digest: weakest },
      bits: key ? keyBits(key) : 0,
      signingCertificate: signingCertificateOf(xades, signer),
    };
  }
}

/** XML writes an ECDSA value as r and s of equal length side by side; the crypto library wants DER. */
function derOfPair(pair: Uint8Array): Uint8Array {
  const half = pair.length / 2;
  if (!Number.isInteger(half)) return pair;
  return sequence(integer(pair.subarray(0, half)), integer(pair.subarray(half)));
}
