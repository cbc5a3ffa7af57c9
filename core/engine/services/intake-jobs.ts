import { mkdir, rm } from 'node:fs/promises';
import type { IntakeItem, VirusCheck } from '../../contract/intake.ts';
import type { Warning } from '../../contract/common.ts';
import type { Proposal } from '../../contract/reading.ts';
import { type HeadReading, readHeadOfDocument } from '../../reading/read-document.ts';
import { AnThuError, asAnThuError, fromErrorValue, toErrorValue } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import { warning } from '../../shared/warning.ts';
import { vietnamDate } from '../../shared/clock.ts';
import type { Job } from '../../store/job-handler.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import { recordObject } from '../../store/object-rows.ts';
import { wantsStamp } from './scan-look.ts';
import { type EngineContext, listAgencies, mainAgency } from '../context.ts';
import type { BlockPlacement } from '../document-worker-client.ts';
import { INK_DPI } from '../../signing/placement/ink-map.ts';
import { quarantinedBefore, undecidedTwins } from './quarantined-before.ts';
import { planFailure } from './failure-plan.ts';
import { jobKinds } from './job-kinds.ts';
import { checkForViruses, refusalOf } from './virus-check.ts';

/** What taking a received file through its steps needs of the engine. */
export type IntakeParts = Pick<
  EngineContext,
  | 'actor'
  | 'audit'
  | 'clock'
  | 'database'
  | 'documents'
  | 'emit'
  | 'intake'
  | 'jobs'
  | 'objects'
  | 'reader'
  | 'scanner'
  | 'settings'
  | 'worker'
>;

/** Jobs that take a received paper scan from the virus check to the proposed fields. */
export function registerIntakeJobs(context: IntakeParts, jobs: JobQueue): void {
  const handle = (kind: string, run: (item: IntakeItem, job: Job) => Promise<void>) =>
    jobs.register(kind, {
      run: async (job) => {
        await run(context.intake.get(job.subject), job);
        context.emit('intake.changed', { id: job.subject });
      },
      onFailure: (error, attempts, job) => {
        if (isFinished(context.intake.get(job.subject))) return endSoon;
        const plan = planFailure(error, attempts);
        noteFailure(context, job, error, plan.kind);
        return plan;
      },
    });
  handle(jobKinds.check, (item) => unlessRefused(context, item, checkFile));
  handle(jobKinds.convert, (item) => unlessRefused(context, item, convertFile));
  handle(jobKinds.read, (item, job) =>
    unlessRefused(context, item, () => readFileFields(context, item, job.attempts)),
  );
}

/**
 * Shows on the received file why it does not go on: `held` while it waits, `failed` when a person must act; while
 * it is tried again by itself the state stays and only the reason is shown.
 */
export function noteFailure(
  context: IntakeParts,
  job: Job,
  error: AnThuError,
  plan: 'retry' | 'wait' | 'park',
): void {
  const reason = toErrorValue(error);
  context.database.transaction(() => {
    if (plan === 'retry') context.intake.update(job.subject, { error: reason });
    else context.intake.update(job.subject, { state: plan === 'wait' ? 'held' : 'failed', error: reason });
    if (plan === 'park') {
      context.audit.append({
        actor: context.actor,
        action: 'intake.failed',
        subject: job.subject,
        data: { step: job.kind, code: error.code },
      });
    }
  });
  context.emit('intake.changed', { id: job.subject });
}

/** Does a step of a file that nobody decided about yet, or ends its quarantine if a dead process had begun that. */
async function unlessRefused(
  context: IntakeParts,
  item: IntakeItem,
  step: (context: IntakeParts, item: IntakeItem) => Promise<void>,
): Promise<void> {
  if (isFinished(item) || (await finishQuarantine(context, item))) return;
  const before = quarantinedBefore(context, [item.sha256]);
  if (before) await quarantine(context, item, before);
  else await step(context, item);
}

async function checkFile(context: IntakeParts, item: IntakeItem): Promise<void> {
  const check = await checkForViruses(context, context.objects.path(item.sha256));
  const refusal = refusalOf(context, check);
  // A clean answer is written with what follows from it, in one commit.
  if (refusal) context.intake.update(item.id, { virusCheck: check });
  if (refusal?.code === 'scanner.infected') return quarantine(context, item, refusal);
  if (refusal) throw refusal;
  passVirusCheck(context, item, check, jobKinds.convert);
  failpoint('intake.checked');
}

/** Records the clean answer and queues what follows. */
function passVirusCheck(context: IntakeParts, item: IntakeItem, check: VirusCheck, next: string): void {
  context.database.transaction(() => {
    context.intake.update(item.id, { state: 'checked', error: null, virusCheck: check });
    context.audit.append({
      actor: context.actor,
      action: 'intake.virus-checked',
      subject: item.id,
      data: {
        verdict: check.verdict,
        engine: check.engine,
        database: check.database,
        databaseDate: check.databaseDate,
      },
    });
    context.jobs.add(next, item.id);
  });
}

/** What sends a file to quarantine. */
const quarantineReasons = new Set<string>([
  'scanner.infected',
  'reading.secrecy-mark',
  'intake.quarantined-before',
]);

/** Goes on with a quarantine that was begun: its reason is written down before the first file moves. */
export async function finishQuarantine(context: IntakeParts, item: IntakeItem): Promise<boolean> {
  const { error } = item;
  if (!error || !quarantineReasons.has(error.code)) return false;
  await quarantine(context, item, fromErrorValue(error));
  return true;
}

/** Moves a file out of reach, before any number and any outbox, and says why. May be repeated after a crash. */
export async function quarantine(context: IntakeParts, item: IntakeItem, reason: AnThuError): Promise<void> {
  const isThere = () => context.intake.get(item.id).state === 'quarantined';
  if (isThere()) return;
  context.intake.update(item.id, { error: toErrorValue(reason) });
  failpoint('intake.quarantine-decided');
  const hashes = new Set([item.sha256, ...(item.pdfSha256 ? [item.pdfSha256] : [])]);
  for (const sha256 of hashes) await context.objects.quarantine(sha256);
  failpoint('intake.quarantine-moved');
  context.database.transaction(() => {
    for (const sha256 of hashes) context.documents.markQuarantined(sha256);
    // Its twin may have taken it along meanwhile.
    if (isThere()) return;
    context.intake.update(item.id, { state: 'quarantined', error: toErrorValue(reason) });
    context.audit.append({
      actor: context.actor,
      action: 'intake.quarantined',
      subject: item.id,
      data: { code: reason.code, sha256: item.sha256 },
    });
    quarantineTwins(context, [...hashes]);
  });
  failpoint('intake.quarantined');
}

/** The same bytes under other names, when nobody decided about them yet; call in the transaction that quarantined the first. */
function quarantineTwins(context: IntakeParts, hashes: readonly string[]): void {
  for (const { id, sha256 } of undecidedTwins(context, hashes)) {
    const reason = quarantinedBefore(context, hashes);
    if (!reason) return;
    context.intake.update(id, { state: 'quarantined', error: toErrorValue(reason) });
    context.audit.append({
      actor: context.actor,
      action: 'intake.quarantined',
      subject: id,
      data: { code: reason.code, sha256 },
    });
  }
}

async function convertFile(context: IntakeParts, item: IntakeItem): Promise<void> {
  context.intake.update(item.id, { state: 'reading', error: null });
  const output = context.objects.scratchPath('.pdf');
  try {
    const conversion = await context.worker.convert({
      inputPath: context.objects.path(item.sha256),
      outputPath: output,
      originalName: item.originalName,
    });
    const isCopy = conversion.mediaType === 'application/pdf';
    // A PDF is judged as a file to be signed already here: what cannot be parsed strictly is refused now.
    const inspection = await context.worker.inspect(output);
    if (inspection.hasXfa) throw new AnThuError('signing.xfa');
    // What our own converter wrote holds nothing hidden; a PDF from elsewhere may.
    const concerns = isCopy ? await context.worker.inspectBeforeSigning(output) : [];
    const pdf = await context.objects.adopt(output);
    failpoint('intake.pdf-stored');
    context.database.transaction(() => {
      recordObject(context.database, { ...pdf, mediaType: 'application/pdf' }, context.clock.now());
      context.intake.update(item.id, {
        pdfSha256: pdf.sha256,
        facts: {
          pages: inspection.pages,
          dpi: conversion.dpi,
          colour: conversion.colour,
          mediaType: conversion.mediaType,
          signed: inspection.signed,
        },
        warnings: merge(conversion.warnings, concerns),
      });
      context.audit.append({
        actor: context.actor,
        action: 'intake.converted',
        subject: item.id,
        data: {
          sha256: item.sha256,
          pdfSha256: pdf.sha256,
          pages: inspection.pages,
          unchanged: isCopy,
          concerns: concerns.map(({ code }) => code),
        },
      });
      context.jobs.add(jobKinds.read, item.id);
    });
    failpoint('intake.converted');
  } finally {
    await rm(output, { force: true });
  }
}

async function readFileFields(context: IntakeParts, item: IntakeItem, attempts: number): Promise<void> {
  const reading = await headOrNothing(context, item, attempts);
  if (reading.secrecy) {
    return quarantine(
      context,
      item,
      new AnThuError('reading.secrecy-mark', {
        level: reading.secrecy.level,
        reason: reading.secrecy.reason,
      }),
    );
  }
  const placed = await placeBlock(context, item);
  failpoint('intake.read');
  context.database.transaction(() => {
    context.intake.update(item.id, {
      state: 'proposed',
      error: null,
      proposal: reading.proposal,
      warnings: merge(item.warnings, [...reading.warnings, ...(placed?.warnings ?? [])]),
      blockPlace: placed?.appearance.place,
    });
    context.audit.append({
      actor: context.actor,
      action: 'intake.proposed',
      subject: item.id,
      data: { engine: reading.proposal.engine, ms: Math.round(reading.proposal.ms) },
    });
  });
  failpoint('intake.proposed');
}

/**
 * Looks, while the page is at hand, where the agency's block will not cover what is printed (domain/vietnam.md §1.3).
 * A page that cannot be rendered is signed all the same, with a warning that the place was not checked.
 */
async function placeBlock(context: IntakeParts, item: IntakeItem): Promise<BlockPlacement | undefined> {
  const { reader } = context;
  if (!reader.renderPage) return undefined;
  const pdfPath = context.objects.path(item.pdfSha256 ?? item.sha256);
  try {
    const picture = await reader.renderPage({ pdfPath, page: 0, dpi: INK_DPI, format: 'png' });
    return await context.worker.placeBlock({
      pdfPath,
      agencyName: mainAgency(context.database).name,
      picture,
      look: wantsStamp(context, item) ? 'arrival-stamp' : 'digitized-arrival',
    });
  } catch (thrown) {
    const { code, detail } = asAnThuError(thrown);
    if (!code.startsWith('reading.') && !code.startsWith('signing.')) throw thrown;
    return { appearance: {}, warnings: [warning(code, detail)] };
  }
}

/** Tries with a page that makes the reader stop before the clerk types the fields. */
const READING_TRIES = 3;

/** A page that cannot be read is no reason to keep a letter from the register: the clerk types its fields. */
async function headOrNothing(context: IntakeParts, item: IntakeItem, attempts: number): Promise<HeadReading> {
  const pdfPath = await context.objects.requireIntact(item.pdfSha256 ?? item.sha256);
  try {
    return await readHeadOfDocument(context.reader, {
      pdfPath,
      pages: item.facts?.pages ?? 1,
      today: vietnamDate(context.clock.now()),
      ownAgencyNames: listAgencies(context.database).map((agency) => agency.name),
    });
  } catch (thrown) {
    const error = asAnThuError(thrown);
    const stopped = error.code === 'general.program-died' || error.code === 'general.program-timeout';
    if (!error.code.startsWith('reading.') && !(stopped && attempts >= READING_TRIES)) throw error;
    return {
      proposal: nothingRead,
      secrecy: null,
      warnings: [warning(error.code, error.detail), warning('reading.not-read')],
    };
  }
}

const nothingRead: Proposal = {
  docNumber: null,
  docNotation: null,
  docDate: null,
  issuer: null,
  typeId: null,
  typeName: null,
  subject: null,
  urgency: null,
  secrecy: null,
  ms: 0,
  engine: '',
};

function merge(first: readonly Warning[], second: readonly Warning[]): Warning[] {
  return [...first, ...second.filter((warning) => !first.some((known) => known.code === warning.code))];
}

/** For a job whose file was decided about while it ran (its twin was quarantined, with their bytes): the next run ends it. */
export const endSoon = { kind: 'retry', afterMs: 0 } as const;

/** Whether somebody decided about the file while its job waited. */
export function isFinished(item: IntakeItem): boolean {
  return item.state === 'accepted' || item.state === 'dismissed' || item.state === 'quarantined';
}

/** A fresh folder on the data volume for files that a worker unpacks. */
export async function scratchFolder(context: IntakeParts): Promise<string> {
  const path = context.objects.scratchPath('');
  await mkdir(path, { recursive: true, mode: 0o700 });
  return path;
}
