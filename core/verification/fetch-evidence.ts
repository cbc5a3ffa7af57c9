import { randomBytes } from 'node:crypto';
import { Asn1Error } from '../asn1/der.ts';
import { exchangeHttp, HttpExchangeError, type HttpExchange } from '../shared/http-exchange.ts';
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
    // A question is not passed on to strangers: no redirects.
    const answer = await get({
      url,
      method: 'POST',
      body: Uint8Array.from(encodeOcspRequest(certificate, issuer, nonce)),
      headers: { 'content-type': 'application/ocsp-request' },
      deadlineMs: ocspDeadlineMs,
      maximumBytes: maximumResponseBytes,
    });
    if (answer && isOurs(answer, nonce)) return readEvidence('fetched', { responses: [answer] });
  }
  return noEvidence;
}

/** The lists of a certificate's own distribution points. */
export async function fetchLists(certificate: Certificate): Promise<RevocationEvidence> {
  const lists: Uint8Array[] = [];
  for (const url of addresses(certificate, crlUrls)) {
    const answer = await get({
      url,
      method: 'GET',
      deadlineMs: listDeadlineMs,
      maximumBytes: maximumListBytes,
      redirects: maximumRedirects,
    });
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
async function get(exchange: HttpExchange): Promise<Uint8Array | undefined> {
  try {
    return await exchangeHttp(exchange);
  } catch (error) {
    if (error instanceof HttpExchangeError) return undefined;
    throw error;
  }
}
