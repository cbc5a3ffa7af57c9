import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { vietnamIso } from '../../core/shared/clock.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { softwareKey } from '../../scripts/lib/software-key.ts';
import { type DemoOcsp, startDemoOcsp } from '../../scripts/pki/index.ts';
import { letterPdf, packageOf } from '../kill/stimuli.ts';
import { Office, until } from './office.ts';

let office: Office;
let responder: DemoOcsp | undefined;
beforeAll(async () => {
  office = await Office.create();
  await office.workplace.ocsp.close();
});
afterAll(async () => {
  await responder?.close();
  await office.close();
});

/** A signed e-document from the province, up to its proposal, while no responder answers. */
async function receive(number: number): Promise<IntakeItem> {
  const { root, pki, tsaUrl, server, officeId } = office.workplace;
  const inputPath = join(root, `gui-${number}.pdf`);
  const outputPath = join(root, `gui-${number}.da-ky.pdf`);
  await writeFile(inputPath, await letterPdf(number));
  const key = await softwareKey({ ...pki.sender, chain: pki.chainPath });
  const signingTime = vietnamIso(new Date());
  await signPdf({ inputPath, outputPath, key, level: 'B-T', tsa: { url: tsaUrl }, signingTime });
  await server.inboxPut(officeId, packageOf(number, await readFile(outputPath)));
  await office.engine.call('sync.run', {});
  return until(`package ${number}`, async () => {
    const { items } = await office.engine.call('intake.list', { states: ['proposed'] });
    return items.find((item) => item.proposal?.docNumber?.value === String(number));
  });
}

const statusesOf = (number: number): string[] =>
  office.workplace.server
    .statuses()
    .filter(({ status }) => status.responseFor.code.startsWith(`${number}/`))
    .map(({ status }) => status.statusCode);

const recheckOf = async (id: string) =>
  (await office.engine.call('document.get', { id })).jobs.find((job) => job.kind === 'inbound.recheck');

describe('an e-document whose revocation state cannot be told', () => {
  it('is registered provisionally, and the sender hears 03 only after the check', async () => {
    const item = await receive(501);
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
    expect(checks.map((check) => check.report.advice)).toEqual(['provisional', 'register']);
    await responder.close();
  });

  it('is parked and not confirmed when the certificate turns out to have been revoked before', async () => {
    const item = await receive(502);
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
  });
});
