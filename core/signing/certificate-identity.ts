import {
  children,
  contextConstructed,
  decode,
  expectTag,
  sequence,
  tag,
  type Asn1Node,
} from '../asn1/der.ts';

/** IssuerAndSerialNumber of a certificate (DER), both parts as the certificate wrote them. */
export function issuerAndSerial(certificate: Uint8Array): Uint8Array {
  const { issuer, serial } = identityOf(certificate);
  return sequence(issuer, serial);
}

/** IssuerSerial as ESS uses it: GeneralNames with one directoryName, then the serial. */
export function issuerSerial(certificate: Uint8Array): Uint8Array {
  const { issuer, serial } = identityOf(certificate);
  return sequence(sequence(contextConstructed(4, issuer)), serial);
}

/** Issuer name and serial number TLVs of a certificate; throws `Asn1Error` when it is not one. */
function identityOf(certificate: Uint8Array): { issuer: Uint8Array; serial: Uint8Array } {
  const [tbs] = children(expectTag(decode(certificate), tag.sequence));
  const fields: Asn1Node[] = children(expectTag(tbs, tag.sequence));
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  return {
    serial: expectTag(fields[first], tag.integer).raw,
    issuer: expectTag(fields[first + 2], tag.sequence).raw,
  };
}
