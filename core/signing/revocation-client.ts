import { randomBytes } from 'node:crypto';
import { Asn1Error } from '../asn1/der.ts';
import { AnThuError } from '../shared/errors.ts';
import type { Certificate } from '../trust/certificate.ts';
import { crlUrls } from '../trust/distribution-points.ts';
import { ocspUrls } from '../trust/extensions.ts';
import { answerFor, encodeOcspRequest, hasForeignNonce, parseOcspResponse } from '../trust/ocsp-message.ts';
import { readEvidence } from '../trust/revocation-evidence.ts';
import { certificateStatus, type CertificateStatus } from '../trust/revocation-status.ts';
import { exchangeHttp, HttpExchangeError, httpUrl } from '../shared/http-exchange.ts';
import { isReason } from '../contract/sentences.ts';
import { reason, reasons } from '../shared/reasons.ts';

const DEFAULT_DEADLINE_MS = 15_000;
const MAX_OCSP_BYTES = 256 * 1024;
/** A list of 100,000 entries takes 4 MB; national authorities have larger ones. */
const DEFAULT_MAX_CRL_BYTES = 32 * 1024 * 1024;
const MAX_REDIRECTS = 3;
/** Addresses whose failures are told. */
const MOST_TOLD = 4;

export interface RevocationClientOptions {
  /** Milliseconds for each exchange. */
  readonly deadlineMs?: number;
  /** `random` sends a nonce; many responders answer from a cache and know none, so `none` is the default. */
  readonly nonce?: 'none' | 'random';
  readonly maximumCrlBytes?: number;
  /** Answers of this process by certificate, used until their nextUpdate: a batch asks once. */
  readonly cache?: Map<string, RevocationAnswer>;
}

/** An authentic, fresh answer about one certificate. */
export interface RevocationAnswer {
  readonly kind: 'ocsp' | 'crl';
  /** OCSP response or list, DER. */
  readonly bytes: Uint8Array;
  readonly status: Exclude<CertificateStatus, { kind: 'unknown' }>;
  /** When a newer answer is due. */
  readonly until: Date | undefined;
  /** The delegate that signed an OCSP answer; undefined when the issuer did. */
  readonly delegate: Certificate | undefined;
}

/**
 * A fresh answer about a certificate: its OCSP responders first, then its revocation lists (DER or PEM). Throws
 * `signing.revocation-unavailable` with what each address said. (signing-peers.md §3.6)
 */
export async function fetchRevocation(
  certificate: Certificate,
  issuer: Certificate,
  now: Date,
  options: RevocationClientOptions = {},
): Promise<RevocationAnswer> {
  const cached = options.cache?.get(certificate.fingerprint);
  if (cached?.until && cached.until > now) return cached;
  const failures: string[] = [];
  const sources = [
    ...ocspUrls(certificate).map((url) => () => askOcsp(url, certificate, issuer, now, options)),
    ...crlUrls(certificate).map((url) => () => askCrl(url, certificate, issuer, now, options)),
  ];
  for (const ask of sources) {
    try {
      const answer = await ask();
      options.cache?.set(certificate.fingerprint, answer);
      return answer;
    } catch (error) {
      if (error instanceof HttpExchangeError) failures.push(error.message);
      else if (error instanceof Asn1Error) failures.push(whyUnusable(error));
      else throw error;
    }
  }
  const told = failures.length > 0 ? failures.slice(0, MOST_TOLD) : [reason('revocation.no-address')];
  throw new AnThuError('signing.revocation-unavailable', { reason: reasons(told) });
}

/** A coded reason, where an answer was refused for one; else it was not what it should be. */
function whyUnusable({ message }: Asn1Error): string {
  return isReason(message) ? message : reason('revocation.unreadable');
}

async function askOcsp(
  url: string,
  certificate: Certificate,
  issuer: Certificate,
  now: Date,
  { nonce, deadlineMs = DEFAULT_DEADLINE_MS }: RevocationClientOptions,
): Promise<RevocationAnswer> {
  if (!httpUrl(url)) throw new HttpExchangeError('http.bad-address');
  const sent = nonce === 'random' ? randomBytes(16) : undefined;
  const bytes = await exchangeHttp({
    url,
    method: 'POST',
    body: encodeOcspRequest(certificate, issuer, sent),
    headers: { 'Content-Type': 'application/ocsp-request', Accept: 'application/ocsp-response' },
    deadlineMs,
    maximumBytes: MAX_OCSP_BYTES,
  });
  const response = parseOcspResponse(bytes);
  if (sent && hasForeignNonce(response, sent)) throw new Asn1Error(reason('ocsp.other-nonce'));
  const answer = answerFor(response, { certificate, issuer });
  if (!answer) throw new Asn1Error(reason('ocsp.other-certificate'));
  const status = certificateStatus(certificate, issuer, {
    at: now,
    now,
    evidence: readEvidence('fetched', { responses: [bytes] }),
    pool: [],
    anchors: [],
  });
  if (status.kind === 'unknown') throw new Asn1Error(reason('ocsp.unknown-or-stale'));
  const { responder, validUntil } = answer;
  const delegate = responder.fingerprint === issuer.fingerprint ? undefined : responder;
  return { kind: 'ocsp', bytes, status, until: validUntil, delegate };
}

async function askCrl(
  url: string,
  certificate: Certificate,
  issuer: Certificate,
  now: Date,
  { deadlineMs = DEFAULT_DEADLINE_MS, maximumCrlBytes = DEFAULT_MAX_CRL_BYTES }: RevocationClientOptions,
): Promise<RevocationAnswer> {
  const answer = await exchangeHttp({
    url,
    method: 'GET',
    headers: { Accept: 'application/pkix-crl' },
    deadlineMs,
    maximumBytes: maximumCrlBytes,
    redirects: MAX_REDIRECTS,
  });
  const evidence = readEvidence('fetched', { lists: [answer] });
  const [list] = evidence.lists;
  if (!list) throw new Asn1Error(reason('crl.not-a-list'));
  const status = certificateStatus(certificate, issuer, { at: now, now, evidence, pool: [], anchors: [] });
  if (status.kind === 'unknown') throw new Asn1Error(reason('crl.not-usable'));
  return { kind: 'crl', bytes: derOf(answer), status, until: list.value.nextUpdate, delegate: undefined };
}

/** DER of a list that may have come as PEM. */
function derOf(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0x30) return bytes;
  const text = Buffer.from(bytes).toString('latin1');
  const [, body = ''] = /-----BEGIN X509 CRL-----([^-]+)-----END/.exec(text) ?? [];
  return Buffer.from(body, 'base64');
}
