import {
  bitString,
  children,
  compareBytes,
  contextConstructed,
  contextPrimitive,
  decode,
  encode,
  expectTag,
  generalizedTime,
  octetString,
  oid,
  readIntegerHex,
  readOid,
  sequence,
  tag,
  type Asn1Node,
} from '../../core/asn1/der.ts';
import { createHash, type KeyObject } from 'node:crypto';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import { readDigestAlgorithm } from '../../core/trust/signature-algorithm.ts';
import {
  buildCrl,
  keyHash,
  publicKeyInfo,
  signatureAlgorithmOf,
  signBytes,
  toPem,
} from './certificate-builder.ts';
import type { DemoAuthority, DemoPki } from './demo-pki.ts';
import { startLoopbackServer, type DemoService } from './loopback-server.ts';

const hourMs = 3600 * 1000;

/** What the responder says of a certificate that is not simply good. */
type DemoStatus = { readonly kind: 'revoked'; readonly at: Date } | { readonly kind: 'unknown' };

interface OcspOptions {
  readonly now?: () => Date;
  /** Default: the port the certificates name; another one only for tests. */
  readonly port?: number;
  /** `withheld` makes the revocation lists unreachable. */
  readonly lists?: 'served' | 'withheld';
  /** `ocsp` turns OCSP requests away; the lists are served all the same. */
  readonly refuse?: 'ocsp' | 'nothing';
}

/** The running responder; it also serves `/root.crl` and `/issuing.crl`. */
export interface DemoOcsp extends DemoService {
  /** Changes what is said of a certificate, by its serial (lower-case hex). */
  setStatus(serial: string, status: DemoStatus): void;
}

function issuerOf(pki: DemoPki, certId: Asn1Node): DemoAuthority | undefined {
  const [algorithm, nameHash, keyIdHash] = children(certId);
  const digest = algorithm && readDigestAlgorithm(algorithm.raw);
  if (digest !== 'sha1' && digest !== 'sha256') return undefined;
  return [pki.issuing, pki.root].find((authority) => {
    const subject = parseCertificate(authority.certificate).subject.raw;
    const name = createHash(digest).update(subject).digest();
    const key = keyHash(publicKeyInfo(authority.key), digest);
    return (
      compareBytes(name, expectTag(nameHash, tag.octetString).content) === 0 &&
      compareBytes(key, expectTag(keyIdHash, tag.octetString).content) === 0
    );
  });
}

const errorReply = (status: number): Uint8Array => sequence(encode(tag.enumerated, Uint8Array.of(status)));

/** Answers one RFC 6960 request (DER in, DER out). */
function answerOcspRequest(
  pki: DemoPki,
  bytes: Uint8Array,
  statuses: ReadonlyMap<string, DemoStatus>,
  now: Date,
): Uint8Array {
  try {
    const [body] = children(expectTag(decode(bytes), tag.sequence));
    const fields = children(expectTag(body, tag.sequence));
    const list = fields.find((node) => node.tag === tag.sequence);
    const requests = children(expectTag(list, tag.sequence)).map((request) =>
      expectTag(children(request)[0], tag.sequence),
    );
    const extensions = fields.find((node) => node.tag === 0xa2);
    const nonce = extensions
      ? children(expectTag(children(extensions)[0], tag.sequence)).find(
          (extension) => readOid(children(extension)[0]) === oids.ocspNonce,
        )
      : undefined;
    const [first] = requests;
    if (!first) return errorReply(1);
    // A delegate may answer only for the authority that certified it (RFC 6960 4.2.2.2); the root answers itself.
    const responder =
      issuerOf(pki, first)?.key === pki.root.key
        ? { key: pki.root.key, certificates: [] }
        : { key: pki.ocsp.key, certificates: [pki.ocsp.certificate] };
    return signReply(
      responder,
      requests.map((certId) => singleResponse(pki, certId, statuses, now)),
      nonce?.raw,
      now,
    );
  } catch {
    return errorReply(1);
  }
}

function singleResponse(
  pki: DemoPki,
  certId: Asn1Node,
  statuses: ReadonlyMap<string, DemoStatus>,
  now: Date,
): Uint8Array {
  const known = issuerOf(pki, certId) !== undefined;
  const status = known ? statuses.get(readIntegerHex(children(certId)[3])) : ({ kind: 'unknown' } as const);
  const encoded = !status
    ? contextPrimitive(0, new Uint8Array())
    : status.kind === 'revoked'
      ? contextConstructed(
          1,
          generalizedTime(status.at),
          contextConstructed(0, encode(tag.enumerated, Uint8Array.of(1))),
        )
      : contextPrimitive(2, new Uint8Array());
  return sequence(
    certId.raw,
    encoded,
    generalizedTime(now),
    contextConstructed(0, generalizedTime(new Date(now.getTime() + hourMs))),
  );
}

function signReply(
  { key, certificates }: { readonly key: KeyObject; readonly certificates: readonly Uint8Array[] },
  responses: readonly Uint8Array[],
  nonce: Uint8Array | undefined,
  now: Date,
): Uint8Array {
  const data = sequence(
    contextConstructed(2, octetString(keyHash(publicKeyInfo(key)))),
    generalizedTime(now),
    sequence(...responses),
    ...(nonce ? [contextConstructed(1, sequence(nonce))] : []),
  );
  const basic = sequence(
    data,
    signatureAlgorithmOf(key),
    bitString(signBytes(key, data)),
    ...(certificates.length > 0 ? [contextConstructed(0, sequence(...certificates))] : []),
  );
  const responseBytes = sequence(oid(oids.ocspBasic), octetString(basic));
  return sequence(encode(tag.enumerated, Uint8Array.of(0)), contextConstructed(0, responseBytes));
}

function crlOf(authority: DemoAuthority, statuses: ReadonlyMap<string, DemoStatus>, now: Date): Uint8Array {
  const revoked = [...statuses].flatMap(([serial, status]) =>
    status.kind === 'revoked' ? [{ serial, at: status.at }] : [],
  );
  return buildCrl({
    issuer: authority.name,
    issuerKey: authority.key,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + 24 * hourMs),
    number: Math.floor(now.getTime() / 1000),
    revoked,
  });
}

/** Lists of both authorities, on which nobody stands, as PEM: for who verifies when the responder is gone. */
export function demoRevocationLists(pki: DemoPki, now: Date): string {
  return [pki.root, pki.issuing]
    .map((authority) => toPem('X509 CRL', crlOf(authority, new Map(), now)))
    .join('');
}

/** Integers are asked for by value, so statuses are kept without leading zeros. */
const normalSerial = (serial: string): string => serial.toLowerCase().replace(/^0+(?=.)/, '');

/**
 * Starts the demo's OCSP responder (delegated, POST and GET, nonce echoed) and CRL host on the loopback port
 * that the certificates name.
 */
export async function startDemoOcsp(pki: DemoPki, options: OcspOptions = {}): Promise<DemoOcsp> {
  const now = options.now ?? (() => new Date());
  const statuses = new Map<string, DemoStatus>();
  const service = await startLoopbackServer(options.port ?? pki.servicePort, (method, path, body) => {
    const ocsp = (request: Uint8Array) => ({
      status: options.refuse === 'ocsp' ? 503 : 200,
      type: 'application/ocsp-response',
      body: answerOcspRequest(pki, request, statuses, now()),
    });
    if (method === 'POST') return ocsp(body);
    const isList = path === '/root.crl' || path === '/issuing.crl';
    if (isList && options.lists !== 'withheld') {
      const authority = path === '/root.crl' ? pki.root : pki.issuing;
      // One list serves both authorities: serial numbers are random 128-bit values.
      return { status: 200, type: 'application/pkix-crl', body: crlOf(authority, statuses, now()) };
    }
    const encoded = /^\/ocsp\/(.+)$/.exec(path)?.[1];
    if (encoded) return ocsp(Buffer.from(decodeURIComponent(encoded), 'base64'));
    return { status: 404, type: 'text/plain', body: Buffer.from('not here') };
  });
  return {
    ...service,
    setStatus: (serial, status) => void statuses.set(normalSerial(serial), status),
  };
}
