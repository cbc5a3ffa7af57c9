import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileReportSchema } from '../../core/contract/verification.ts';
import { loadAnchors } from '../../core/trust/anchors.ts';
import { parseCertificate, readCertificates } from '../../core/trust/certificate.ts';
import { extendedKeyUsageExtension, keyUsageExtension } from '../../scripts/pki/certificate-builder.ts';
import { oids } from '../../core/trust/oids.ts';
import { createDemoPki, issueCertificate, startDemoTsa, type DemoService } from '../../scripts/pki/index.ts';
import { PdfDict, PdfRef } from '../../core/pdf/objects.ts';
import {
  appendDocumentTimestamp,
  appendUpdate,
  codes,
  only,
  openWorkshop,
  timestampToken,
  type Workshop,
} from './signed-files.ts';

const dayMs = 24 * 3600 * 1000;
const fromNow = (days: number): Date => new Date(Date.now() + days * dayMs);

let shop: Workshop;
let tsa: DemoService;
/** The clock of the TSA, in days from now. */
let tsaDay = 0;
let signed: string;

beforeAll(async () => {
  shop = await openWorkshop();
  tsa = await startDemoTsa(shop.pki, { now: () => fromNow(tsaDay) });
  signed = await shop.sign(shop.letter, 'signed.pdf');
});

afterAll(async () => {
  await tsa.close();
  await shop.close();
});

describe('a letter signed by the agency', () => {
  it('is valid with the claimed time, and says that revocation was not checked', async () => {
    const report = await shop.verify(signed);
    expect(() => fileReportSchema.parse(report)).not.toThrow();
    expect(report).toMatchObject({ verdict: 'valid', advice: 'provisional' });
    expect(only(report)).toMatchObject({
      kind: 'signature',
      purpose: 'agency',
      subFilter: 'ETSI.CAdES.detached',
      level: 'B-B',
      indication: 'TOTAL_PASSED',
      subIndication: null,
      integrity: true,
      coverage: 'whole-file',
      later: 'none',
      digest: 'sha256',
      scheme: 'rsa-pkcs1',
      timeSource: 'claimed',
      revocation: 'unknown',
      revocationSource: 'none',
    });
    expect(only(report).signer).toMatchObject({
      name: 'Ủy ban nhân dân xã Hòa Bình (mẫu)',
      organization: 'Ủy ban nhân dân xã Hòa Bình (mẫu)',
      class: 'unknown',
    });
    expect(codes(only(report))).toEqual([
      'verify.valid-claimed-time',
      'verify.revocation-unchecked',
      'verify.demo-anchor',
    ]);
  });

  it('is B-T with a timestamp, whose time is then the best time', async () => {
    const file = await shop.sign(shop.letter, 'stamped.pdf', { level: 'B-T', tsa: { url: tsa.url } });
    const signature = only(await shop.verify(file));
    expect(signature).toMatchObject({ level: 'B-T', indication: 'TOTAL_PASSED', timeSource: 'timestamp' });
    expect(signature.timestamps).toEqual([
      { time: signature.bestSignatureTime, authority: 'Ấn Thư - TSA MẪU', ok: true },
    ]);
    expect(codes(signature)).toContain('verify.valid-with-timestamp');
  });

  it('keeps B-B when nobody trusts the TSA', async () => {
    const file = await shop.sign(shop.letter, 'stamped2.pdf', { level: 'B-T', tsa: { url: tsa.url } });
    const signature = only(await shop.verify(file, { tsaAnchors: [] }));
    expect(signature).toMatchObject({ level: 'B-B', indication: 'TOTAL_PASSED', timeSource: 'claimed' });
    expect(codes(signature)).toContain('verify.timestamp-untrusted');
    expect(codes(signature)).not.toContain('verify.timestamp-invalid');
  });

  it('tells agency from person', async () => {
    const [certificate] = readCertificates(await readFile(shop.pki.leader?.certificate ?? ''));
    const subject = [['CN', 'Nguyễn Văn Mẫu'], ['T', 'Chủ tịch']] as const; // prettier-ignore
    const leader = await issueCertificate(shop.pki, {
      subject,
      notBefore: fromNow(-1),
      notAfter: fromNow(9),
    });
    expect(certificate?.version).toBe(3);
    const file = await shop.sign(shop.letter, 'leader.pdf', { key: shop.key(leader) });
    const report = await shop.verify(file, { expects: 'issued-document' });
    expect(only(report)).toMatchObject({ purpose: 'person', signer: { title: 'Chủ tịch' } });
    expect(report).toMatchObject({ advice: 'ask', messages: [{ code: 'verify.agency-signature-missing' }] });
  });

  it('carries a second signature and a document timestamp as permitted changes', async () => {
    const twice = await shop.sign(signed, 'twice.pdf', {
      appearance: { kind: 'digitized-arrival', agencyName: 'Ủy ban nhân dân xã Hòa Bình' },
    });
    const file = await appendDocumentTimestamp(shop, twice, 'thrice.pdf');
    const report = await shop.verify(file);
    expect(report.verdict).toBe('valid');
    expect(report.signatures.map(({ kind, coverage, later, level, timeSource }) => [
      kind, coverage, later, level, timeSource,
    ])).toEqual([
      ['signature', 'revision', 'permitted', 'B-T', 'timestamp'],
      ['signature', 'revision', 'permitted', 'B-T', 'timestamp'],
      ['document-timestamp', 'whole-file', 'none', 'none', 'timestamp'],
    ]); // prettier-ignore
    const [first, second] = report.signatures;
    expect(first?.changes.some((change) => change.class === 'new-signature' && change.page === 0)).toBe(true);
    expect(second?.changes.every((change) => change.class === 'lta-update')).toBe(true);
    expect(first && codes(first)).toContain('verify.later-permitted');
  });
});

describe('time and certificate', () => {
  async function signedWith(name: string, notBefore: number, notAfter: number, stampDay?: number) {
    const identity = await issueCertificate(shop.pki, {
      subject: [['CN', 'Ủy ban nhân dân xã Cũ (mẫu)']],
      notBefore: fromNow(notBefore),
      notAfter: fromNow(notAfter),
    });
    tsaDay = stampDay ?? 0;
    const file = await shop.sign(shop.letter, name, {
      key: shop.key(identity),
      signingTime: fromNow(stampDay ?? 0).toISOString(),
      ...(stampDay === undefined ? {} : { level: 'B-T' as const, tsa: { url: tsa.url } }),
    });
    tsaDay = 0;
    return await shop.verify(file);
  }

  it('leaves an expired certificate without timestamp undecided', async () => {
    const report = await signedWith('expired.pdf', -0.9, -0.1);
    expect(report).toMatchObject({ verdict: 'indeterminate', advice: 'decide' });
    expect(only(report)).toMatchObject({ subIndication: 'OUT_OF_BOUNDS_NO_POE', integrity: true });
    expect(codes(only(report))).toContain('verify.certificate-ended-without-timestamp');
  });

  it('accepts an expired certificate when a timestamp lies within its life', async () => {
    const report = await signedWith('expired-stamped.pdf', -0.9, -0.1, -0.5);
    expect(report.verdict).toBe('valid');
  });

  it('accepts an expired certificate when our register had the file in its life', async () => {
    await signedWith('expired-registered.pdf', -0.9, -0.1);
    const report = await shop.verify(shop.path('expired-registered.pdf'), { registeredAt: fromNow(-0.5) });
    expect(only(report)).toMatchObject({ indication: 'TOTAL_PASSED', timeSource: 'register' });
  });

  it('refuses a signature that a timestamp puts after the certificate ended', async () => {
    const report = await signedWith('late.pdf', -0.9, -0.5, -0.1);
    expect(report).toMatchObject({ verdict: 'invalid', advice: 'return' });
    expect(only(report)).toMatchObject({ subIndication: 'EXPIRED' });
    expect(codes(only(report))).toContain('verify.certificate-invalid-when-signed');
  });

  it('does not accept a certificate before its time', async () => {
    const report = await signedWith('early.pdf', 1, 2);
    expect(only(report)).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NOT_YET_VALID' });
  });

  it('does not accept a claimed time before the life of the certificate', async () => {
    const file = await shop.sign(shop.letter, 'backdated.pdf', { signingTime: '2020-01-01T00:00:00+07:00' });
    const signature = only(await shop.verify(file));
    expect(signature).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'NOT_YET_VALID' });
  });

  it('judges as of another time when asked', async () => {
    const later = await shop.verify(signed, { at: fromNow(4 * 365) });
    expect(only(later).subIndication).toBe('OUT_OF_BOUNDS_NO_POE');
  });

  it('does not know an issuer that is not pinned, nor a namesake of one that is', async () => {
    expect(only(await shop.verify(signed, { anchors: [] }))).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
      integrity: true,
    });
    const twin = await createDemoPki(shop.path('twin'), {
      agencyName: 'a', organId: 'b', senderName: 'c', senderOrganId: 'd', pin: '1',
    }); // prettier-ignore
    const report = await shop.verify(signed, { anchors: await loadAnchors([twin.rootPath], 'signature') });
    expect(only(report).subIndication).toBe('NO_CERTIFICATE_CHAIN_FOUND');
    expect(codes(only(report))).toContain('verify.issuer-unknown');
  });

  it('does not accept a certificate that may not sign', async () => {
    const identity = await issueCertificate(shop.pki, {
      subject: [['CN', 'Máy chủ']],
      notBefore: fromNow(-0.5),
      notAfter: fromNow(1),
      extensions: [keyUsageExtension(['keyEncipherment'])],
    });
    const file = await shop.sign(shop.letter, 'usage.pdf', { key: shop.key(identity) });
    expect(codes(only(await shop.verify(file)))).toContain('verify.key-usage-unfit');
  });

  it('does not take a timestamp of a certificate without the critical purpose', async () => {
    const odd = await issueCertificate(shop.pki, {
      subject: [['CN', 'TSA lạ']],
      notBefore: fromNow(-0.5),
      notAfter: fromNow(1),
      extensions: [
        keyUsageExtension(['digitalSignature']),
        extendedKeyUsageExtension([oids.timeStamping], 'not-critical'),
      ],
    });
    const oddTsa = await startDemoTsa({ ...shop.pki, tsa: odd });
    const file = await shop.sign(shop.letter, 'odd-tsa.pdf', { level: 'B-T', tsa: { url: oddTsa.url } });
    await oddTsa.close();
    const signature = only(await shop.verify(file));
    expect(signature).toMatchObject({ level: 'B-B', timeSource: 'claimed' });
    expect(signature.timestamps[0]?.ok).toBe(false);
  });

  it('does not take a document timestamp over other bytes', async () => {
    const file = await appendDocumentTimestamp(shop, signed, 'dts.pdf');
    const bytes = await readFile(file);
    const token = timestampToken(shop.pki, new Uint8Array(32), new Date());
    const at = bytes.lastIndexOf('/Contents <') + '/Contents <'.length;
    bytes.write(Buffer.from(token).toString('hex'), at, 'latin1');
    const report = await shop.verify(await shop.write('dts-wrong.pdf', bytes));
    expect(report.verdict).toBe('invalid');
    expect(report.signatures[1]).toMatchObject({ subIndication: 'HASH_FAILURE', integrity: false });
  });
});

describe('files that are no signed letters', () => {
  it('an unsigned one counts as paper', async () => {
    const report = await shop.verify(shop.letter);
    expect(report).toMatchObject({ verdict: 'unsigned', advice: 'as-paper', signatures: [] });
    expect(report.messages[0]?.code).toBe('verify.unsigned');
  });

  it('a cut one is unreadable or invalid, never valid', async () => {
    const bytes = await readFile(signed);
    for (const share of [0.3, 0.6, 0.9, 0.99]) {
      const file = await shop.write('cut.pdf', bytes.subarray(0, Math.floor(bytes.length * share)));
      expect((await shop.verify(file)).verdict).not.toBe('valid');
    }
  });

  it('a picture is unreadable, and the report says why', async () => {
    const file = await shop.write('picture.pdf', Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
    const report = await shop.verify(file);
    expect(report).toMatchObject({ verdict: 'unreadable', error: { code: 'pdf.not-pdf' } });
  });

  it('a file that is not there is an error', async () => {
    await expect(shop.verify(shop.path('nowhere.pdf'))).rejects.toMatchObject({
      code: 'general.no-such-input',
    });
  });

  it('one whose signature was taken out of reach is not called unsigned', async () => {
    const formless = await appendUpdate(signed, (update, pdf) =>
      update.put(new PdfRef(1), pdf.catalog().with({ AcroForm: undefined })),
    );
    const path = await shop.write('formless.pdf', formless);
    // The page still has it: found there, and the form that was taken away is a change.
    expect(only(await shop.verify(path))).toMatchObject({ indication: 'TOTAL_FAILED', later: 'forbidden' });
    const bytes = await appendUpdate(path, (update, pdf) => {
      const page = pdf.load(3);
      if (page instanceof PdfDict) update.put(new PdfRef(3), page.with({ Annots: undefined }));
    });
    const report = await shop.verify(await shop.write('removed.pdf', bytes));
    expect(report).toMatchObject({
      verdict: 'indeterminate',
      messages: [{ code: 'verify.signature-removed' }],
    });
  });
});

it('the sample root is recognised as such', async () => {
  const [anchor] = await loadAnchors([shop.pki.rootPath], 'signature');
  expect(anchor).toMatchObject({ sample: true, class: 'unknown' });
  expect(parseCertificate(shop.pki.root.certificate).fingerprint).toBe(anchor?.certificate.fingerprint);
});
