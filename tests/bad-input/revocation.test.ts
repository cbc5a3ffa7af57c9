import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { type DemoOcsp, startDemoOcsp } from '../../scripts/pki/index.ts';
import { packageOf } from '../kill/stimuli.ts';
import { SentLetters } from '../lib/sent-letters.ts';
import { Office, until } from './office.ts';

let office: Office;
let letters: SentLetters;
let responder: DemoOcsp | undefined;
beforeAll(async () => {
  office = await Office.create();
  await office.workplace.ocsp.close();
  letters = await SentLetters.prepare(office.workplace);
});
afterEach(async () => {
  await responder?.close();
  responder = undefined;
});
afterAll(async () => {
  await office.close();
});

/** An e-document from the province, up to its proposal. */
async function receive(number: number, bytes: Buffer): Promise<IntakeItem> {
  await letters.send(bytes);
  await office.engine.call('sync.run', {});
  return until(`package ${number}`, async () => {
    const { items } = await office.engine.call('intake.list', { states: ['proposed'] });
    return items.find((item) => item.proposal?.docNumber?.value === String(number));
  });
}
const receiveSigned = async (number: number) => receive(number, packageOf(number, await letters.pdf(number)));

const statusesOf = (number: number): string[] =>
  office.workplace.server
    .statuses()
    .filter(({ status }) => status.responseFor.code.startsWith(`${number}/`))
    .map(({ status }) => status.statusCode);

const recheckOf = async (id: string) =>
  (await office.engine.call('document.get', { id })).jobs.find((job) => job.kind === 'inbound.recheck');

describe('an e-document whose revocation state cannot be told', () => {
  it('is registered provisionally, and the sender hears 03 only after the check', async () => {
    const item = await receiveSigned(501);
    expect(item.verification).toMatchObject({ verdict: 'indeterminate', advice: 'provisional' });
    const { documentId } = await office.accept(item);
    await until('the check to wait', async () => {
      const job = await recheckOf(documentId);
      return job?.state === 'waiting' ? job : undefined;
    });
    expect((await recheckOf(documentId))?.error?.code).toBe('verification.revocation-pending');
    await office.engine.call('sync.run', {});
    expect(statusesOf(501)).toEqual(['01']);

    responder = await startDemoOcsp(office.workplace.pki);
    await office.engine.call('document.retry', { id: documentId });
    await until('status 03', async () => (statusesOf(501).includes('03') ? true : undefined));
    expect(statusesOf(501)).toEqual(['01', '03']);
    const { checks } = await office.engine.call('document.get', { id: documentId });
    const ofDocument = checks.filter(({ report }) => report.signatures.length > 0);
    expect(ofDocument.map(({ report }) => report.advice)).toEqual(['provisional', 'register']);
  });

  it('is parked and not confirmed when the certificate turns out to have been revoked before', async () => {
    const item = await receiveSigned(502);
    const { documentId } = await office.accept(item);
    responder = await startDemoOcsp(office.workplace.pki);
    const certificate = new X509Certificate(await readFile(office.workplace.pki.sender.certificate));
    const yesterday = new Date(Date.now() - 86_400_000 / 2);
    responder.setStatus(certificate.serialNumber.toLowerCase(), { kind: 'revoked', at: yesterday });
    await office.engine.call('document.retry', { id: documentId });
    const job = await until('the check to end', async () => {
      const found = await recheckOf(documentId);
      return found?.state === 'parked' ? found : undefined;
    });
    expect(job.error?.code).toBe('verification.recheck-failed');
    await office.engine.call('sync.run', {});
    expect(statusesOf(502)).toEqual(['01']);
    const { checks } = await office.engine.call('document.get', { id: documentId });
    expect(checks.at(-1)?.report.verdict).toBe('invalid');

    // A person knows better, and says why: the sender hears 03, the judgement stays.
    const reason = 'Đã gọi nơi gửi, nhận bản giấy';
    await expect(
      office.engine.call('document.acknowledge', { id: documentId, reason: ' ' }),
    ).rejects.toMatchObject({ code: 'general.invalid-input' });
    await office.engine.call('document.acknowledge', { id: documentId, reason });
    await until('status 03', async () => {
      await office.engine.call('sync.run', {});
      return statusesOf(502).includes('03') ? true : undefined;
    });
    const after = await office.engine.call('document.get', { id: documentId });
    expect((await recheckOf(documentId))?.state).toBe('done');
    expect(after.checks.at(-1)?.report.verdict).toBe('invalid');
    expect(after.history.find(({ action }) => action === 'document.acknowledged')?.data).toEqual({
      reason,
      verdict: 'invalid',
    });
    await expect(
      office.engine.call('document.acknowledge', { id: documentId, reason }),
    ).rejects.toMatchObject({ code: 'verification.nothing-to-answer' });
  });
});

describe('a letter that waits for registration', () => {
  it('is judged again by the queue when the network is back, and both judgements stay as rows', async () => {
    const item = await receiveSigned(511);
    expect(item.verification).toMatchObject({ verdict: 'indeterminate', advice: 'provisional' });
    responder = await startDemoOcsp(office.workplace.pki);
    await office.engine.call('intake.retry', { id: item.id });
    const again = await until('the second judgement', async () => {
      const found = await office.engine.call('intake.get', { id: item.id });
      return found.verification?.verdict === 'valid' ? found : undefined;
    });
    expect(again.verification?.advice).toBe('register');
    const { judgements } = await office.engine.call('intake.judgements', { id: item.id });
    expect(judgements.map(({ part, report }) => [part, report.verdict])).toEqual([
      ['document', 'indeterminate'],
      ['package', 'unsigned'],
      ['document', 'valid'],
      ['package', 'unsigned'],
    ]);
    const { documentId } = await office.accept(again);
    const { checks } = await office.engine.call('document.get', { id: documentId });
    expect(checks).toHaveLength(4);
  });
});

describe('the signature of the package itself', () => {
  it('is judged beside that of the document, and kept', async () => {
    responder = await startDemoOcsp(office.workplace.pki);
    const item = await receive(521, letters.signedPackage(521, await letters.pdf(521)));
    expect(item.verification?.verdict).toBe('valid');
    expect(item.packageVerification).toMatchObject({ verdict: 'valid', advice: 'register' });
  });

  it('that does not hold keeps the letter out of the register though the PDF inside is whole', async () => {
    const bytes = letters.signedPackage(522, await letters.pdf(522));
    const changed = bytes.toString('utf8').replace('Văn bản điện tử thử', 'Văn bản điện tử giả');
    const item = await receive(522, Buffer.from(changed));
    expect(item.packageVerification).toMatchObject({ verdict: 'invalid', advice: 'return' });
    await expect(office.accept(item)).rejects.toMatchObject({ code: 'register.signature-refused' });
  });
});

it('a letter with the agency’s signature alone is entered only with the clerk’s reason, which is kept', async () => {
  const item = await receive(531, packageOf(531, await letters.pdf(531, ['agency'])));
  expect(item.verification?.advice).toBe('ask');
  expect(item.verification?.messages.map(({ code }) => code)).toEqual(['verify.leader-signature-missing']);
  const fields = {
    issuer: 'Sở',
    docNumber: '531',
    docNotation: '',
    docDate: null,
    typeName: 'Công văn',
    subject: 'Thử',
  };
  const accept = (decision?: string) =>
    office.engine.call('intake.accept', { id: item.id, fields, duplicateAccepted: true, decision });
  await expect(accept()).rejects.toMatchObject({ code: 'register.decision-needed' });
  const { documentId } = await accept('Sao y: chỉ có chữ ký cơ quan');
  const { history } = await office.engine.call('document.get', { id: documentId });
  expect(history.find(({ action }) => action === 'register.decided')?.data).toMatchObject({
    reason: 'Sao y: chỉ có chữ ký cơ quan',
    advice: 'ask',
  });
});
