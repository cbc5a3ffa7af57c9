import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentenceFor } from '../../core/contract/sentences.ts';
import { DEMO_PIN } from '../../scripts/demo/workplace.ts';
import { changeSettings, expectShown, failureOf, Office, unlock, until } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await Office.create({ unlock: 'locked' });
});
afterAll(() => office.close());

const document = (id: string) => office.engine.call('document.get', { id });
const waitingJob = (id: string) =>
  until('the signature to wait', async () =>
    (await document(id)).jobs.find((job) => job.kind === 'document.sign' && job.state === 'waiting'),
  );
const sealed = (id: string) =>
  until('the document to be sealed', async () => {
    const detail = await document(id);
    return detail.arrival?.documentState === 'sealed' ? detail : undefined;
  });

describe('a document whose signature cannot be made', () => {
  it('with a wrong PIN is not signed, keeps its number, waits, and goes on after the right one', async () => {
    const accepted = await office.accept(await office.expectGoesOn());
    expectShown((await waitingJob(accepted.documentId)).error, 'token.not-unlocked');
    const wrong = await failureOf(unlock(office.engine, office.workplace.keyUri, '00000000'));
    expect(wrong.code).toBe('token.pin-incorrect');
    const before = await document(accepted.documentId);
    expect(before.arrival?.number).toBe(accepted.number);
    expect(before.objects.filter((object) => object.role === 'sealed')).toEqual([]);
    expect(office.workplace.server.records()).toEqual([]);
    const { counts } = await office.engine.call('engine.status', {});
    expect(counts.waitingForToken).toBe(1);
    await unlock(office.engine, office.workplace.keyUri, DEMO_PIN);
    const after = await sealed(accepted.documentId);
    expect(after.arrival?.number).toBe(accepted.number);
    // Sealing asks nobody: the revocation state is looked up by a job of its own.
    expect(after.checks[0]?.report.advice).toBe('provisional');
    const { report } = await office.engine.call('document.verify', { id: accepted.documentId });
    expect(report.verdict).toBe('valid');
  });

  it('with a missing PKCS#11 library waits with the reason; nothing else is held up', async () => {
    await office.engine.close();
    const right = office.workplace.keyUri;
    changeSettings(office.workplace.dataDir, {
      signing: { keyUri: 'pkcs11:token=VanThu;id=%01', modules: ['/khong/co/libtoken.so'], softTokens: [] },
    });
    await office.reopen();
    const accepted = await office.accept(await office.expectGoesOn());
    const job = await waitingJob(accepted.documentId);
    expect(job.error?.code).toMatch(/^token\./);
    expectShown(job.error, job.error?.code as 'token.not-present');
    const { modules } = await office.engine.call('token.list', {});
    expectShown(modules[0]?.error, 'token.module-missing');
    expect(modules[0]?.error?.message).toContain(resolve('/khong/co/libtoken.so'));
    await office.expectGoesOn();
    await office.engine.close();
    const softTokens = [office.workplace.pki.agency.pkcs12];
    changeSettings(office.workplace.dataDir, { signing: { keyUri: right, modules: [], softTokens } });
    await office.reopen();
    await unlock(office.engine, right, DEMO_PIN);
    const after = await sealed(accepted.documentId);
    expect(after.arrival?.number).toBe(accepted.number);
  });

  it('says for every code of the token what stays safe', () => {
    expect(sentenceFor('token.pin-incorrect', { failedTries: 1 })).toContain('Chưa có gì được ký');
  });
});
