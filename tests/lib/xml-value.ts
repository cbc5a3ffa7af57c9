import { createSign } from 'node:crypto';
import { XmlC14NMode, XmlDocument, type XmlElement } from 'libxml2-wasm';

const namespaces = { ds: 'http://www.w3.org/2000/09/xmldsig#' };

function canonical(xml: string, xpath: string): string {
  const document = XmlDocument.fromString(xml);
  try {
    const element = document.get(xpath, namespaces) as XmlElement | null;
    if (!element) throw new Error(`nothing at ${xpath}`);
    return element.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 });
  } finally {
    document.dispose();
  }
}

/** The signature value in exclusive form: what a timestamp stands over. */
export const canonicalSignatureValue = (xml: string): string => canonical(xml, '//ds:SignatureValue');

/** Puts a fresh RSA value over SignedInfo (exclusive form) as it stands. */
export function signXmlValue(xml: string, privateKeyPem: string): string {
  const value = createSign('sha256').update(canonical(xml, '//ds:SignedInfo')).sign(privateKeyPem, 'base64');
  return xml.replace(/<SignatureValue>[^<]*/, `<SignatureValue>${value}`);
}
