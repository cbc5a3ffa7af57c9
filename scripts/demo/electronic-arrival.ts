import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Engine } from '../../core/engine/engine.ts';
import { vietnamDate, vietnamIso } from '../../core/shared/clock.ts';
import { signPdf } from '../../core/signing/sign-pdf.ts';
import { hashFile } from '../../core/shared/durable-fs.ts';
import { buildEdxml } from '../../core/sync/edxml/index.ts';
import { softwareKey } from '../lib/software-key.ts';
import { issueCertificate, writeIdentity } from '../pki/index.ts';
import { makeEDocument } from '../samples/index.ts';
import { type DocumentReport, StepLog } from './steps.ts';
import { poll, stageTimes } from './waiting.ts';
import { DEMO_PIN, demoAgency, demoSender, type Workplace } from './workplace.ts';

/** The provincial office writes, signs (leader, then agency) and sends an e-document to the commune's inbox. */
export async function sendEDocument(
  workplace: Workplace,
  folder: string,
  seed: number,
): Promise<{ documentId: string; sha256: string }> {
  const now = new Date();
  const sample = await makeEDocument(folder, {
    seed,
    today: vietnamDate(now),
    names: { commune: 'Hòa Thịnh', province: 'An Lạc' },
  });
  const leader = await writeIdentity(
    workplace.pki,
    'sender-leader',
    await issueCertificate(workplace.pki, {
      subject: [
        ['C', 'VN'],
        ['O', demoSender.name],
        ['T', demoSender.signer.position],
        ['CN', demoSender.signer.fullName],
      ],
      notBefore: new Date(now.getTime() - 86_400_000),
      notAfter: new Date(now.getTime() + 365 * 86_400_000),
    }),
    DEMO_PIN,
  );
  let path = sample.path;
  for (const [index, identity] of [leader, workplace.pki.sender].entries()) {
    const outputPath = join(folder, `ky-${index + 1}.pdf`);
    const key = await softwareKey({ ...identity, chain: workplace.pki.chainPath });
    await signPdf({
      inputPath: path,
      outputPath,
      key,
      level: 'B-T',
      tsa: { url: workplace.tsaUrl },
      signingTime: vietnamIso(new Date()),
    });
    path = outputPath;
  }
  const { truth } = sample;
  const documentId = `${demoSender.organId},${truth.docDate.replaceAll('-', '/')},${truth.docNumber}/${truth.docNotation}`;
  const edxml = buildEdxml({
    from: { organId: demoSender.organId, organName: demoSender.name },
    to: [{ organId: demoAgency.organId, organName: demoAgency.name }],
    documentId,
    codeNumber: truth.docNumber,
    codeNotation: truth.docNotation,
    place: 'An Lạc',
    promulgationDate: truth.docDate,
    documentType: { type: String(truth.typeId), typeName: truth.typeName },
    subject: truth.subject,
    content: truth.subject,
    signer: demoSender.signer,
    pageAmount: 1,
    promulgationAmount: 1,
    attachments: [{ name: basename(sample.path), bytes: await readFile(path) }],
  });
  const { sha256 } = await workplace.server.inboxPut(workplace.officeId, edxml);
  return { documentId, sha256 };
}

/** The other direction: fetched, checked, status 01, registered, archived as received, status 03. */
export async function runElectronicArrival(
  engine: Engine,
  workplace: Workplace,
  sent: { documentId: string; sha256: string },
  print: (line: string) => void,
): Promise<DocumentReport> {
  const log = new StepLog(print);
  const startedAt = Date.now();
  await engine.call('sync.run', {});
  const item = await poll('gói văn bản điện tử', async () => {
    const { items } = await engine.call('intake.list', {});
    const found = items.find((candidate) => candidate.source === 'inbox');
    return found && ['proposed', 'quarantined', 'failed', 'held'].includes(found.state) ? found : undefined;
  });
  if (item.state !== 'proposed' || !item.proposal || !item.verification) {
    throw new Error(item.error?.message ?? `e-document is ${item.state}`);
  }
  const { entries } = await engine.call('audit.list', { limit: 500 });
  const times = stageTimes(
    startedAt,
    entries.filter((entry) => entry.subject === item.id),
  );
  log.add('fetched', item.sha256 === sent.sha256, times.between('start', 'inbox.fetched'), {
    documentId: sent.documentId,
    sha256: item.sha256,
    sameAsSent: item.sha256 === sent.sha256,
  });
  log.add('virus-check', item.virusCheck?.verdict === 'clean' || workplace.clamd === null, 0, {
    verdict: item.virusCheck?.verdict,
    reply: item.virusCheck?.reply,
    databaseDate: item.virusCheck?.databaseDate,
  });
  const report = item.verification;
  log.add('verified', report.verdict === 'valid', times.between('inbox.fetched', 'inbox.verified'), {
    verdict: report.verdict,
    advice: report.advice,
    signatures: report.signatures.map(
      (signature) => `${signature.signer?.name ?? '?'} (${signature.purpose}, ${signature.level})`,
    ),
  });
  await logStatus(log, engine, workplace, '01');
  const started = performance.now();
  const { proposal } = item;
  const accepted = await engine.call('intake.accept', {
    id: item.id,
    fields: {
      issuer: proposal.issuer?.value ?? demoSender.name,
      docNumber: proposal.docNumber?.value ?? '',
      docNotation: proposal.docNotation?.value ?? '',
      docDate: proposal.docDate?.value ?? null,
      typeName: proposal.typeName?.value ?? 'Khác',
      subject: proposal.subject?.value ?? sent.documentId,
      urgency: proposal.urgency?.value ?? 'thuong',
      signerName: proposal.signerName?.value ?? '',
    },
  });
  const document = await engine.call('document.get', { id: accepted.documentId });
  const entered = document.history.find((entry) => entry.action === 'register.entered');
  const arrivalNumber = `${accepted.number}/${accepted.year}`;
  log.add('registered', entered !== undefined, performance.now() - started, {
    arrivalNumber,
    auditSequence: entered?.sequence,
  });
  const sealed = document.objects.find((object) => object.role === 'sealed');
  const path = sealed ? (await engine.call('document.object-path', { sha256: sealed.sha256 })).path : '';
  const stored = await hashFile(path);
  log.add('archived', stored.sha256 === sealed?.sha256, 0, { sha256: sealed?.sha256, asReceived: true });
  await engine.call('sync.run', {});
  const receipt = await logStatus(log, engine, workplace, '03');
  return {
    input: `${sent.documentId.split(',').at(-1)?.replace('/', '-') ?? 'goi'}.edxml`,
    ok: log.ok,
    steps: log.steps,
    arrivalNumber,
    signedPdf: path,
    receipt,
  };
}

/** Waits until the province has the status message and compares its side with ours. */
async function logStatus(
  log: StepLog,
  engine: Engine,
  workplace: Workplace,
  code: '01' | '03',
): Promise<unknown> {
  const started = performance.now();
  const entry = await poll(`trạng thái ${code}`, async () => {
    await engine.call('sync.run', {});
    const { entries } = await engine.call('sync.list', { states: ['acked'] });
    return entries.find((candidate) => candidate.kind === 'edxml-status' && candidate.label.startsWith(code));
  });
  const atServer = workplace.server.statuses().filter(({ status }) => status.statusCode === code);
  log.add(
    `status-${code}`,
    atServer.length === 1 && entry.receipt?.operationId === entry.id,
    performance.now() - started,
    {
      operationId: entry.id,
      serverSequence: entry.receipt?.serverSequence,
      statusesAtServer: atServer.length,
    },
  );
  return entry.receipt;
}
