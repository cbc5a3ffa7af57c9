import { randomBytes } from 'node:crypto';
import { Asn1Error } from '../asn1/der.ts';
import type { Certificate } from '../trust/certificate.ts';
import { ocspUrls } from '../trust/extensions.ts';
import { encodeOcspRequest, readOcspResponse, type OcspStatus } from '../trust/ocsp-message.ts';
import { failed, undecided, type Judgement } from './judgement.ts';
import type { BestTime } from './signature-time.ts';

const deadlineMs = 10_000;
const maximumBytes = 256 * 1024;

/** What is known of the revocation of a chain. */
export type ChainRevocation =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly at: Date; readonly who: 'signer' | 'authority' }
  | { readonly kind: 'unknown' };

/**
 * Asks the OCSP responders that the certificates of a path name, leaf first, the anchor left out. Only for paths
 * that reach an anchor, so that a stranger's file makes us call nobody. `unknown` when one gives no usable answer.
 */
export async function askRevocation(path: readonly Certificate[], now: Date): Promise<ChainRevocation> {
  let result: ChainRevocation = { kind: 'good' };
  for (const [index, certificate] of path.slice(0, -1).entries()) {
    const issuer = path[index + 1];
    const status = issuer ? await askOne(certificate, issuer, now) : { kind: 'unknown' as const };
    if (status.kind === 'revoked')
      return { kind: 'revoked', at: status.at, who: index === 0 ? 'signer' : 'authority' };
    if (status.kind === 'unknown') result = { kind: 'unknown' };
  }
  return result;
}

async function askOne(certificate: Certificate, issuer: Certificate, now: Date): Promise<OcspStatus> {
  for (const url of ocspUrls(certificate)) {
    if (!/^https?:\/\//.test(url)) continue;
    const nonce = randomBytes(16);
    const answer = await post(url, encodeOcspRequest(certificate, issuer, nonce));
    if (!answer) continue;
    try {
      const status = readOcspResponse(answer, { certificate, issuer, nonce, now });
      if (status.kind !== 'unknown') return status;
    } catch (error) {
      if (!(error instanceof Asn1Error)) throw error;
    }
  }
  return { kind: 'unknown' };
}

/** The body of a good answer, or undefined: being offline is a normal state. */
async function post(url: string, body: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: Uint8Array.from(body),
      headers: { 'content-type': 'application/ocsp-request' },
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (!response.ok || !response.body) return undefined;
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body) {
      size += part.length;
      if (size > maximumBytes) return undefined;
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch {
    return undefined;
  }
}

/**
 * What revocation does to a signature that is otherwise good (domain/vietnam.md §3.4): a certificate revoked
 * after a proven time still counts; before it, it does not; without a proven time nobody knows.
 */
export function judgeRevocation(found: ChainRevocation, time: BestTime): Judgement | undefined {
  if (found.kind === 'good') return undefined;
  if (found.kind === 'unknown') return undecided('TRY_LATER', 'verify.revocation-unchecked');
  if (time.proven && time.proven < found.at) return undefined;
  if (time.proven && found.who === 'signer')
    return failed('REVOKED', 'verify.revoked', 'verify.certificate-invalid-when-signed');
  if (found.who === 'authority') return undecided('REVOKED_CA_NO_POE', 'verify.chain-broken');
  return undecided('REVOKED_NO_POE', 'verify.certificate-ended-without-timestamp');
}
