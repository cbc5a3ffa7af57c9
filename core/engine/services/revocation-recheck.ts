import { AnThuError } from '../../shared/errors.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import type { EngineContext } from '../context.ts';
import { planFailure, waitsFor } from './failure-plan.ts';
import { acceptanceWords, queueStatus } from './status-messages.ts';
import { trustPaths } from './trust-paths.ts';
import { jobKinds } from './job-kinds.ts';

const RECHECK_MS = 15 * 60_000;

/**
 * The job of an e-document that was registered provisionally: its signatures are judged again until the revocation
 * state can be told, and only then is status 03 sent (domain/vietnam.md §3.4). Waits for the network, never gives up.
 */
export function registerRecheckJob(context: EngineContext, jobs: JobQueue, afterStatus: () => void): void {
  jobs.register(jobKinds.recheck, {
    run: async (job) => {
      await recheck(context, job.subject);
      context.emit('document.changed', { id: job.subject });
      afterStatus();
    },
    onFailure: (error, attempts, job) => {
      context.emit('document.changed', { id: job.subject });
      if (error.code === 'verification.revocation-pending') {
        return { kind: 'wait', waitsFor: waitsFor.network, atMostMs: RECHECK_MS };
      }
      return planFailure(error, attempts);
    },
  });
}

async function recheck(context: EngineContext, documentId: string): Promise<void> {
  const sealed = context.documents.newest(documentId, 'sealed');
  const arrival = context.register.forDocument(documentId);
  const intakeId = context.intake.forDocument(documentId);
  if (!sealed || !arrival || !intakeId)
    throw new AnThuError('general.not-found', { what: `văn bản ${documentId}` });
  const path = await context.objects.requireIntact(sealed.sha256);
  const report = {
    ...(await context.worker.verify(path, trustPaths(context), context.clock.now(), 'ask')),
    input: sealed.sha256,
  };
  // Where a certificate names nobody to ask, there is nothing to wait for: `ask` then leaves it valid.
  if (report.signatures.some(({ subIndication }) => subIndication === 'TRY_LATER')) {
    throw new AnThuError('verification.revocation-pending');
  }
  context.database.transaction(() => {
    context.documents.addCheck(documentId, sealed.sha256, report);
    context.audit.append({
      actor: context.actor,
      action: 'document.verified',
      subject: documentId,
      data: { sha256: sealed.sha256, verdict: report.verdict, advice: report.advice },
    });
    if (report.verdict === 'valid') {
      queueStatus(context, { intakeId, documentId, code: '03', description: acceptanceWords(arrival) });
    }
  });
  // Registered, and now not confirmed: parked where a person sees it, nothing was told to the sender.
  if (report.verdict !== 'valid')
    throw new AnThuError('verification.recheck-failed', { verdict: report.verdict });
}
