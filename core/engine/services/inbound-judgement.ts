import type { IntakeItem } from '../../contract/intake.ts';
import type { FileReport } from '../../contract/verification.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { JobHandler } from '../../store/job-handler.ts';
import type { JobQueue } from '../../store/job-queue.ts';
import { awaitsRevocation } from '../../verification/report-words.ts';
import type { EngineContext } from '../context.ts';
import { planFailure, waitsFor } from './failure-plan.ts';
import { jobKinds } from './job-kinds.ts';
import { trustPaths } from './trust-paths.ts';

const RECHECK_MS = 15 * 60_000;
/** The first try; if nobody answers, the job waits for the network. */
const FIRST_RECHECK_MS = 30_000;

/** What is judged of a package: its main document, which must bear both signatures, and its own XML signature. */
export async function judgePackage(
  context: EngineContext,
  documentPath: string,
  packagePath: string,
  receivedAt?: Date,
): Promise<{ report: FileReport; packageReport: FileReport }> {
  const { worker, clock } = context;
  const trust = trustPaths(context);
  const report = await worker.judge(documentPath, trust, clock.now(), {
    revocation: 'ask',
    expects: 'issued-document',
    registeredAt: receivedAt,
  });
  const packageReport = await worker.judgePackage(packagePath, trust, clock.now());
  return { report, packageReport };
}

interface Judged {
  readonly documentId: string;
  readonly document: { readonly sha256: string; readonly report: FileReport };
  readonly packageReport: FileReport;
}

/** Both judgements as rows and in the log; what waits for a revocation state is judged again. Inside a transaction. */
export function keepJudgement(
  context: EngineContext,
  item: IntakeItem,
  { documentId, document, packageReport }: Judged,
): void {
  const { report } = document;
  context.intake.judged(item.id, 'document', document.sha256, report);
  context.intake.judged(item.id, 'package', item.sha256, { ...packageReport, input: item.originalName });
  context.audit.append({
    actor: context.actor,
    action: 'inbox.verified',
    subject: item.id,
    data: {
      documentId,
      sha256: document.sha256,
      verdict: report.verdict,
      advice: report.advice,
      package: packageReport.verdict,
    },
  });
  if (awaitsRevocation(report) || awaitsRevocation(packageReport))
    context.jobs.add(jobKinds.rejudge, item.id, { ms: FIRST_RECHECK_MS });
}

/**
 * The job that judges a package again that waits for registration and whose revocation state could not be told: when
 * the network is back, and every quarter of an hour until somebody has decided.
 */
export function registerRejudgeJob(context: EngineContext, jobs: JobQueue): void {
  const onFailure: JobHandler['onFailure'] = (error, attempts) =>
    error.code === 'verification.intake-revocation-pending'
      ? { kind: 'wait', waitsFor: waitsFor.network, atMostMs: RECHECK_MS }
      : planFailure(error, attempts);
  jobs.register(jobKinds.rejudge, {
    run: async (job) => {
      const item = context.intake.get(job.subject);
      if (item.state !== 'proposed') return;
      const judged = await rejudgeIntake(context, item, 'when-told');
      if (judged === 'not-told') throw new AnThuError('verification.intake-revocation-pending');
    },
    onFailure,
  });
}

/** Judges a proposed package again and keeps the result; `when-told` only where it tells more than before. */
export async function rejudgeIntake(
  context: EngineContext,
  item: IntakeItem,
  keep: 'always' | 'when-told',
): Promise<'kept' | 'not-told'> {
  if (item.pdfSha256 === null || !item.verification)
    throw new AnThuError('register.not-acceptable', { state: item.state });
  const documentPath = await context.objects.requireIntact(item.pdfSha256);
  const packagePath = await context.objects.requireIntact(item.sha256);
  const { report, packageReport } = await judgePackage(
    context,
    documentPath,
    packagePath,
    new Date(item.receivedAt),
  );
  if (keep === 'when-told' && (awaitsRevocation(report) || awaitsRevocation(packageReport)))
    return 'not-told';
  const { pdfSha256, verification } = item;
  context.database.transaction(() => {
    keepJudgement(context, item, {
      documentId: verification.input,
      document: { sha256: pdfSha256, report: { ...report, input: verification.input } },
      packageReport,
    });
  });
  context.emit('intake.changed', { id: item.id });
  return 'kept';
}
