import type { Arrival } from '../../contract/register.ts';
import { arrivalRecord } from '../../sync/arrival-record.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import { type EngineContext, mainAgency, requireRegister } from '../context.ts';
import { planFailure, waitsFor } from './failure-plan.ts';
import { jobKinds } from './job-kinds.ts';

/** What telling the province of an entry needs of the engine. */
export type UploadParts = Pick<
  EngineContext,
  'actor' | 'audit' | 'database' | 'documents' | 'intake' | 'jobs' | 'outbox' | 'register' | 'settings'
>;

/** Entries of the log after which the register says something else of a document. */
const CHANGES = ['register.corrected', 'register.transferred', 'register.voided'];

/**
 * Changes an entry of the register; what the province was told of it, or is about to be, is corrected in the same transaction.
 * Throws what `change` throws.
 */
export function changeEntry(context: UploadParts, change: () => Arrival): Arrival {
  return context.database.transaction(() => {
    const arrival = change();
    if (context.outbox.records(arrival.documentId).length > 0)
      queueArrivalRecord(context, arrival.documentId);
    return arrival;
  });
}

/**
 * Queues the record of a sealed paper arrival, in the caller's transaction; once a sealed revision and a change of its entry. A
 * revision of a higher level takes the place of one that nobody tried to send, and else corrects it; so does what the register
 * says by now. A voided entry is told as such. While the office has no account at the province a job waits in its place, so
 * that nothing sealed is forgotten.
 */
export function queueArrivalRecord(context: UploadParts, documentId: string): void {
  const { officeId } = context.settings().sync;
  const arrival = context.register.forDocument(documentId);
  const sealed = context.documents.newest(documentId, 'sealed');
  if (!arrival || !sealed) return;
  if (officeId === null) return context.jobs.add(jobKinds.upload, documentId);
  const intakeId = context.intake.forDocument(documentId);
  const pages = intakeId === null ? 0 : (context.intake.get(intakeId).facts?.pages ?? 0);
  const received = context.documents.newest(documentId, 'received');
  const changes = context.audit.count(documentId, CHANGES);
  const effect = `record:${documentId}:${sealed.sha256}${changes === 0 ? '' : `:${changes}`}`;
  const earlier = context.outbox.records(documentId);
  const last = earlier.at(-1);
  if (last?.effect === effect) return;
  const untried = last?.attempts === 0 && last.state === 'pending' ? last : undefined;
  const repeated = earlier.length > (untried ? 1 : 0) ? 'correct' : 'register';
  const action = arrival.voidedAt === null ? repeated : 'void';
  const operation = {
    kind: 'arrival-record' as const,
    label: `Số đến ${arrival.number}${arrival.suffix}/${arrival.year}: ${arrival.docNumber}/${arrival.docNotation}`,
    documentId,
    objectSha256: sealed.sha256,
    effect,
    body: (operationId: string) =>
      JSON.stringify(
        arrivalRecord({
          operationId,
          action,
          agency: mainAgency(context.database),
          officeId,
          arrival,
          registerCode: requireRegister(context.database, arrival.registerId).id,
          pages,
          sealed: { sha256: sealed.sha256, bytes: sealed.bytes },
          originalSha256: received?.sha256 ?? sealed.sha256,
          registeredBy: context.actor,
        }),
      ),
  };
  if (untried) context.outbox.replaceUntried(untried.id, operation);
  else context.outbox.add(operation);
}

const ACCOUNT_WAIT_MS = 24 * 3_600_000;

/** The job of an arrival that was sealed while the office had no account at the province. */
export function registerUploadJob(context: EngineContext, jobs: JobQueue, afterQueued: () => void): void {
  jobs.register(jobKinds.upload, {
    run: (job) => {
      if (context.settings().sync.officeId === null) throw new AnThuError('sync.no-account');
      context.database.transaction(() => queueArrivalRecord(context, job.subject));
      context.emit('document.changed', { id: job.subject });
      afterQueued();
      return Promise.resolve();
    },
    onFailure: (error, attempts) =>
      error.code === 'sync.no-account'
        ? { kind: 'wait', waitsFor: waitsFor.account, atMostMs: ACCOUNT_WAIT_MS }
        : planFailure(error, attempts),
  });
}
