import { reason } from '../../shared/reasons.ts';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import type { FileReport } from '../../contract/verification.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { trustPaths } from './trust-paths.ts';

/**
 * Judges the file that a registered document is kept as, asking responders and lists. `atCap`: a file that passes the
 * worker's caps is reported as undecided to a person, and is an error to a job, which tries again.
 */
export async function judgeSealed(
  context: EngineContext,
  documentId: string,
  atCap: 'report' | 'throw',
): Promise<FileReport> {
  const { clock, documents, objects, worker } = context;
  const sealed = documents.newest(documentId, 'sealed');
  if (!sealed) throw new AnThuError('general.not-found', { what: reason('thing.sealed-copy', documentId) });
  const path = await objects.requireIntact(sealed.sha256);
  const options = { revocation: 'ask', registeredAt: documents.knownSince(sealed.sha256) } as const;
  const report =
    atCap === 'report'
      ? await worker.judge(path, trustPaths(context), clock.now(), options)
      : await worker.verify(path, trustPaths(context), clock.now(), options);
  return { ...report, input: sealed.sha256 };
}

/** Keeps a judgement of {@link judgeSealed} as a row and in the log, inside the caller's transaction; gives the row's id. */
export function keepCheck(context: EngineContext, documentId: string, report: FileReport): string {
  const id = context.documents.addCheck(documentId, report.input, report);
  context.audit.append({
    actor: context.actor,
    action: 'document.verified',
    subject: documentId,
    data: { sha256: report.input, verdict: report.verdict, advice: report.advice },
  });
  return id;
}

/** A person asks for a document's signatures to be judged now. */
export async function verifyDocument(
  context: EngineContext,
  documentId: string,
): Promise<ProcedureOutput<'document.verify'>> {
  const report = await judgeSealed(context, documentId, 'report');
  const checkId = context.database.transaction(() => keepCheck(context, documentId, report));
  context.emit('document.changed', { id: documentId });
  const check = context.documents.checks(documentId).find((row) => row.id === checkId);
  if (!check) throw new AnThuError('general.not-found', { what: checkId });
  return check;
}
