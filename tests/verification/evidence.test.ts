import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  boolean,
  contextConstructed,
  contextPrimitive,
  encode,
  integer,
  octetString,
  sequence,
  tag,
} from '../../core/asn1/der.ts';
import { trustAnchor } from '../../core/trust/anchors.ts';
import { parseCertificate, type Certificate } from '../../core/trust/certificate.ts';
import { findListEntry, parseCertificateList } from '../../core/trust/certificate-list.ts';
import { encodeOcspRequest } from '../../core/trust/ocsp-message.ts';
import { oids } from '../../core/trust/oids.ts';
import { readEvidence, type RevocationEvidence } from '../../core/trust/revocation-evidence.ts';
import { certificateStatus } from '../../core/trust/revocation-status.ts';
import { timed } from '../../scripts/bench/statistics.ts';
import {
  buildCrl,
  extendedKeyUsageExtension,
  keyUsageExtension,
  type ExtensionPart,
} from '../../scripts/pki/certificate-builder.ts';
import { issueCertificate, startDemoOcsp, type DemoOcsp, type DemoPki } from '../../scripts/pki/index.ts';
import { codes, only, openWorkshop, type Workshop } from './signed-files.ts';

// Class "Time and revocation" of findings/pdf-attacks.md: evidence that is not about this certificate, or not from
// somebody who may speak.

const minuteMs = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * minuteMs);

let shop: Workshop;
let pki: DemoPki;
let ocsp: DemoOcsp;
let leaf: Certificate;
let other: Certificate;
let issuer: Certificate;

async function issue(name: string): Promise<Certificate> {
  const { certificate } = await issueCertificate(pki, {
    subject: [['CN', name]],
    notBefore: ago(60),
    notAfter: ago(-600),
  });
  return parseCertificate(certificate);
}

beforeAll(async () => {
  shop = await openWorkshop();
  ({ pki } = shop);
  ocsp = await startDemoOcsp(pki);
  leaf = await issue('Người ký');
  other = await issue('Người khác');
  issuer = parseCertificate(pki.issuing.certificate);
});

afterAll(async () => {
  await ocsp.close();
  await shop.close();
});

function status(evidence: RevocationEvidence, at = new Date()) {
  return certificateStatus(leaf, issuer, {
    at,
    now: new Date(),
    evidence,
    pool: [],
    anchors: [trustAnchor(parseCertificate(pki.root.certificate), 'signature')],
  });
}

interface ListOptions {
  readonly extensions?: readonly ExtensionPart[];
  readonly revoked?: readonly Certificate[];
  readonly number?: number;
  readonly key?: DemoPki['issuing']['key'];
  readonly issuer?: DemoPki['issuing']['name'];
}

function list({
  extensions = [],
  revoked = [],
  number = 5,
  key = pki.issuing.key,
  issuer = pki.issuing.name,
}: ListOptions = {}): Uint8Array {
  return buildCrl({
    issuer,
    issuerKey: key,
    thisUpdate: ago(10),
    nextUpdate: ago(-600),
    number,
    revoked: revoked.map(({ serial }) => ({ serial, at: ago(20) })),
    extensions,
  });
}

const scope = (...parts: Uint8Array[]): ExtensionPart => ({
  id: '2.5.29.28',
  critical: true,
  value: sequence(...parts),
});
const delta = (base: number): ExtensionPart => ({ id: '2.5.29.27', critical: true, value: integer(base) });
const yes = Uint8Array.of(0xff);
const elsewhere = contextConstructed(
  0,
  contextConstructed(0, contextPrimitive(6, Buffer.from('http://127.0.0.1:1/part-2.crl'))),
);

describe('revocation lists', () => {
  const given = (...lists: Uint8Array[]) => status(readEvidence('given', { lists }));

  it('a list of the issuer says that nobody was revoked', () => {
    expect(given(list())).toEqual({ kind: 'good', source: 'given' });
    expect(given(list({ revoked: [other] })).kind).toBe('good');
    expect(given(list({ revoked: [leaf] }))).toMatchObject({ kind: 'revoked', reason: 0 });
  });

  it.each<[string, () => Uint8Array]>([
    ['a delta without its base', () => list({ extensions: [delta(4)] })],
    ['a part that is about authorities', () => list({ extensions: [scope(contextPrimitive(2, yes))] })],
    ['a part that is about attributes', () => list({ extensions: [scope(contextPrimitive(5, yes))] })],
    ['a part at another place', () => list({ extensions: [scope(elsewhere)] })],
    ['a part for some reasons', () => list({ extensions: [scope(contextPrimitive(3, Uint8Array.of(6, 0x40)))] })],
    ['an extension that matters and is not understood', () => list({ extensions: [{ id: '1.3.6.1.4.1.32473.9', critical: true, value: boolean(true) }] })],
    ['a list of another issuer', () => list({ issuer: pki.root.name, key: pki.root.key })],
    ['a list in the name of another issuer', () => list({ issuer: pki.root.name })],
    ['a signature by another key', () => list({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey })],
  ])('%s proves nothing', (_name, make) => {
    expect(given(make()).kind).toBe('unknown');
  }); // prettier-ignore

  it('a delta on its base counts, a delta on another base does not', () => {
    const base = list({ number: 5 });
    const newer = list({ number: 6, extensions: [delta(5)], revoked: [leaf] });
    expect(given(base, newer).kind).toBe('revoked');
    expect(given(base, list({ number: 9, extensions: [delta(8)], revoked: [leaf] })).kind).toBe('good');
  });

  it('a list of 200,000 entries is searched in no time', async () => {
    const entry = (serial: number): Uint8Array =>
      sequence(integer(0x10000000 + serial), encode(tag.utcTime, Buffer.from('260101000000Z')));
    const whole = parseCertificateList(list());
    const entries = Buffer.concat(Array.from({ length: 200_000 }, (_, index) => entry(index)));
    const { value, cpuMs } = await timed(() => [
      findListEntry({ ...whole, entries }, Buffer.from('10030d3f', 'hex'), whole.issuer)?.at.toISOString(),
      findListEntry({ ...whole, entries }, leaf.serialBytes, whole.issuer),
    ]);
    expect(value).toEqual(['2026-01-01T00:00:00.000Z', undefined]);
    expect(cpuMs).toBeLessThan(3000);
  });
});

describe('OCSP responses', () => {
  async function ask(subject: Certificate): Promise<Uint8Array> {
    const request = encodeOcspRequest(subject, issuer, Uint8Array.of(1, 2, 3));
    const answer = await fetch(pki.ocspUrl, { method: 'POST', body: Uint8Array.from(request) });
    return new Uint8Array(await answer.arrayBuffer());
  }
  const given = (bytes: Uint8Array, at = new Date()) =>
    status(readEvidence('given', { responses: [bytes] }), at);

  it('an answer about this certificate counts, one about another does not', async () => {
    expect(given(await ask(leaf)).kind).toBe('good');
    expect(given(await ask(other)).kind).toBe('unknown');
  });

  it('speaks for the time before it and until its next update', async () => {
    const answer = await ask(leaf);
    expect(given(answer, ago(30)).kind).toBe('good');
    expect(given(answer, ago(-30)).kind).toBe('good');
    expect(given(answer, ago(-120)).kind).toBe('unknown');
  });

  it('one changed byte anywhere and it proves nothing', async () => {
    const answer = await ask(leaf);
    let good = 0;
    for (let at = 0; at < answer.length; at += 13) {
      const copy = Uint8Array.from(answer);
      copy[at] = (copy[at] ?? 0) ^ 0x01;
      if (given(copy).kind === 'good') good++;
    }
    // What lies outside the signed part (the delegate's own unsigned tags excepted) is not much.
    expect(good).toBeLessThanOrEqual(2);
  });

  it('rubbish and refusals prove nothing', () => {
    for (const bytes of [
      Buffer.from('hello'),
      sequence(encode(tag.enumerated, Uint8Array.of(6))),
      octetString(yes),
    ])
      expect(given(bytes).kind).toBe('unknown');
  });
});

describe('times', () => {
  it('a timestamp by a certificate without the timeStamping purpose proves no time', async () => {
    const identity = await issueCertificate(pki, {
      subject: [['CN', 'Không phải TSA']],
      notBefore: ago(60),
      notAfter: ago(-60),
      extensions: [
        keyUsageExtension(['digitalSignature']),
        extendedKeyUsageExtension([oids.codeSigning], 'critical'),
      ],
    });
    const { startDemoTsa } = await import('../../scripts/pki/index.ts');
    const tsa = await startDemoTsa({ ...pki, tsa: identity });
    const file = await shop.sign(shop.letter, 'odd-tsa.pdf', { level: 'B-T', tsa: { url: tsa.url } });
    await tsa.close();
    const signature = only(await shop.verify(file));
    expect(signature).toMatchObject({ timeSource: 'claimed', timestamps: [{ ok: false }], level: 'B-B' });
    expect(codes(signature)).toContain('verify.timestamp-invalid');
  });

  it("a time claimed before the certificate's life is not believed", async () => {
    const file = await shop.sign(shop.letter, 'early.pdf', { signingTime: '2001-01-01T00:00:00.000Z' });
    expect(only(await shop.verify(file))).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'NOT_YET_VALID',
    });
  });
});
