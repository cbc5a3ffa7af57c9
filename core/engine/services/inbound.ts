import { rm } from 'node:fs/promises';
import type { ArrivalFields, IntakeItem } from '../../contract/intake.ts';
import type { Proposal } from '../../contract/reading.ts';
import type { FileReport } from '../../contract/verification.ts';
import { AnThuError, asAnThuError } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import { displayName } from '../../shared/file-names.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import { recordObject } from '../../store/object-rows.ts';
import type { ProvincialConnector } from '../../sync/connector.ts';
import { defaultCaps, type EdxmlPackage, type ParsedAttachment } from '../../sync/edxml/types.ts';
import { endsRound } from '../../sync/failure.ts';
import type { MalformedItem } from '../../sync/inbox-listing.ts';
import type { InboxItem } from '../../sync/protocol.ts';
import { type EngineContext, mainAgency } from '../context.ts';
import {
  endSoon,
  finishQuarantine,
  isFinished,
  noteFailure,
  quarantine,
  scratchFolder,
} from './intake-jobs.ts';
import { quarantinedBefore } from './quarantined-before.ts';
import { planFailure } from './failure-plan.ts';
import type { Errand, RoundOrder } from './round-order.ts';
import { queueStatus } from './status-messages.ts';
import { jobKinds } from './job-kinds.ts';
import { judgePackage, keepJudgement } from './inbound-judgement.ts';
import { checkForViruses, refusalOf } from './virus-check.ts';

/** What fetching needs of the engine. */
export type InboxParts = Pick<
  EngineContext,
  'actor' | 'audit' | 'database' | 'emit' | 'inbox' | 'intake' | 'jobs' | 'objects'
>;
export type InboxConnector = Pick<ProvincialConnector, 'acknowledgePackage' | 'fetchPackage' | 'listInbox'>;

/** Packages acknowledged before that a server may be told of again in a round; one that forgets them all gets them by and by. */
const TOLD_AGAIN = 20;

/** What a look at the inbox came to. */
export interface InboxRound {
  /** How many packages were new. */
  fetched: number;
  /** What went wrong with single packages or with the list. */
  readonly problems: AnThuError[];
  /** Rows of the list that could not be read; undefined while it was not had. */
  malformed: readonly MalformedItem[] | undefined;
}

/**
 * Fetches what waits at the province. A package is stored and committed before the province is told, and is taken
 * in once however often it is offered. A package that cannot be fetched does not hold up the others: one at which the
 * round ends is the last of the next round ({@link RoundOrder}; what is kept for the end, the caller runs). What goes well and
 * wrong is noted in `round`; fails only when the list cannot be had, or the round is to end.
 */
export async function fetchInbox(
  context: InboxParts,
  connector: InboxConnector,
  order: RoundOrder,
  round: InboxRound,
): Promise<void> {
  for (const pending of context.inbox.unacknowledged())
    await order.take(noting(round, pending.packageId, () => acknowledge(context, connector, pending)));
  const { items, malformed, cutOff } = await connector.listInbox();
  round.malformed = malformed;
  if (cutOff) round.problems.push(cutOff);
  let toldAgain = 0;
  for (const item of items) {
    const known = context.inbox.received(item.id);
    const take = (work: () => Promise<void>) => order.take(noting(round, item.id, work));
    if (!known)
      await take(async () => {
        await fetchOne(context, connector, item);
        round.fetched++;
      });
    else if (known.sha256 !== item.sha256) await take(() => Promise.reject(anotherContent(item)));
    // Our word of it was lost there, as after a restored backup.
    else if (known.acknowledged && ++toldAgain <= TOLD_AGAIN)
      await take(() => acknowledge(context, connector, { packageId: item.id, sha256: item.sha256 }));
  }
}

function anotherContent(item: InboxItem): AnThuError {
  const reason = `inbox item ${item.id} has another content than the one received under this name`;
  return new AnThuError('sync.server-nonsense', { reason });
}

/** One thing of several: what goes wrong with it is noted and does not hold up the rest, unless nobody can be asked now. */
function noting(round: InboxRound, packageId: string, work: () => Promise<void>): Errand {
  return {
    key: `package:${packageId}`,
    run: async () => {
      try {
        await work();
      } catch (thrown) {
        const error = asAnThuError(thrown);
        if (endsRound(error)) throw error;
        round.problems.push(error);
      }
    },
  };
}

async function acknowledge(
  context: InboxParts,
  connector: InboxConnector,
  item: { packageId: string; sha256: string },
): Promise<void> {
  await connector.acknowledgePackage({ id: item.packageId, sha256: item.sha256 });
  failpoint('inbox.province-told');
  context.inbox.acknowledged(item.packageId);
}

async function fetchOne(context: InboxParts, connector: InboxConnector, item: InboxItem): Promise<void> {
  const id = await storePackage(context, connector, item);
  await acknowledge(context, connector, { packageId: item.id, sha256: item.sha256 });
  if (id !== null) context.emit('intake.changed', { id });
}

/**
 * Takes what was brought on removable media, as {@link fetchInbox} takes what is offered on the line, except that nobody is told: the
 * next package or the next round tells the province.
 */
export async function takeBrought(
  context: InboxParts,
  medium: Pick<ProvincialConnector, 'fetchPackage'>,
  items: readonly InboxItem[],
): Promise<{ fetched: number; problems: readonly AnThuError[] }> {
  const problems: AnThuError[] = [];
  let fetched = 0;
  for (const item of items) {
    const known = context.inbox.received(item.id);
    if (known?.sha256 === item.sha256) continue;
    try {
      if (known) throw anotherContent(item);
      const id = await storePackage(context, medium, item);
      if (id === null) continue;
      context.emit('intake.changed', { id });
      fetched++;
    } catch (thrown) {
      problems.push(asAnThuError(thrown));
    }
  }
  return { fetched, problems };
}

/** Fetches, stores and commits one package with its first job; null when it came the other way (line, medium) meanwhile. */
async function storePackage(
  context: InboxParts,
  connector: Pick<ProvincialConnector, 'fetchPackage'>,
  item: InboxItem,
): Promise<string | null> {
  if (item.bytes > defaultCaps.packageBytes)
    throw new AnThuError('sync.edxml-hostile', {
      reason: `${item.bytes} bytes, over ${defaultCaps.packageBytes}`,
    });
  // The file and the copy that becomes the object.
  await context.objects.requireRoom(2 * item.bytes);
  const path = context.objects.scratchPath('.edxml');
  try {
    await connector.fetchPackage(item, path);
    const stored = await context.objects.put(path);
    failpoint('inbox.object-stored');
    const id = context.database.transaction(() => {
      if (context.inbox.received(item.id)) return null;
      const intakeId = context.intake.add({
        agencyId: mainAgency(context.database).id,
        claim: `inbox:${item.id}`,
        origin: 'electronic',
        source: 'inbox',
        originalName: displayName(`${item.documentId || item.id}.edxml`),
        sourcePath: item.id,
        sha256: stored.sha256,
        bytes: stored.bytes,
        mediaType: 'application/xml',
      });
      context.inbox.add(item.id, intakeId);
      context.audit.append({
        actor: context.actor,
        action: 'inbox.fetched',
        subject: intakeId,
        data: { packageId: item.id, kind: item.kind, sha256: stored.sha256, documentId: item.documentId },
      });
      context.jobs.add(jobKinds.inbound, intakeId);
      return intakeId;
    });
    failpoint('inbox.recorded');
    return id;
  } finally {
    await rm(path, { force: true });
  }
}

/** The job that opens a fetched package: virus check, unpacking in the worker, signatures, proposal, status 01. */
export function registerInboundJob(context: EngineContext, jobs: JobQueue, afterStatus: () => void): void {
  jobs.register(jobKinds.inbound, {
    run: async (job) => {
      await openPackage(context, context.intake.get(job.subject));
      context.emit('intake.changed', { id: job.subject });
      afterStatus();
    },
    onFailure: (error, attempts, job) => {
      if (isFinished(context.intake.get(job.subject))) return endSoon;
      const plan = planFailure(error, attempts);
      noteFailure(context, job, error, plan.kind);
      return plan;
    },
  });
}

/** Nothing is left to do for the job: the package was opened, or somebody decided about it. */
const decided = new Set<IntakeItem['state']>(['proposed', 'accepted', 'dismissed', 'quarantined']);

async function openPackage(context: EngineContext, item: IntakeItem): Promise<void> {
  if (decided.has(item.state) || (await finishQuarantine(context, item))) return;
  const before = quarantinedBefore(context, [item.sha256]);
  if (before) return quarantine(context, item, before);
  const folder = await scratchFolder(context);
  try {
    const packagePath = context.objects.path(item.sha256);
    if (!(await isClean(context, item, packagePath))) return;
    const parsed = await context.worker.parseEdxml(packagePath, folder);
    if (parsed.kind === 'status')
      return recordStatus(context, item, parsed.statusCode, parsed.responseFor.documentId);
    const inside = quarantinedBefore(
      context,
      parsed.attachments.map(({ sha256 }) => sha256),
    );
    if (inside) return await quarantine(context, item, inside);
    for (const attachment of parsed.attachments) {
      if (!(await isClean(context, item, attachment.path))) return;
    }
    const main = parsed.attachments.find((attachment) => attachment.mediaType === 'application/pdf');
    if (!main) throw new AnThuError('engine.no-main-document', { documentId: parsed.documentId });
    const inspection = await context.worker.inspect(main.path);
    const { report, packageReport } = await judgePackage(context, main.path, packagePath);
    failpoint('inbox.verified');
    const stored = [];
    for (const attachment of parsed.attachments) stored.push(await context.objects.put(attachment.path));
    failpoint('inbox.attachments-stored');
    proposePackage(context, { item, parsed, main, report, packageReport, stored, pages: inspection.pages });
    failpoint('inbox.proposed');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Passes the virus check on, or quarantines the whole package and returns false. */
async function isClean(context: EngineContext, item: IntakeItem, path: string): Promise<boolean> {
  const check = await checkForViruses(context, path);
  context.intake.update(item.id, { virusCheck: check });
  const refusal = refusalOf(context, check);
  if (refusal?.code === 'scanner.infected') {
    await quarantine(context, item, refusal);
    return false;
  }
  if (refusal) throw refusal;
  return true;
}

function proposePackage(
  context: EngineContext,
  found: {
    item: IntakeItem;
    parsed: EdxmlPackage;
    main: ParsedAttachment;
    report: FileReport;
    packageReport: FileReport;
    stored: readonly { sha256: string; bytes: number }[];
    pages: number;
  },
): void {
  const { item, parsed, main, report, packageReport, stored } = found;
  context.database.transaction(() => {
    for (const [position, attachment] of parsed.attachments.entries()) {
      const object = stored[position] ?? attachment;
      recordObject(context.database, { ...object, mediaType: attachment.mediaType }, context.clock.now());
      context.database.run(
        `INSERT INTO intake_attachment (intake_id, position, sha256, name) VALUES (@id, @position, @sha256, @name)
         ON CONFLICT DO NOTHING`,
        { id: item.id, position, sha256: object.sha256, name: attachment.name },
      );
    }
    const { kind: _kind, attachments: _attachments, ...header } = parsed;
    context.inbox.setHeader(item.id, header);
    context.intake.update(item.id, {
      state: 'proposed',
      error: null,
      pdfSha256: main.sha256,
      proposal: proposalOf(parsed),
      facts: {
        pages: found.pages,
        dpi: null,
        colour: 'unknown',
        mediaType: 'application/pdf',
        signed: report.signatures.length > 0,
      },
    });
    keepJudgement(context, item, {
      documentId: parsed.documentId,
      document: { sha256: main.sha256, report: { ...report, input: main.name } },
      packageReport,
    });
    queueStatus(context, { intakeId: item.id, documentId: null, code: '01', description: 'Đã đến' });
  });
}

/** A status message about a document of ours is kept in the log. */
function recordStatus(context: EngineContext, item: IntakeItem, code: string, documentId: string): void {
  context.database.transaction(() => {
    context.intake.update(item.id, { state: 'dismissed', dismissReason: `thông báo trạng thái ${code}` });
    context.audit.append({
      actor: context.actor,
      action: 'inbox.status',
      subject: item.id,
      data: { code, documentId },
    });
  });
}

const urgencies = [
  'thuong',
  'khan',
  'thuong-khan',
  'hoa-toc',
  'hoa-toc',
] as const satisfies ArrivalFields['urgency'][];

/** The package's own metadata as a proposal: stated by the sender, still confirmed by the clerk. */
function proposalOf(parsed: EdxmlPackage): Proposal {
  const field = <T>(value: T) => ({ value, confidence: 1, source: 'edxml' as const });
  const text = (value: string) => (value.trim() === '' ? null : field(value.trim()));
  const typeId = Number(parsed.documentType.type);
  return {
    docNumber: text(parsed.codeNumber),
    docNotation: text(parsed.codeNotation),
    docDate: parsed.promulgationDate === null ? null : field(parsed.promulgationDate),
    issuer: text(parsed.from.organName),
    typeId: Number.isInteger(typeId) && typeId >= 1 && typeId <= 29 ? field(typeId) : null,
    typeName: text(parsed.documentType.typeName),
    subject: text(parsed.subject),
    urgency: field(urgencies[parsed.priority]),
    secrecy: field('thuong' as const),
    signerName: text(parsed.signer.fullName),
    ms: 0,
    engine: 'edXML',
  };
}
