import { randomBytes } from 'node:crypto';
import { Asn1Error } from '../asn1/der.ts';
import type { Certificate } from '../trust/certificate.ts';
import { maximumListBytes } from '../trust/certificate-list.ts';
import { crlUrls } from '../trust/distribution-points.ts';
import { ocspUrls } from '../trust/extensions.ts';
import { encodeOcspRequest, hasForeignNonce, parseOcspResponse } from '../trust/ocsp-message.ts';
import { noEvidence, readEvidence, type RevocationEvidence } from '../trust/revocation-evidence.ts';

const ocspDeadlineMs = 10_000;
const maximumResponseBytes = 256 * 1024;
const listDeadlineMs = 60_000;
const maximumRedirects = 3;

/** Whether a certificate names anybody who could be asked. */
export function namesRevocationService(certificate: Certificate): boolean {
  return addresses(certificate, ocspUrls).length > 0 || addresses(certificate, crlUrls).length > 0;
}

function addresses(certificate: Certificate, read: (certificate: Certificate) => string[]): string[] {
  try {
    return read(certificate).filter((url) => /^https?:\/\//i.test(url));
  } catch (error) {
    if (error instanceof Asn1Error) return [];
    throw error;
  }
}

/** Asks what a certificate names, OCSP first; empty when nobody gives something readable. */
export async function fetchEvidence(
  certificate: Certificate,
  issuer: Certificate,
): Promise<RevocationEvidence> {
  for (const url of addresses(certificate, ocspUrls)) {
    const nonce = randomBytes(16);
    const answer = await get(url, ocspDeadlineMs, maximumResponseBytes, {
      method: 'POST',
      body: Uint8Array.from(encodeOcspRequest(certificate, issuer, nonce)),
      headers: { 'content-type': 'application/ocsp-request' },
    });
    if (answer && isOurs(answer, nonce)) return readEvidence('fetched', { responses: [answer] });
  }
  return noEvidence;
}

/** The lists of a certificate's own distribution points. */
export async function fetchLists(certificate: Certificate): Promise<RevocationEvidence> {
  const lists: Uint8Array[] = [];
  for (const url of addresses(certificate, crlUrls)) {
    const answer = await get(url, listDeadlineMs, maximumListBytes, {});
    if (answer) lists.push(answer);
  }
  return readEvidence('fetched', { lists });
}

function isOurs(answer: Uint8Array, nonce: Uint8Array): boolean {
  try {
    return !hasForeignNonce(parseOcspResponse(answer), nonce);
  } catch (error) {
    if (error instanceof Asn1Error) return false;
    throw error;
  }
}

/** The body of a good answer, or undefined: being offline is a normal state. */
async function get(
  address: string,
  deadlineMs: number,
  maximumBytes: number,
  init: RequestInit,
): Promise<Uint8Array | undefined> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    let url = address;
    for (let left = maximumRedirects; ; left--) {
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      const target = response.headers.get('location');
      const isRedirect = response.status >= 300 && response.status < 400 && target !== null;
      if (!isRedirect) return response.ok ? await body(response, maximumBytes) : undefined;
      await response.body?.cancel();
      url = new URL(target, url).href;
      // A question is not passed on to strangers; a list may have moved, but never away from http(s).
      if (init.method === 'POST' || left <= 0 || !/^https?:\/\//i.test(url)) return undefined;
    }
  } catch {
    return undefined;
  }
}

async function body(response: Response, maximumBytes: number): Promise<Uint8Array | undefined> {
  if (!response.body) return undefined;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > maximumBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
