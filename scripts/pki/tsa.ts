import { createHash, randomBytes } from 'node:crypto';
import {
  bitString,
  children,
  compareBytes,
  contextConstructed,
  decode,
  encode,
  expectTag,
  generalizedTime,
  integer,
  octetString,
  oid,
  readOid,
  sequence,
  setOf,
  tag,
} from '../../core/asn1/der.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { oids } from '../../core/trust/oids.ts';
import { readDigestAlgorithm } from '../../core/trust/signature-algorithm.ts';
import { sha256Algorithm, signatureAlgorithmOf, signBytes } from './certificate-builder.ts';
import type { DemoPki } from './demo-pki.ts';
import { startLoopbackServer, type DemoService } from './loopback-server.ts';

/** Policy under the arc kept for examples (RFC 5612). */
const policyId = '1.3.6.1.4.1.32473.7.2';
const accepted: Readonly<Record<string, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** PKIFailureInfo bits (RFC 3161 2.4.2). */
const failure = { badAlg: 0, badRequest: 2, badDataFormat: 5, unacceptedPolicy: 15 } as const;

interface TsaOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** The TSA's clock; default: now. */
  readonly now?: () => Date;
}

interface TimestampRequest {
  readonly imprint: Uint8Array;
  readonly nonce: Uint8Array | undefined;
  readonly wantsCertificate: boolean;
}

function readRequest(bytes: Uint8Array): TimestampRequest | keyof typeof failure {
  const [version, imprint, ...optional] = children(expectTag(decode(bytes), tag.sequence));
  if (version?.content[0] !== 1 || !imprint) return 'badDataFormat';
  const [algorithm, digest] = children(imprint);
  const name = algorithm && readDigestAlgorithm(algorithm.raw);
  if (!name || !accepted[name]) return 'badAlg';
  if (expectTag(digest, tag.octetString).content.length !== accepted[name]) return 'badDataFormat';
  const policy = optional.find((node) => node.tag === tag.oid);
  if (policy && readOid(policy) !== policyId) return 'unacceptedPolicy';
  if (optional.some((node) => node.tag === 0xa0)) return 'badRequest';
  const flag = optional.find((node) => node.tag === tag.boolean);
  return {
    imprint: imprint.raw,
    nonce: optional.find((node) => node.tag === tag.integer)?.raw,
    wantsCertificate: flag !== undefined && flag.content[0] !== 0,
  };
}

const attribute = (id: string, value: Uint8Array): Uint8Array => sequence(oid(id), setOf([value]));
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

function signToken(pki: DemoPki, info: Uint8Array, wantsCertificate: boolean): Uint8Array {
  const { certificate: der, key } = pki.tsa;
  const certificate = parseCertificate(der);
  const attributes = [
    attribute(oids.contentType, oid(oids.tstInfo)),
    attribute(oids.messageDigest, octetString(sha256(info))),
    attribute(oids.signingCertificateV2, sequence(sequence(sequence(octetString(sha256(der)))))),
  ];
  const [serial] = children(decode(certificate.signedPart)).filter((node) => node.tag === tag.integer);
  if (!serial) throw new Error('the TSA certificate has no serial number');
  const signerInfo = sequence(
    integer(1),
    sequence(certificate.issuer.raw, serial.raw),
    sha256Algorithm(),
    setOf(attributes, 0xa0),
    signatureAlgorithmOf(key),
    octetString(signBytes(key, setOf(attributes))),
  );
  const certificates = [der, pki.issuing.certificate].sort(compareBytes);
  return sequence(
    oid(oids.signedData),
    contextConstructed(
      0,
      sequence(
        integer(3),
        setOf([sha256Algorithm()]),
        sequence(oid(oids.tstInfo), contextConstructed(0, octetString(info))),
        ...(wantsCertificate ? [contextConstructed(0, ...certificates)] : []),
        setOf([signerInfo]),
      ),
    ),
  );
}

/** Answers one RFC 3161 request (DER in, DER out). */
export function answerTimestampRequest(pki: DemoPki, bytes: Uint8Array, now: Date): Uint8Array {
  let request: ReturnType<typeof readRequest>;
  try {
    request = readRequest(bytes);
  } catch {
    request = 'badDataFormat';
  }
  if (typeof request === 'string') return rejection(failure[request]);
  return sequence(sequence(integer(0)), issueToken(pki, request, now));
}

/** A token over any imprint (DER MessageImprint): weaker ones than the service accepts are for tests. */
export function issueToken(
  pki: DemoPki,
  { imprint, nonce, wantsCertificate }: TimestampRequest,
  now: Date,
): Uint8Array {
  const serial = randomBytes(12);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const info = sequence(
    integer(1),
    oid(policyId),
    imprint,
    integer(serial),
    generalizedTime(now),
    sequence(integer(1)),
    ...(nonce ? [nonce] : []),
  );
  return signToken(pki, info, wantsCertificate);
}

function rejection(bit: number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(bit / 8) + 1);
  bytes[bytes.length - 1] = 0x80 >> (bit % 8);
  const unused = 7 - (bit % 8);
  const info = unused === 0 ? bitString(bytes) : encode(tag.bitString, Uint8Array.of(unused), bytes);
  return sequence(sequence(integer(2), info));
}

/** Starts the demo's time stamping authority on any free loopback port; ask it with POST at `url`. */
export async function startDemoTsa(pki: DemoPki, options: TsaOptions = {}): Promise<DemoService> {
  const now = options.now ?? (() => new Date());
  return await startLoopbackServer(options.port ?? 0, (method, _path, body) =>
    method === 'POST'
      ? {
          status: 200,
          type: 'application/timestamp-reply',
          body: answerTimestampRequest(pki, body, now()),
        }
      : { status: 405, type: 'text/plain', body: Buffer.from('POST only') },
  );
}
