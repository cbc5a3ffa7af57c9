import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IncrementalUpdate } from '../../core/pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfStream } from '../../core/pdf/objects.ts';
import type { PdfDocument } from '../../core/pdf/document.ts';
import { parseCertificate } from '../../core/trust/certificate.ts';
import { encodeOcspRequest } from '../../core/trust/ocsp-message.ts';
import { buildCrl } from '../../scripts/pki/certificate-builder.ts';
import {
  issueCertificate,
  startDemoOcsp,
  startDemoTsa,
  type DemoOcsp,
  type DemoService,
  type IssuedCertificate,
} from '../../scripts/pki/index.ts';
import {
  appendDocumentTimestamp,
  appendUpdate,
  codes,
  only,
  openWorkshop,
  type Workshop,
} from './signed-files.ts';

// Validation data in the file: what it proves, at which time, and which level it makes.

const minuteMs = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * minuteMs);
const ahead = (minutes: number): Date => ago(-minutes);

let shop: Workshop;
let tsa: DemoService;
let ocsp: DemoOcsp;
let signer: IssuedCertificate;
let stamped: string;
let plain: string;

beforeAll(async () => {
  shop = await openWorkshop();
  tsa = await startDemoTsa(shop.pki, { now: () => ago(30) });
  ocsp = await startDemoOcsp(shop.pki);
  signer = await issueCertificate(shop.pki, {
    subject: [['CN', 'Ủy ban nhân dân xã Lâu Dài (mẫu)']],
    notBefore: ago(60),
    notAfter: ahead(60),
  });
  const key = shop.key(signer);
  plain = await shop.sign(shop.letter, 'plain.pdf', { key });
  stamped = await shop.sign(shop.letter, 'stamped.pdf', { key, level: 'B-T', tsa: { url: tsa.url } });
});

afterAll(async () => {
  await tsa.close();
  await ocsp.close();
  await shop.close();
});

interface Store {
  readonly certificates?: readonly Uint8Array[];
  readonly responses?: readonly Uint8Array[];
  readonly lists?: readonly Uint8Array[];
}

function putStore(update: IncrementalUpdate, pdf: PdfDocument, store: Store): void {
  const list = (all: readonly Uint8Array[] = []) =>
    all.map((bytes) => update.add(new PdfStream(new PdfDict(), { bytes })));
  const dict = new PdfDict({
    Type: new PdfName('DSS'),
    Certs: list(store.certificates),
    OCSPs: list(store.responses),
    CRLs: list(store.lists),
  });
  update.changeCatalog({ DSS: update.add(dict) });
  void pdf;
}

const withStore = async (path: string, name: string, store: Store): Promise<string> =>
  await shop.write(name, await appendUpdate(path, (update, pdf) => putStore(update, pdf, store)));

async function response(subject: Uint8Array, issuer: Uint8Array): Promise<Uint8Array> {
  const nonce = createHash('md5').update(subject).digest();
  const request = encodeOcspRequest(parseCertificate(subject), parseCertificate(issuer), nonce);
  const answer = await fetch(shop.pki.ocspUrl, { method: 'POST', body: Uint8Array.from(request) });
  return new Uint8Array(await answer.arrayBuffer());
}

/** Answers about signer, TSA and issuing authority. */
async function completeStore(): Promise<Store> {
  const { issuing, root, tsa: authority } = shop.pki;
  return {
    certificates: [issuing.certificate, authority.certificate, signer.certificate],
    responses: [
      await response(signer.certificate, issuing.certificate),
      await response(authority.certificate, issuing.certificate),
      await response(issuing.certificate, root.certificate),
    ],
  };
}

function list(
  authority: 'issuing' | 'root',
  revoked: readonly { readonly certificate: Uint8Array; readonly at: Date }[],
  life: readonly [Date, Date] = [ago(5), ahead(600)],
): Uint8Array {
  const { name, key } = shop.pki[authority];
  return buildCrl({
    issuer: name,
    issuerKey: key,
    thisUpdate: life[0],
    nextUpdate: life[1],
    number: 7,
    revoked: revoked.map(({ certificate, at }) => ({ serial: parseCertificate(certificate).serial, at })),
  });
}

it('a store with everything makes B-LT, and the answers in it are believed without asking', async () => {
  const file = await withStore(stamped, 'lt.pdf', await completeStore());
  const report = await shop.verify(file);
  expect(report).toMatchObject({ verdict: 'valid', advice: 'register' });
  expect(only(report)).toMatchObject({
    level: 'B-LT',
    revocation: 'good',
    revocationSource: 'embedded',
    later: 'permitted',
  });
  expect(codes(only(report))).not.toContain('verify.revocation-unchecked');
});

it('a document timestamp over the store makes B-LTA', async () => {
  const lt = await withStore(stamped, 'lta-1.pdf', await completeStore());
  const report = await shop.verify(await appendDocumentTimestamp(shop, lt, 'lta.pdf'));
  expect(report.verdict).toBe('valid');
  expect(report.signatures).toMatchObject([
    { level: 'B-LTA', revocationSource: 'embedded' },
    {
      kind: 'document-timestamp',
      indication: 'TOTAL_PASSED',
      revocation: 'good',
      revocationSource: 'embedded',
    },
  ]);
});

it('a store that came after the document timestamp is not kept safe by it', async () => {
  const first = await appendDocumentTimestamp(shop, stamped, 'late-1.pdf');
  const report = await shop.verify(await withStore(first, 'late.pdf', await completeStore()));
  expect(report.signatures[0]).toMatchObject({ level: 'B-LT' });
});

it('a store that says nothing about the timestamp authority makes B-T only', async () => {
  const { certificates = [], responses = [] } = await completeStore();
  const file = await withStore(stamped, 'no-tsa.pdf', {
    certificates,
    responses: responses.filter((_, index) => index !== 1),
  });
  expect(only(await shop.verify(file))).toMatchObject({ level: 'B-T', revocation: 'good' });
});

it('revocation lists do as well as answers', async () => {
  const file = await withStore(stamped, 'lists.pdf', {
    certificates: [shop.pki.issuing.certificate, shop.pki.tsa.certificate],
    lists: [list('issuing', []), list('root', [])],
  });
  expect(only(await shop.verify(file))).toMatchObject({ level: 'B-LT', revocationSource: 'embedded' });
});

it('lists given by the caller are used and named as such', async () => {
  const revocationLists = [list('issuing', []), list('root', [])];
  expect(only(await shop.verify(plain, { revocationLists }))).toMatchObject({
    level: 'B-B',
    revocation: 'good',
    revocationSource: 'given',
  });
});

it('a list that names the signer counts by its date', async () => {
  const revoked = (minutes: number) => [
    list('issuing', [{ certificate: signer.certificate, at: ago(minutes) }]),
    list('root', []),
  ];
  const judged = async (file: string, minutes: number) =>
    only(await shop.verify(file, { revocationLists: revoked(minutes) }));
  expect(await judged(stamped, 45)).toMatchObject({ indication: 'TOTAL_FAILED', subIndication: 'REVOKED' });
  expect(await judged(stamped, 10)).toMatchObject({ indication: 'TOTAL_PASSED', revocation: 'good' });
  expect(await judged(plain, 10)).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'REVOKED_NO_POE',
    revocation: 'revoked',
  });
});

it.each<[string, () => Uint8Array[]]>([
  ['stale lists', () => [list('issuing', [], [ago(600), ago(300)]), list('root', [])]],
  ['lists from the future', () => [list('issuing', [], [ahead(60), ahead(600)]), list('root', [])]],
  ["another authority's list", () => [list('root', []), list('root', [])]],
  ['a list that somebody else signed', () => {
    const bytes = Buffer.from(list('issuing', []));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    return [bytes, list('root', [])];
  }],
  ['rubbish', () => [Buffer.from('hello')]],
])('%s prove nothing', async (_name, lists) => {
  const report = await shop.verify(stamped, { revocationLists: lists() });
  expect(only(report)).toMatchObject({ revocation: 'unknown', revocationSource: 'none' });
  expect(codes(only(report))).toContain('verify.revocation-unchecked');
}); // prettier-ignore

it('a timestamp whose authority was revoked before it proves no time', async () => {
  const file = await withStore(stamped, 'tsa-revoked.pdf', {
    lists: [list('issuing', [{ certificate: shop.pki.tsa.certificate, at: ago(45) }]), list('root', [])],
  });
  const report = only(await shop.verify(file));
  expect(report).toMatchObject({ timeSource: 'claimed', timestamps: [{ ok: false }], level: 'B-B' });
  expect(codes(report)).toContain('verify.timestamp-authority-revoked');
});

it('an authority revoked later takes its timestamps along, unless a further one is older than that', async () => {
  const lists = [list('issuing', [{ certificate: shop.pki.tsa.certificate, at: ago(1) }]), list('root', [])];
  expect(only(await shop.verify(stamped, { revocationLists: lists }))).toMatchObject({
    timestamps: [{ ok: false }],
  });
  const renewed = await appendDocumentTimestamp(shop, stamped, 'renewed.pdf', ago(20));
  const both = await shop.verify(renewed, { revocationLists: lists });
  // The newest one has nothing behind it and falls, and with it what rested on it.
  expect(both.signatures[1]).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' });
});

it('the authority above a timestamp authority, revoked later, takes the timestamps along: who has its key makes any', async () => {
  const lists = [
    list('issuing', []),
    list('root', [{ certificate: shop.pki.issuing.certificate, at: ago(1) }]),
  ];
  expect(
    only(await shop.verify(stamped, { revocationLists: [list('issuing', []), list('root', [])] })),
  ).toMatchObject({
    indication: 'TOTAL_PASSED',
    timestamps: [{ ok: true }],
  });
  expect(only(await shop.verify(stamped, { revocationLists: lists }))).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'REVOKED_CA_NO_POE',
    timestamps: [{ ok: false }],
  });
});

it('timestamps in the wrong order are not resolved', async () => {
  const file = await appendDocumentTimestamp(shop, stamped, 'order.pdf', ago(50));
  expect((await shop.verify(file)).signatures[0]).toMatchObject({
    indication: 'INDETERMINATE',
    subIndication: 'TIMESTAMP_ORDER_FAILURE',
  });
});

it('a certificate that ended without proof of time, but was not revoked until then, is called so', async () => {
  const later = new Date(Date.now() + 90 * minuteMs);
  const revocationLists = [list('issuing', []), list('root', [])];
  const options = { now: later, at: later, revocationLists };
  expect(only(await shop.verify(plain, options))).toMatchObject({
    subIndication: 'OUT_OF_BOUNDS_NOT_REVOKED',
  });
  expect(only(await shop.verify(plain, { now: later, at: later }))).toMatchObject({
    subIndication: 'OUT_OF_BOUNDS_NO_POE',
  });
  expect(only(await shop.verify(stamped, options))).toMatchObject({ indication: 'TOTAL_PASSED' });
});
