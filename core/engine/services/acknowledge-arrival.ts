import type { JobView } from '../../contract/document.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { jobKinds } from './job-kinds.ts';
import { acceptanceWords, queueStatus } from './status-messages.ts';

/**
 * Status 03 for a letter that was entered provisionally and whose later check was not confirmed: a person knows better
 * (the sender was called, a paper copy came) and says why. The judgement stays as it is, the reason is in the log.
 * Throws `verification.nothing-to-answer` when no such letter waits.
 */
export function acknowledgeArrival(context: EngineContext, documentId: string, reason: string): JobView[] {
  context.database.transaction(() => {
    const arrival = context.register.forDocument(documentId);
    const intakeId = context.intake.forDocument(documentId);
    const waits = context.jobs
      .forSubjects([documentId])
      .some((job) => job.kind === jobKinds.recheck && isUnconfirmed(job));
    if (!arrival || !intakeId || !waits) throw new AnThuError('verification.nothing-to-answer');
    const verdict = context.documents.checks(documentId).at(-1)?.report.verdict ?? null;
    context.audit.append({
      actor: context.actor,
      action: 'document.acknowledged',
      subject: documentId,
      data: { reason, verdict },
    });
    context.jobs.settleParked(jobKinds.recheck, documentId);
    queueStatus(context, { intakeId, documentId, code: '03', description: acceptanceWords(arrival) });
  });
  context.emit('document.changed', { id: documentId });
  return context.jobs.forSubjects([documentId]);
}

const isUnconfirmed = ({ state, error }: JobView): boolean =>
  state === 'parked' && error?.code === 'verification.recheck-failed';
