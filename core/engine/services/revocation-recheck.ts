import { reason } from '../../shared/reasons.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { JobHandler } from '../../store/job-handler.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import { awaitsRevocation, holds } from '../../verification/report-words.ts';
import type { EngineContext } from '../context.ts';
import { judgeSealed, keepCheck } from './document-judgement.ts';
import { planFailure, waitsFor } from './failure-plan.ts';
import { acceptanceWords, queueStatus } from './status-messages.ts';
import { jobKinds } from './job-kinds.ts';

const RECHECK_MS = 15 * 60_000;
/** Our own scans are looked at again when the letters of the moment are done. */
const SEAL_RECHECK_DELAY_MS = 30_000;

const pending = new Set<string>(['verification.revocation-pending', 'verification.seal-revocation-pending']);

/**
 * The jobs that judge again what was accepted while the revocation state could not be told (TRY_LATER): e-documents
 * that were registered provisionally, whose status 03 goes out only then (domain/vietnam.md §3.4), and scans that
 * the agency sealed. They wait for the network and never give up; each judgement that tells more is kept as a row.
 */
export function registerRecheckJobs(context: EngineContext, jobs: JobQueue, afterStatus: () => void): void {
  const onFailure: JobHandler['onFailure'] = (error, attempts, job) => {
    context.emit('document.changed', { id: job.subject });
    if (pending.has(error.code)) return { kind: 'wait', waitsFor: waitsFor.network, atMostMs: RECHECK_MS };
    return planFailure(error, attempts);
  };
  jobs.register(jobKinds.recheck, {
    run: async (job) => {
      await recheckArrival(context, job.subject);
      context.emit('document.changed', { id: job.subject });
      afterStatus();
    },
    onFailure,
  });
  jobs.register(jobKinds.recheckSeal, {
    run: async (job) => {
      await recheckSeal(context, job.subject);
      context.emit('document.changed', { id: job.subject });
    },
    onFailure,
  });
}

/** Inside the transaction that keeps a provisional judgement of our own seal. */
export function scheduleSealRecheck(context: EngineContext, documentId: string): void {
  context.jobs.add(jobKinds.recheckSeal, documentId, { ms: SEAL_RECHECK_DELAY_MS });
}

async function recheckArrival(context: EngineContext, documentId: string): Promise<void> {
  const arrival = context.register.forDocument(documentId);
  const intakeId = context.intake.forDocument(documentId);
  if (!arrival || !intakeId)
    throw new AnThuError('general.not-found', { what: reason('thing.document', documentId) });
  const report = await judgeSealed(context, documentId, 'throw');
  if (awaitsRevocation(report)) throw new AnThuError('verification.revocation-pending');
  context.database.transaction(() => {
    keepCheck(context, documentId, report);
    // Where certificates name nobody to ask, there is nothing to wait for: what could be checked holds.
    if (holds(report)) {
      queueStatus(context, { intakeId, documentId, code: '03', description: acceptanceWords(arrival) });
    }
  });
  // Registered, and now not confirmed: parked where a person sees it, nothing was told to the sender.
  if (!holds(report)) throw new AnThuError('verification.recheck-failed', { verdict: report.verdict });
}

async function recheckSeal(context: EngineContext, documentId: string): Promise<void> {
  const sealed = context.documents.newest(documentId, 'sealed');
  const known = sealed && context.documents.newestReport(documentId, sealed.sha256);
  // Somebody asked in the meantime.
  if (known && !awaitsRevocation(known)) return;
  const report = await judgeSealed(context, documentId, 'throw');
  if (awaitsRevocation(report)) throw new AnThuError('verification.seal-revocation-pending');
  context.database.transaction(() => keepCheck(context, documentId, report));
  if (!holds(report)) throw new AnThuError('verification.seal-not-confirmed', { verdict: report.verdict });
}
