import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';
import type { DigestAlgorithm, SignatureScheme, SigningKey } from '../../core/ports/signing-key.ts';
import { buildCms, signedAttributes } from '../../core/signing/cades.ts';
import {
  basicConstraintsExtension,
  buildCertificate,
  keyUsageExtension,
  type NameParts,
} from '../../scripts/pki/certificate-builder.ts';
import { buildPkcs12 } from '../../scripts/pki/pkcs12.ts';
import { makeSignedPdf } from './pdf-vector.ts';

/** What one engine makes and another one reads: certificates, signatures, CMS, PKCS#12. Bytes are base64. */
export const vectorsSchema = z.object({
  engine: z.string(),
  root: z.base64(),
  certificates: z.record(z.enum(['rsa-2048', 'rsa-3072', 'P-256', 'P-384']), z.base64()),
  signatures: z.array(
    z.object({
      key: z.enum(['rsa-2048', 'rsa-3072', 'P-256', 'P-384']),
      scheme: z.enum(['rsa-pkcs1', 'rsa-pss', 'ecdsa']),
      digestAlgorithm: z.enum(['sha256', 'sha384', 'sha512']),
      signature: z.base64(),
    }),
  ),
  cms: z.array(z.object({ name: z.string(), digest: z.base64(), cms: z.base64() })),
  signedPdf: z.base64(),
  pkcs12: z.array(z.object({ password: z.string(), file: z.base64(), certificate: z.base64() })),
});
export type Vectors = z.infer<typeof vectorsSchema>;
type KeyName = Vectors['signatures'][number]['key'];

export const message = Buffer.from('Kính gửi: Ủy ban nhân dân tỉnh');
export const rootName: NameParts = [['CN', 'CA gốc thử nghiệm']];
const digests: readonly DigestAlgorithm[] = ['sha256', 'sha384', 'sha512'];
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Digest lengths are salt lengths of PSS. */
export const saltLength: Readonly<Record<DigestAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Key argument of node:crypto's sign and verify for a scheme. */
export function keyFor(key: KeyObject, scheme: SignatureScheme, digestAlgorithm: DigestAlgorithm) {
  if (scheme !== 'rsa-pss') return { key, dsaEncoding: 'der' as const };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltLength[digestAlgorithm] };
}

function newKeys(): Record<KeyName, KeyObject> {
  const rsa = (modulusLength: number): KeyObject => generateKeyPairSync('rsa', { modulusLength }).privateKey;
  const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;
  return { 'rsa-2048': rsa(2048), 'rsa-3072': rsa(3072), 'P-256': ec('P-256'), 'P-384': ec('P-384') };
}

const schemesOf = (key: KeyObject): readonly SignatureScheme[] =>
  key.asymmetricKeyType === 'ec' ? ['ecdsa'] : ['rsa-pkcs1', 'rsa-pss'];

/** Makes every vector with the engine that runs this. */
export async function makeVectors(engine: string, folder: string): Promise<Vectors> {
  const keys = newKeys();
  const rootKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const life = { notBefore: new Date(Date.now() - 3600_000), notAfter: new Date(Date.now() + 86_400_000) };
  const issue = (subject: NameParts, subjectKey: KeyObject, isRoot = false): Uint8Array =>
    buildCertificate({
      ...life,
      subject,
      subjectKey,
      issuer: rootName,
      issuerKey: rootKey,
      extensions: isRoot
        ? [basicConstraintsExtension(), keyUsageExtension(['keyCertSign', 'cRLSign'])]
        : [keyUsageExtension(['digitalSignature', 'nonRepudiation'])],
    });
  const root = issue(rootName, rootKey, true);
  const named = (Object.keys(keys) as KeyName[]).map((name) => ({
    name,
    key: keys[name],
    certificate: issue([['O', 'UBND xã Thử Nghiệm'], ['CN', name]], keys[name]), // prettier-ignore
  }));
  const combinations = named.flatMap((one) =>
    schemesOf(one.key).flatMap((scheme) =>
      digests.map((digestAlgorithm) => ({ ...one, scheme, digestAlgorithm })),
    ),
  );
  const cms = combinations.map(async (one) => ({
    name: `${one.name} ${one.scheme} ${one.digestAlgorithm}`,
    digest: base64(createHash(one.digestAlgorithm).update(message).digest()),
    cms: base64(await makeCms(one, root)),
  }));
  const [rsa] = named;
  if (!rsa) throw new Error('no RSA key');
  const pkcs12 = ['123456', 'mật khẩu'].map((password) => ({
    password,
    file: base64(buildPkcs12(rsa.key, [rsa.certificate, root], password, 'cơ quan')),
    certificate: base64(rsa.certificate),
  }));
  const [signer] = pkcs12;
  if (!signer) throw new Error('no PKCS#12');
  return {
    engine,
    root: base64(root),
    certificates: Object.fromEntries(
      named.map(({ name, certificate }) => [name, base64(certificate)]),
    ) as Vectors['certificates'],
    signatures: combinations.map(({ name, key, scheme, digestAlgorithm }) => ({
      key: name,
      scheme,
      digestAlgorithm,
      signature: base64(sign(digestAlgorithm, message, keyFor(key, scheme, digestAlgorithm))),
    })),
    cms: await Promise.all(cms),
    pkcs12,
    signedPdf: base64(await makeSignedPdf(folder, Buffer.from(signer.file, 'base64'), signer.password)),
  };
}

interface CmsParts {
  readonly name: KeyName;
  readonly key: KeyObject;
  readonly certificate: Uint8Array;
  readonly scheme: SignatureScheme;
  readonly digestAlgorithm: DigestAlgorithm;
}

async function makeCms(parts: CmsParts, root: Uint8Array): Promise<Uint8Array> {
  const { key, certificate, scheme, digestAlgorithm } = parts;
  const content = { digestHex: createHash(digestAlgorithm).update(message).digest('hex'), digestAlgorithm };
  // node:crypto signs whole messages: the signed attributes are made a second time to sign them here.
  const attributes = signedAttributes(content, certificate);
  const signingKey: SigningKey = {
    uri: '',
    label: parts.name,
    keyType: scheme === 'ecdsa' ? 'ec' : 'rsa',
    bits: Number(parts.name.split('-')[1]),
    certificate,
    chain: [root],
    sign: async () => sign(digestAlgorithm, attributes, keyFor(key, scheme, digestAlgorithm)),
  };
  return (await buildCms(content, signingKey, { scheme })).cms;
}
