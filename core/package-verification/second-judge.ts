import { createHash } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { publicKeyOf, type Certificate } from '../trust/certificate.ts';

interface Question {
  /** The signature's own text in canonical form. */
  readonly signatureText: string;
  readonly signer: Certificate;
  /** Whether a text bears the signature's value under the signer's key. */
  readonly matches: (signedInfo: Uint8Array) => boolean;
}

/** Characters that the second judge's parser takes for line ends, as XML 1.1 has it; ours reads XML 1.0. */
const foreignLineEnds = /[\u0085\u2028]/;
const sha384 = 'http://www.w3.org/2001/04/xmldsig-more#sha384';

class Sha384 {
  getAlgorithmName = (): string => sha384;
  getHash = (xml: string): string => createHash('sha384').update(xml, 'utf8').digest('base64');
}

/**
 * Asks xml-crypto, with a parser and canonical forms of its own, whether the same signature holds under the same
 * key. What only one of two readers accepts is accepted by nobody (docs/decisions/xml-signatures.md). False also when
 * it cannot tell.
 */
export function secondJudgeAgrees(document: string, { signatureText, signer, matches }: Question): boolean {
  if (foreignLineEnds.test(document)) return false;
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
    judge.HashAlgorithms[sha384] = Sha384;
    return judge.checkSignature(document);
  } catch {
    return false;
  }
}
