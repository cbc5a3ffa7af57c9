import { SignedXml } from 'xml-crypto';
import { publicKeyOf, type Certificate } from '../trust/certificate.ts';
import type { ShortenedText } from './long-texts.ts';

interface Question {
  /** The signature's own text in canonical form. */
  readonly signatureText: string;
  readonly signer: Certificate;
  /** Whether a text bears the signature's value under the signer's key. */
  readonly matches: (signedInfo: Uint8Array) => boolean;
}

/** Characters that the second judge's parser takes for line ends, as XML 1.1 has it; ours reads XML 1.0. */
const foreignLineEnds = /[\u0085\u2028]/;
/** Digests it may be asked for, by their names; each puts long texts back before it digests. */
const digests = {
  'http://www.w3.org/2000/09/xmldsig#sha1': 'sha1',
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
} as const;

/** Characters beside attachments that it is asked to read; no letter comes near. */
const maximumText = 16_000_000;

export type SecondOpinion = 'agrees' | 'differs' | 'too-large';

/**
 * Asks xml-crypto, with a parser and canonical forms of its own, whether the same signature holds under the same
 * key. What only one of two readers accepts is accepted by nobody (docs/decisions/xml-signatures.md). `differs` also when
 * it cannot tell.
 */
export function askSecondJudge(
  document: ShortenedText,
  { signatureText, signer, matches }: Question,
): SecondOpinion {
  if (document.text.length > maximumText) return 'too-large';
  if (foreignLineEnds.test(document.text)) return 'differs';
  const judge = new SignedXml({ publicCert: publicKeyOf(signer), getCertFromKeyInfo: () => null });
  try {
    judge.loadSignature(signatureText);
    const name = judge.signatureAlgorithm ?? '';
    // The one algorithm that the signature names, which was read strictly before; no other can be meant.
    judge.SignatureAlgorithms = {
      [name]: class {
        getAlgorithmName = (): string => name;
        getSignature = (): string => {
          throw new Error('nothing is signed here');
        };
        verifySignature = (material: string): boolean => matches(Buffer.from(material, 'utf8'));
      },
    };
    for (const [uri, algorithm] of Object.entries(digests))
      judge.HashAlgorithms[uri] = class {
        getAlgorithmName = (): string => uri;
        getHash = (xml: string): string => document.digest(algorithm, xml);
      };
    return judge.checkSignature(document.text) ? 'agrees' : 'differs';
  } catch {
    return 'differs';
  }
}
