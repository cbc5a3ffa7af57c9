import type { FileReport } from '../../contract/verification.ts';
import type { EngineContext } from '../context.ts';
import { jobKinds } from './job-kinds.ts';

const DAY_MS = 24 * 3_600_000;
/** A new timestamp is put over the last one this long before that one's certificate ends. */
const LEAD_MS = 180 * DAY_MS;
/** … or, with a short-lived certificate, when this part of its time is left. */
const LEAD_PART = 0.25;

/** When the certificate of a file's last document timestamp ends; null without one. */
export function timestampEnd({ signatures }: FileReport): string | null {
  return signatures.findLast(({ kind }) => kind === 'document-timestamp')?.signer?.notAfter ?? null;
}

/** When the last document timestamp of a file must have another over it; null without one. */
export function renewalDue({ signatures }: FileReport): Date | null {
  const last = signatures.findLast(({ kind }) => kind === 'document-timestamp');
  if (!last?.signer) return null;
  const end = new Date(last.signer.notAfter).getTime();
  const stamped = new Date(last.bestSignatureTime ?? last.signer.notBefore).getTime();
  return new Date(end - Math.min(LEAD_MS, Math.max(0, end - stamped) * LEAD_PART));
}

/** Queues the renewal of a file's long-term evidence for its day, in the caller's transaction. */
export function scheduleRenewal(context: EngineContext, documentId: string, report: FileReport): void {
  const due = renewalDue(report);
  if (due) context.jobs.add(jobKinds.renew, documentId, { until: due });
}
