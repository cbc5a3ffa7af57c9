import { copyFile, readdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ArrivalFields, IntakeItem } from '../../core/contract/intake.ts';
import type { AuditEntry, DocumentDetail } from '../../core/contract/document.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { AnThuError, fromErrorValue, toErrorValue } from '../../core/shared/errors.ts';
import { hashFile } from '../../core/shared/durable-fs.ts';
import type { SampleTruth } from '../samples/letter.ts';
import { type DocumentReport, StepLog } from './steps.ts';
import { poll, stageTimes } from './waiting.ts';
import type { Workplace } from './workplace.ts';

/** A file to be dropped on the scanner, with what a sample's text is known to say. */
export interface ScanInput {
  readonly path: string;
  readonly truth: SampleTruth | null;
}

/** Why a file that was dropped whole is not taken: it stays in the folder as half of one, or as nothing. */
const notTaken = {
  incomplete: 'intake.incomplete',
  empty: 'intake.empty-file',
  unreadable: 'general.no-such-input',
  'held-elsewhere': 'intake.held-elsewhere',
} as const;

/**
 * Drops a file into the scan folder the way a scanner does (part file, then its name) and waits for its end state.
 * Fails with the reason when the engine does not take it.
 */
export async function dropScan(
  engine: Engine,
  workplace: Workplace,
  path: string,
): Promise<{ item: IntakeItem; droppedAt: number }> {
  const name = basename(path);
  const before = new Set((await engine.call('intake.list', {})).items.map((item) => item.id));
  const part = join(workplace.scanFolder, `.${name}.part`);
  await copyFile(path, part);
  const droppedAt = Date.now();
  await rename(part, join(workplace.scanFolder, name));
  const item = await poll(`«${name}»`, async () => {
    const { items, candidates } = await engine.call('intake.list', {});
    const stuck = candidates.find((candidate) => candidate.name === name);
    if (stuck && stuck.state !== 'settling') {
      throw stuck.error
        ? fromErrorValue(stuck.error)
        : new AnThuError(notTaken[stuck.state], { name, path: stuck.path });
    }
    const found = items.find((candidate) => !before.has(candidate.id) && candidate.source === 'folder');
    return found && ['proposed', 'quarantined', 'failed', 'held'].includes(found.state) ? found : undefined;
  });
  return { item, droppedAt };
}

/** The main job for one scan: from the scanner's folder to the province's receipt, with the evidence of each step. */
export async function runPaperArrival(
  engine: Engine,
  workplace: Workplace,
  input: ScanInput,
  print: (line: string) => void,
): Promise<DocumentReport> {
  const log = new StepLog(print);
  const source = await hashFile(input.path);
  const dropped = await dropScan(engine, workplace, input.path).catch((thrown: unknown) => ({
    error: toErrorValue(thrown),
  }));
  if ('error' in dropped || dropped.item.state !== 'proposed') {
    const error =
      'error' in dropped
        ? dropped.error
        : (dropped.item.error ?? { code: 'unknown', message: dropped.item.state });
    print(`  ✗ ${error.message} [${error.code}]`);
    return {
      input: input.path,
      ok: false,
      steps: log.steps,
      arrivalNumber: null,
      signedPdf: null,
      receipt: null,
      error,
    };
  }
  const { item, droppedAt } = dropped;
  const history = async () =>
    (await engine.call('audit.list', { limit: 500 })).entries
      .filter((entry) => entry.subject === item.id)
      .toReversed();
  await logIntake(log, workplace, item, { droppedAt, source, history: await history(), truth: input.truth });

  const acceptedAt = performance.now();
  const accepted = await engine.call('intake.accept', {
    id: item.id,
    fields: fieldsFor(item),
    duplicateAccepted: true,
  });
  const registerMs = performance.now() - acceptedAt;
  const document = await poll('ký và gửi', async () => {
    const detail = await engine.call('document.get', { id: accepted.documentId });
    const failed = detail.jobs.find((job) => job.state === 'parked' || job.state === 'waiting');
    if (failed?.error) throw new Error(`${failed.error.message} [${failed.error.code}]`);
    return detail.outbox.some((entry) => entry.state === 'acked') ? detail : undefined;
  });
  const entered = document.history.find((entry) => entry.action === 'register.entered');
  log.add('registered', accepted.number > 0 && entered !== undefined, registerMs, {
    arrivalNumber: `${accepted.number}/${accepted.year}`,
    auditSequence: entered?.sequence ?? null,
  });
  const signedPdf = await logSealing(log, engine, document);
  const receipt = await logDelivery(log, workplace, document);
  return {
    input: input.path,
    ok: log.ok,
    steps: log.steps,
    arrivalNumber: `${accepted.number}/${accepted.year}`,
    signedPdf,
    receipt,
  };
}

async function logIntake(
  log: StepLog,
  workplace: Workplace,
  item: IntakeItem,
  seen: {
    droppedAt: number;
    source: { sha256: string; bytes: number };
    history: AuditEntry[];
    truth: SampleTruth | null;
  },
): Promise<void> {
  const times = stageTimes(seen.droppedAt, seen.history);
  const left = await readdir(workplace.scanFolder);
  const gone = !left.includes(item.originalName);
  log.add('picked-up', gone, times.between('start', 'intake.received'), {
    file: item.originalName,
    goneFromFolder: gone,
  });
  log.add(
    'settled',
    item.sha256 === seen.source.sha256 && item.bytes === seen.source.bytes,
    times.between('start', 'intake.received'),
    {
      bytes: item.bytes,
      sha256: item.sha256,
      sameAsDropped: item.sha256 === seen.source.sha256,
    },
  );
  const check = item.virusCheck;
  log.add(
    'virus-check',
    check?.verdict === 'clean' || (check?.verdict === 'left-out' && workplace.clamd === null),
    times.between('intake.received', 'intake.virus-checked'),
    {
      verdict: check?.verdict,
      reply: check?.reply,
      engine: check?.engine,
      database: check?.database,
      databaseDate: check?.databaseDate,
      ...(workplace.clamd
        ? { databaseKind: workplace.clamd.databaseKind }
        : { LEFT_OUT: 'không kiểm tra vi-rút (--without-scanner)' }),
    },
  );
  const { proposal, facts } = item;
  log.add(
    'read',
    proposal !== null && proposal.engine !== '',
    times.between('intake.virus-checked', 'intake.proposed'),
    {
      engine: proposal?.engine,
      ocrMs: Math.round(proposal?.ms ?? 0),
      pages: facts?.pages,
      dpi: facts?.dpi,
      colour: facts?.colour,
      warnings: item.warnings.map((warning) => warning.code),
    },
  );
  const values = {
    number: `${proposal?.docNumber?.value ?? '?'}/${proposal?.docNotation?.value ?? '?'}`,
    date: proposal?.docDate?.value ?? null,
    type: proposal?.typeName?.value ?? null,
    issuer: proposal?.issuer?.value ?? null,
    subject: proposal?.subject?.value ?? null,
  };
  const wrong = seen.truth ? differences(item, seen.truth) : [];
  log.add('proposed', proposal !== null && wrong.length === 0, 0, {
    ...values,
    ...(seen.truth ? { againstTruth: wrong.length === 0 ? 'khớp' : wrong } : {}),
  });
}

/** Fields in which a sample was read otherwise than it was drawn. */
function differences(item: IntakeItem, truth: SampleTruth): string[] {
  const { proposal } = item;
  const pairs: [string, unknown, unknown][] = [
    ['number', proposal?.docNumber?.value, truth.docNumber],
    ['notation', proposal?.docNotation?.value, truth.docNotation],
    ['date', proposal?.docDate?.value, truth.docDate],
    ['type', proposal?.typeName?.value, truth.typeName],
    ['issuer', fold(proposal?.issuer?.value), fold(truth.issuer)],
    ['subject', fold(proposal?.subject?.value), fold(truth.subject)],
  ];
  return pairs
    .filter(([, found, expected]) => found !== expected)
    .map(([name, found]) => `${name}: ${String(found)}`);
}

const fold = (text: string | undefined) =>
  text?.normalize('NFC').replace(/\s+/g, ' ').trim().toLocaleLowerCase('vi');

/** The clerk's confirmation: the proposed values; what could not be read is filled in visibly. */
function fieldsFor(item: IntakeItem): ArrivalFields {
  const { proposal } = item;
  return {
    issuer: proposal?.issuer?.value ?? '(chưa đọc được nơi gửi)',
    docNumber: proposal?.docNumber?.value ?? '',
    docNotation: proposal?.docNotation?.value ?? '',
    docDate: proposal?.docDate?.value ?? null,
    typeName: proposal?.typeName?.value ?? 'Khác',
    subject: proposal?.subject?.value ?? `(chưa đọc được) ${item.originalName}`,
    receiver: '',
    note: '',
    urgency: proposal?.urgency?.value ?? 'thuong',
    dueDate: null,
    signerName: proposal?.signerName?.value ?? '',
  };
}

const sealSchemaKeys = [
  'prefixBytes',
  'prefixSha256',
  'level',
  'field',
  'bytes',
  'signMs',
  'verifyMs',
  'storeMs',
] as const;

async function logSealing(log: StepLog, engine: Engine, document: DocumentDetail): Promise<string> {
  const seal = document.history.find((entry) => entry.action === 'document.sealed');
  const data: Record<string, unknown> = seal?.data ?? {};
  const [prefixBytes, prefixSha256, level, field, bytes, signMs, verifyMs, storeMs] = sealSchemaKeys.map(
    (key) => data[key],
  );
  const sealed = document.objects.find((object) => object.role === 'sealed');
  const working = document.objects.find((object) => object.role === 'working-pdf');
  if (!sealed || !working) throw new Error('the document has no sealed object');
  const signedPath = (await engine.call('document.object-path', { sha256: sealed.sha256 })).path;
  const workingPath = (await engine.call('document.object-path', { sha256: working.sha256 })).path;
  log.add('signed', typeof field === 'string', Number(signMs), { field, level, bytes });
  // The demo compares the bytes itself: the signed file must be the scan's PDF plus something appended.
  const prefix = await isPrefix(workingPath, signedPath);
  // While the network is there: what the sealing itself could not look up, revocation, is asked for now.
  const check = (await engine.call('document.verify', { id: document.id })).report;
  const signature = check.signatures.at(-1);
  log.add(
    'verified',
    check.verdict === 'valid' && prefix && prefixSha256 === working.sha256,
    Number(verifyMs),
    {
      verdict: check.verdict,
      indication: signature?.indication,
      coverage: signature?.coverage,
      signer: signature?.signer?.name,
      timeSource: signature?.timeSource,
      bestSignatureTime: signature?.bestSignatureTime,
      prefixBytes,
      prefixCompared: prefix,
    },
  );
  const stored = await hashFile(signedPath);
  log.add('archived', stored.sha256 === sealed.sha256, Number(storeMs), {
    sha256: sealed.sha256,
    auditSequence: seal?.sequence ?? null,
  });
  return signedPath;
}

async function isPrefix(original: string, extended: string): Promise<boolean> {
  const [first, second] = await Promise.all([readFile(original), readFile(extended)]);
  return second.length > first.length && second.subarray(0, first.length).equals(first);
}

async function logDelivery(log: StepLog, workplace: Workplace, document: DocumentDetail): Promise<unknown> {
  const entry = document.outbox.find((operation) => operation.kind === 'arrival-record');
  const sealed = document.objects.find((object) => object.role === 'sealed');
  const seal = document.history.find((item) => item.action === 'document.sealed');
  const acknowledged = document.history.find((item) => item.action === 'sync.acknowledged');
  if (!entry || !sealed || !seal || !acknowledged) throw new Error('the document was not delivered');
  const path = workplace.server.objectPath(workplace.officeId, sealed.sha256);
  const atServer = await hashFile(path);
  const times = stageTimes(Date.parse(seal.at), [acknowledged]);
  log.add('uploaded', atServer.sha256 === sealed.sha256, times.between('start', 'sync.acknowledged'), {
    bytesAtServer: (await stat(path)).size,
    sha256AtServer: atServer.sha256,
    same: atServer.sha256 === sealed.sha256,
  });
  const records = workplace.server.records().filter(({ record }) => record.operationId === entry.id);
  const { receipt } = entry;
  log.add('acknowledged', receipt?.operationId === entry.id && records.length === 1, 0, {
    operationId: entry.id,
    serverSequence: receipt?.serverSequence,
    recordsForOperation: records.length,
    receiptHash: receipt?.sha256,
  });
  return receipt;
}
