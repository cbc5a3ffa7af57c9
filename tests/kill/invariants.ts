import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentDetail } from '../../core/contract/document.ts';
import type { IntakeItem } from '../../core/contract/intake.ts';
import { type Engine, openEngine } from '../../core/engine/engine.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { CLAIM_ID } from '../../core/intake/claim-folders.ts';
import { CLAIM_FOLDER } from '../../core/intake/ignored-names.ts';
import type { Workplace } from '../../scripts/demo/workplace.ts';
import type { Stimulus } from './failpoints.ts';

/** Something that was put into the office. */
export interface Dropped {
  readonly kind: Stimulus;
  readonly name: string;
  /** Of the PDF. */
  readonly sha256: string;
  readonly packageSha256: string | null;
}

/**
 * Opens the office once more and compares it with what was put in and with what the province holds.
 * Returns one sentence a problem.
 */
export async function checkInvariants(workplace: Workplace, dropped: readonly Dropped[]): Promise<string[]> {
  const engine = await openEngine({ dataDir: workplace.dataDir, spawner: createNodeSpawner(), mode: 'idle' });
  try {
    const { items } = await engine.call('intake.list', { limit: 500 });
    const problems: string[] = [];
    const numbers: number[] = [];
    for (const file of dropped) {
      const found = items.filter((item) => item.sha256 === (file.packageSha256 ?? file.sha256));
      const [item] = found;
      if (!item || found.length !== 1) problems.push(`${file.name}: taken in ${found.length} times`);
      else if (file.kind === 'secret') problems.push(...(await problemsOfSecret(workplace, file, item)));
      else {
        const document = await documentOf(engine, item);
        if (!document?.arrival) problems.push(`${file.name}: not registered but ${item.state}`);
        else {
          numbers.push(document.arrival.number);
          problems.push(...(await problemsOfDocument(engine, workplace, file, document)));
        }
      }
    }
    if (items.length !== dropped.length) problems.push(`${items.length} rows for ${dropped.length} files`);
    problems.push(...problemsOfNumbers(numbers));
    problems.push(...problemsAtProvince(workplace, dropped));
    problems.push(...(await problemsOfHouse(engine, workplace, dropped)));
    return problems;
  } finally {
    await engine.close();
  }
}

async function documentOf(engine: Engine, item: IntakeItem): Promise<DocumentDetail | undefined> {
  const { rows } = await engine.call('register.list', { limit: 500 });
  const arrival = rows.find((row) => row.id === item.arrivalId);
  return arrival && engine.call('document.get', { id: arrival.documentId });
}

async function problemsOfSecret(workplace: Workplace, file: Dropped, item: IntakeItem): Promise<string[]> {
  const problems: string[] = [];
  if (item.state !== 'quarantined') problems.push(`${file.name}: ${item.state} instead of quarantined`);
  if (item.arrivalId !== null) problems.push(`${file.name}: a secret has a number`);
  const quarantined = await readdir(join(workplace.dataDir, 'quarantine'));
  if (!quarantined.includes(file.sha256)) problems.push(`${file.name}: not in the quarantine folder`);
  return problems;
}

async function problemsOfDocument(
  engine: Engine,
  workplace: Workplace,
  file: Dropped,
  document: DocumentDetail,
): Promise<string[]> {
  const problems: string[] = [];
  const say = (what: string) => problems.push(`${file.name}: ${what}`);
  if (document.arrival?.documentState !== 'sealed') say(`document is ${document.arrival?.documentState}`);
  const sealed = document.objects.filter((object) => object.role === 'sealed');
  const revisions = file.kind === 'late-timestamp' ? 2 : 1;
  if (sealed.length !== revisions) say(`${sealed.length} sealed objects`);
  for (const job of document.jobs)
    if (job.state !== 'done' && !sleeps(job)) say(`job ${job.kind} is ${job.state}`);
  for (const entry of document.outbox) if (entry.state !== 'acked') say(`${entry.label} is ${entry.state}`);
  const entries = document.history.filter((entry) => entry.action === 'register.entered');
  if (entries.length !== 1) say(`entered ${entries.length} times in the audit log`);
  const seals = document.history.filter((entry) => entry.action === 'document.sealed');
  if (seals.length !== 1) say(`sealed ${seals.length} times in the audit log`);
  const raises = document.history.filter((entry) => entry.action === 'document.raised');
  if (raises.length !== revisions - 1) say(`raised ${raises.length} times in the audit log`);
  const object = sealed.at(-1);
  if (!object) return problems;
  const path = (await engine.call('document.object-path', { sha256: object.sha256 })).path;
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== object.sha256) say('the sealed file is not what its name says');
  if (file.kind === 'package') {
    if (sha256 !== file.sha256) say('the archived e-document is not the one that was sent');
    return problems;
  }
  const working = document.objects.find((candidate) => candidate.role === 'working-pdf');
  const prefixBytes = working?.bytes ?? 0;
  const prefix = createHash('sha256').update(bytes.subarray(0, prefixBytes)).digest('hex');
  if (prefix !== file.sha256 || bytes.length <= prefixBytes)
    say('the signed file does not begin with the scan');
  const { report } = await engine.call('document.verify', { id: document.id });
  if (report.verdict !== 'valid') say(`the signed file is ${report.verdict}`);
  const own = report.signatures.filter(({ kind }) => kind === 'signature');
  if (own.length !== 1) say(`${own.length} signatures`);
  if (file.kind === 'late-timestamp')
    problems.push(...(await problemsOfRaise(engine, workplace, file, document)));
  const records = workplace.server.records().filter(({ record }) => record.object.sha256 === object.sha256);
  if (records.length !== 1) say(`${records.length} arrival records at the province`);
  const atServer = await readFile(workplace.server.objectPath(workplace.officeId, object.sha256));
  if (!atServer.equals(bytes)) say('the province holds other bytes');
  return problems;
}

/** The raised file begins with the sealed one, carries the level, and corrects the record once. */
async function problemsOfRaise(
  engine: Engine,
  workplace: Workplace,
  file: Dropped,
  document: DocumentDetail,
): Promise<string[]> {
  const problems: string[] = [];
  const [low, high] = document.objects.filter((object) => object.role === 'sealed');
  const bytesOf = async (sha256 = ''): Promise<Buffer> =>
    readFile((await engine.call('document.object-path', { sha256 })).path);
  const [before, after] = [await bytesOf(low?.sha256), await bytesOf(high?.sha256)];
  if (!after.subarray(0, before.length).equals(before))
    problems.push(`${file.name}: the raised file does not begin with the sealed one`);
  if (document.level?.reached !== 'B-T') problems.push(`${file.name}: level ${document.level?.reached}`);
  const told = workplace.server
    .records()
    .filter(({ record }) => [low?.sha256, high?.sha256].includes(record.object.sha256))
    .map(({ record }) => `${record.action} ${record.object.sha256 === low?.sha256 ? 'low' : 'high'}`);
  if (told.join(', ') !== 'register low, correct high')
    problems.push(`${file.name}: the province was told ${told.join(', ')}`);
  return problems;
}

/** Looks again when its time comes: a second look at the revocation state, a renewal in some years. */
function sleeps({ kind, state, error, nextAt }: DocumentDetail['jobs'][number]): boolean {
  const due = nextAt !== null && new Date(nextAt) <= new Date();
  // The second look may have come due while a slow machine checked: this engine does no work.
  return state === 'ready' && error === null && (!due || kind === 'document.recheck');
}

function problemsOfNumbers(numbers: readonly number[]): string[] {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted.every((number, index) => number === index + 1)
    ? []
    : [`numbers are not 1 to ${numbers.length}: ${sorted.join(' ')}`];
}

function problemsAtProvince(workplace: Workplace, dropped: readonly Dropped[]): string[] {
  const problems: string[] = [];
  const told = { scan: 1, 'copied-scan': 1, 'late-timestamp': 2, secret: 0, package: 0 };
  const scans = dropped.reduce((sum, file) => sum + told[file.kind], 0);
  const packages = dropped.filter((file) => file.kind === 'package').length;
  const records = workplace.server.records();
  if (records.length !== scans) problems.push(`${records.length} arrival records for ${scans} scans`);
  const statuses = workplace.server.statuses().map(({ status }) => status);
  const documents = new Set(statuses.map((status) => status.responseFor.documentId));
  if (documents.size !== packages) problems.push(`statuses about ${documents.size} of ${packages} packages`);
  for (const documentId of documents) {
    const codes = statuses.filter((status) => status.responseFor.documentId === documentId);
    const text = codes.map((status) => status.statusCode).join(' ');
    if (text !== '01 03') problems.push(`statuses of ${documentId}: ${text}`);
  }
  return problems;
}

/** The house as a whole: audit chain, stored files, jobs, folders. */
async function problemsOfHouse(
  engine: Engine,
  workplace: Workplace,
  dropped: readonly Dropped[],
): Promise<string[]> {
  const problems: string[] = [];
  const chain = await engine.call('audit.verify', {});
  if (!chain.ok) problems.push(`the audit chain breaks at ${chain.brokenAt}`);
  const archive = await engine.call('archive.check', {});
  for (const { sha256, problem } of archive.damaged) problems.push(`object ${sha256} is ${problem}`);
  const status = await engine.call('sync.status', {});
  if (status.pending + status.blocked > 0)
    problems.push(`outbox: ${status.pending} pending, ${status.blocked} blocked`);
  const { counts } = await engine.call('engine.status', {});
  if (counts.attention !== dropped.filter((file) => file.kind === 'secret').length)
    problems.push(`${counts.attention} files need attention`);
  const all = join(workplace.scanFolder, CLAIM_FOLDER);
  const owners = await readdir(all).catch(() => []);
  const claims = await Promise.all(owners.map((owner) => readdir(join(all, owner))));
  const left = claims.flat().filter((name) => CLAIM_ID.test(name));
  if (owners.length > 1) problems.push(`several owners of the scan folder: ${owners.join(' ')}`);
  if (left.length > 0) problems.push(`claims left in the scan folder: ${left.join(' ')}`);
  const copies = await readdir(join(workplace.dataDir, 'claims')).catch(() => []);
  const leftCopies = copies.filter((name) => name !== 'da-nhan');
  if (leftCopies.length > 0) problems.push(`copies left: ${leftCopies.join(' ')}`);
  return problems;
}
