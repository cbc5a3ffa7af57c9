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

interface Identity {
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
}

/** Read once a certificate: a batch names the same one thousands of times. */
const identities = new WeakMap<Uint8Array, Identity>();

function identityOf(certificate: Uint8Array): Identity {
  const identity = identities.get(certificate) ?? readIdentity(certificate);
  identities.set(certificate, identity);
  return identity;
}

/** Issuer name and serial number TLVs of a certificate; throws `Asn1Error` when it is not one. */
function readIdentity(certificate: Uint8Array): Identity {
  const [tbs] = children(expectTag(decode(certificate), tag.sequence));
  const fields: Asn1Node[] = children(expectTag(tbs, tag.sequence));
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  return {
    serial: expectTag(fields[first], tag.integer).raw,
    issuer: expectTag(fields[first + 2], tag.sequence).raw,
  };
}
