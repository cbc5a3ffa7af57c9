import { rm } from 'node:fs/promises';
import type { DocumentDetail } from '../../contract/document.ts';
import type { FileReport } from '../../contract/verification.ts';
import { AnThuError } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import { reason, reasons } from '../../shared/reasons.ts';
import { type PadesLevel, reaches } from '../../signing/levels.ts';
import type { FailurePlan } from '../../store/job-handler.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import { unlessDamaged } from '../../store/stored-cell.ts';
import { recordObject } from '../../store/object-rows.ts';
import type { DocumentObjectRow } from '../../documents/documents.ts';
import type { EngineContext } from '../context.ts';
import { queueArrivalRecord } from './arrival-upload.ts';
import { planFailure, waitsFor } from './failure-plan.ts';
import { jobKinds } from './job-kinds.ts';
import { needsTimestamp, raiseCopy, type RaisedCopy, sealLevel, wantedLevel } from './raise-level.ts';
import { scheduleSealRecheck } from './revocation-recheck.ts';
import { scheduleRenewal, timestampEnd } from './renewal-due.ts';

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

/** A worker that died or took too long over slow services: the document is tried again, never given up. */
const passing = new Set<string>(['general.program-died', 'general.program-timeout']);

/** Pause before a level is tried again. */
export function levelPause(attempts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, Math.max(0, attempts - 1)));
}

/**
 * The job that raises a sealed document to the agency's level once the services answer: a new object that extends the
 * old one, its judgement, its audit entry and its record for the province in one transaction (house.md, "What never bends" 1, 2).
 * Waits with growing pauses and never gives up; what cannot be raised at all is parked, and sent as it is.
 */
export function registerExtendingJob(context: EngineContext, jobs: JobQueue, afterQueued: () => void): void {
  jobs.register(jobKinds.extend, {
    run: async (job) => {
      try {
        await extendDocument(context, job.subject);
        // The services answer: whatever else waits for them need not wait longer.
        jobs.wake(waitsFor.level);
      } finally {
        tell(context, job.subject);
        afterQueued();
      }
    },
    onFailure: (error, attempts, job) => {
      tell(context, job.subject);
      if (error.code === 'signing.level-pending')
        return { kind: 'wait', waitsFor: waitsFor.level, atMostMs: levelPause(attempts) };
      const plan: FailurePlan = passing.has(error.code)
        ? { kind: 'wait', waitsFor: waitsFor.level, atMostMs: levelPause(attempts) }
        : planFailure(error, attempts);
      // What fails on our side holds up nothing that need not wait.
      if (plan.kind === 'park' || !waitsForLevel(context, job.subject)) {
        context.database.transaction(() => queueArrivalRecord(context, job.subject));
        afterQueued();
      }
      return plan;
    },
  });
}

function tell(context: EngineContext, documentId: string): void {
  context.emit('document.changed', { id: documentId });
  context.emit('register.changed', { id: null });
}

/** Whether a document is sent only once its level is reached; urgent ones never wait. */
export function waitsForLevel(context: EngineContext, documentId: string): boolean {
  const { sending } = context.settings().signing;
  return sending === 'wait-for-level' && context.register.forDocument(documentId)?.urgency === 'thuong';
}

async function extendDocument(context: EngineContext, documentId: string): Promise<void> {
  const sealed = context.documents.newest(documentId, 'sealed');
  if (!sealed) return;
  const wanted = wantedLevel(context);
  const level = currentLevel(context, documentId, sealed.sha256);
  const now = reaches(level, wanted)
    ? { level, reason: '' }
    : await tryRaise(context, { documentId, sealed, level, wanted });
  const reached = reaches(now.level, wanted);
  if (reached || !waitsForLevel(context, documentId))
    context.database.transaction(() => queueArrivalRecord(context, documentId));
  if (!reached)
    throw new AnThuError('signing.level-pending', { level: now.level, wanted, reason: now.reason });
}

async function tryRaise(
  context: EngineContext,
  {
    level,
    wanted,
    ...document
  }: Pick<Raise, 'documentId' | 'sealed'> & { level: PadesLevel; wanted: PadesLevel },
): Promise<{ readonly level: PadesLevel; readonly reason: string }> {
  if (wanted === 'B-B') return { level, reason: '' };
  if (needsTimestamp(level, wanted) && !context.tsaPatience.mayAsk)
    return { level, reason: reason('level.timestamp-server-away') };
  return raiseDocument(context, { ...document, wanted, action: 'document.raised' });
}

/** What a document's page says of its level; null for what the office did not sign itself, or whose judgement is damaged. */
export function documentLevel(context: EngineContext, documentId: string): DocumentDetail['level'] {
  const sealed = context.documents.newest(documentId, 'sealed');
  if (!sealed || context.register.forDocument(documentId)?.origin !== 'paper') return null;
  const reached = unlessDamaged(() => currentLevel(context, documentId, sealed.sha256));
  if (reached === undefined) return null;
  const pending = context.jobs
    .forSubjects([documentId])
    .some(({ kind, state }) => kind === jobKinds.extend && state !== 'done');
  return { reached, wanted: wantedLevel(context), pending };
}

/** The level that the newest judgement of the newest file found. */
function currentLevel(context: EngineContext, documentId: string, sha256: string): PadesLevel {
  const report = context.documents.newestReport(documentId, sha256);
  return report ? sealLevel(report) : 'B-B';
}

interface Raise {
  readonly documentId: string;
  readonly sealed: DocumentObjectRow;
  readonly wanted: Exclude<PadesLevel, 'B-B'>;
  readonly action: 'document.raised' | 'document.renewed';
  /** Whether a renewed file is better off than the one before; by default when its last timestamp's certificate ends later. */
  readonly gains?: (report: FileReport) => boolean;
}

/**
 * Makes the raised file, gives it its name and commits it; a file that nothing could be added to stays as it is. Gives the
 * level there is now and, when it is not the wanted one, why.
 */
export async function raiseDocument(
  context: EngineContext,
  raise: Raise,
): Promise<{ readonly level: PadesLevel; readonly reason: string; readonly changed: boolean }> {
  const { documentId, sealed, wanted } = raise;
  const inputPath = await context.objects.requireIntact(sealed.sha256);
  const outputPath = context.objects.scratchPath('.pdf');
  try {
    const copy = await raiseCopy(context, { inputPath, sha256: sealed.sha256, outputPath }, wanted);
    const before = currentLevel(context, documentId, sealed.sha256);
    if ('unchanged' in copy) return { level: before, reason: reasonOf(copy.unchanged), changed: false };
    // Half a step is kept only where it is one: retries must not let the file grow.
    if (raise.action === 'document.raised' && reaches(before, copy.level))
      return { level: before, reason: reasonOf(copy.file), changed: false };
    if (raise.action === 'document.renewed' && !renews(context, raise, copy))
      return {
        level: before,
        reason: reasonOf(copy.file) || reason(raise.gains ? 'level.no-gain' : 'level.same-certificate'),
        changed: false,
      };
    failpoint('extend.raised');
    const object = await context.objects.adopt(outputPath);
    if (object.sha256 !== copy.file.sha256)
      throw new AnThuError('archive.update-check-failed', { reason: reason('file.changed-after-check') });
    failpoint('extend.object-stored');
    if (!commitRaise(context, raise, copy, object))
      return { level: before, reason: reason('level.raised-meanwhile'), changed: false };
    failpoint('extend.committed');
    return { level: copy.level, reason: reasonOf(copy.file), changed: true };
  } finally {
    await rm(outputPath, { force: true });
  }
}

/** A timestamp under the same certificate would end with it: no gain, and the file would grow with every try. */
function renews(
  context: EngineContext,
  { documentId, sealed, gains }: Raise,
  { report }: RaisedCopy,
): boolean {
  if (gains) return gains(report);
  const before = context.documents.newestReport(documentId, sealed.sha256);
  const [old, next] = [before && timestampEnd(before), timestampEnd(report)];
  return !!old && !!next && new Date(next) > new Date(old);
}

function reasonOf({ timestampError, revocationError }: RaisedCopy['file']): string {
  const why = timestampError ?? revocationError;
  if (!why) return '';
  const told = String(why.detail['reason'] ?? '');
  const missing = reason(timestampError ? 'level.no-timestamp' : 'level.no-evidence');
  return reasons(told === '' ? [missing] : [missing, told]);
}

/** False, and nothing is written, when another file has taken the place of the one that was raised: two must not extend the same. */
function commitRaise(
  context: EngineContext,
  { documentId, sealed, wanted, action }: Raise,
  { file, report, level }: RaisedCopy,
  object: Awaited<ReturnType<EngineContext['objects']['adopt']>>,
): boolean {
  return context.database.transaction(() => {
    if (context.documents.newest(documentId, 'sealed')?.sha256 !== sealed.sha256) return false;
    recordObject(context.database, { ...object, mediaType: 'application/pdf' }, context.clock.now());
    context.documents.addObject(documentId, {
      sha256: object.sha256,
      role: 'sealed',
      name: sealed.name,
      extendsSha256: sealed.sha256,
    });
    context.documents.addCheck(documentId, object.sha256, { ...report, input: object.sha256 });
    context.audit.append({
      actor: context.actor,
      action,
      subject: documentId,
      data: {
        sha256: object.sha256,
        extends: sealed.sha256,
        prefixBytes: file.prefixBytes,
        prefixSha256: file.prefixSha256,
        bytes: object.bytes,
        level,
        requestedLevel: wanted,
        verdict: report.verdict,
      },
    });
    if (report.advice === 'provisional') scheduleSealRecheck(context, documentId);
    if (action === 'document.renewed') return true;
    // Only what is to be kept for long; a document timestamp alone is the level B-T.
    if (level === 'B-LTA') scheduleRenewal(context, documentId, report);
    if (reaches(level, wanted) || !waitsForLevel(context, documentId))
      queueArrivalRecord(context, documentId);
    return true;
  });
}
