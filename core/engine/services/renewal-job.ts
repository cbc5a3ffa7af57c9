import { AnThuError } from '../../shared/errors.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import type { EngineContext } from '../context.ts';
import { raiseDocument } from './extending.ts';
import { planFailure, waitsFor } from './failure-plan.ts';
import { jobKinds } from './job-kinds.ts';
import { renewalDue } from './renewal-due.ts';
import { reason } from '../../shared/reasons.ts';

/** Between two tries of a renewal: there is time, and every try asks for a timestamp. */
const HOUR_MS = 3_600_000;

/**
 * The job of every document at level B-LTA: sleeps until the certificate of its last document timestamp nears its end, then
 * puts fresh evidence and another timestamp over it (EN 319 142-1, B-LTA), and sleeps again. The renewed file is a new object
 * that extends the old one; the province is not told, its copy is its own archive.
 */
export function registerRenewalJob(context: EngineContext, jobs: JobQueue): void {
  jobs.register(jobKinds.renew, {
    run: async (job) => {
      const due = dueOf(context, job.subject);
      if (due === null) return undefined;
      if (due > context.clock.now()) return { againAt: due };
      const sealed = context.documents.newest(job.subject, 'sealed');
      if (!sealed) return undefined;
      if (!context.tsaPatience.mayAsk) throw renewalPending(reason('level.timestamp-server-away'));
      const renewed = await raiseDocument(context, {
        documentId: job.subject,
        sealed,
        wanted: 'B-LTA',
        action: 'document.renewed',
      });
      context.emit('document.changed', { id: job.subject });
      const next = dueOf(context, job.subject);
      if (!renewed.changed) throw renewalPending(renewed.reason);
      return next === null ? undefined : { againAt: next };
    },
    onFailure: (error, attempts, job) => {
      context.emit('document.changed', { id: job.subject });
      return error.code === 'signing.level-pending'
        ? { kind: 'wait', waitsFor: waitsFor.level, atMostMs: HOUR_MS }
        : planFailure(error, attempts);
    },
  });
}

function dueOf(context: EngineContext, documentId: string): Date | null {
  const sealed = context.documents.newest(documentId, 'sealed');
  const report = sealed && context.documents.newestReport(documentId, sealed.sha256);
  return report ? renewalDue(report) : null;
}

/** What a renewal that is not possible now says. */
function renewalPending(why: string): AnThuError {
  return new AnThuError('signing.level-pending', { level: 'B-LTA', wanted: 'B-LTA', reason: why });
}
