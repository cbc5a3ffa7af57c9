import { setImmediate as othersToo } from 'node:timers/promises';
import {
  type Evidence,
  evidenceOf,
  outlasts,
  retentionDue,
  type RetentionPolicy,
  type RetentionReason,
} from '../../archive/retention.ts';
import type { RetentionItem } from '../../contract/document.ts';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import type { FileReport } from '../../contract/verification.ts';
import type { DocumentObjectRow } from '../../documents/documents.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../../shared/errors.ts';
import { reason } from '../../shared/reasons.ts';
import { unlessDamaged } from '../../store/stored-cell.ts';
import type { EngineContext } from '../context.ts';
import { raiseDocument } from './extending.ts';
import { scheduleRenewal } from './renewal-due.ts';

interface Due {
  readonly documentId: string;
  readonly label: string;
  readonly sealed: DocumentObjectRow;
  readonly evidence: Evidence;
  readonly reason: RetentionReason;
  readonly end: Date;
}

/**
 * Puts another timestamp over every archived signed file whose newest one nears its end (docs/archive.md), the most urgent first: a new object that begins
 * with the old one, its judgement and its audit entry, one transaction a file, so that a run can be broken off and done again.
 * `list` only tells. A time-stamping authority that is away leaves the rest as it is.
 */
export async function retainArchive(
  context: EngineContext,
  input: ParsedInput<'archive.retain'>,
): Promise<ProcedureOutput<'archive.retain'>> {
  const policy: RetentionPolicy = {
    now: context.clock.now(),
    withinDays: input.within,
    algorithmEnds: Object.fromEntries(
      input.ends.map(({ algorithm, last }) => [algorithm, new Date(`${last}T23:59:59+07:00`)]),
    ),
  };
  const { signed, due, unreadable } = await findDue(context, policy);
  if (input.mode === 'list')
    return { signed, items: due.map((one) => itemOf(one, 'due')), left: 0, unreadable };
  // Whoever asks wants the timestamp server to be asked now.
  context.tsaPatience.forget();
  const items: RetentionItem[] = [];
  let renewed = 0;
  for (const one of due) {
    // What cannot be renewed does not use up the limit: the next run would begin with it again.
    if (renewed === input.limit) break;
    const item = await renew(context, one, policy);
    if (item.outcome === 'renewed') renewed++;
    items.push(item);
  }
  return { signed, items, left: due.length - items.length, unreadable };
}

async function findDue(
  context: EngineContext,
  policy: RetentionPolicy,
): Promise<{ signed: number; due: Due[]; unreadable: string[] }> {
  const { documents } = context;
  const due: Due[] = [];
  const unreadable: string[] = [];
  let signed = 0;
  for (const documentId of documents.sealed()) {
    // A report is parsed for each: the window has its turn between two.
    await othersToo();
    const sealed = documents.newest(documentId, 'sealed');
    if (!sealed) continue;
    const report = unlessDamaged(() => documents.newestReport(documentId, sealed.sha256) ?? null);
    if (report === undefined) unreadable.push(labelOf(context, documentId));
    const evidence = report && evidenceOf(report);
    if (!evidence) continue;
    signed++;
    const why = retentionDue(evidence, policy);
    if (why) due.push({ documentId, label: labelOf(context, documentId), sealed, evidence, ...why });
  }
  return { signed, due: due.toSorted((a, b) => a.end.getTime() - b.end.getTime()), unreadable };
}

function labelOf({ register }: EngineContext, documentId: string): string {
  const arrival = register.forDocument(documentId);
  return arrival ? `số đến ${arrival.number}${arrival.suffix}/${arrival.year}` : documentId;
}

async function renew(context: EngineContext, due: Due, policy: RetentionPolicy): Promise<RetentionItem> {
  const { documentId, sealed, evidence } = due;
  try {
    if (!context.tsaPatience.mayAsk) throw pending(reason('level.timestamp-server-away'));
    const raised = await raiseDocument(context, {
      documentId,
      sealed,
      wanted: 'B-LTA',
      action: 'document.renewed',
      gains: (report: FileReport) => outlasts(evidenceOf(report), evidence, policy),
    });
    if (!raised.changed) throw pending(raised.reason);
    context.emit('document.changed', { id: documentId });
    const newest = context.documents.newest(documentId, 'sealed');
    const report = newest && context.documents.newestReport(documentId, newest.sha256);
    // From now on the queue looks after it too.
    if (report) context.database.transaction(() => scheduleRenewal(context, documentId, report));
    const end = report && evidenceOf(report)?.end;
    return {
      ...itemOf(due, 'renewed'),
      renewedSha256: newest?.sha256 ?? null,
      renewedUntil: end?.toISOString() ?? null,
    };
  } catch (thrown) {
    return { ...itemOf(due, 'pending'), error: toErrorValue(asAnThuError(thrown)) };
  }
}

const pending = (why: string): AnThuError => new AnThuError('archive.not-renewed', { reason: why });

function itemOf(
  { documentId, label, sealed, evidence, reason: why, end }: Due,
  outcome: RetentionItem['outcome'],
): RetentionItem {
  return {
    documentId,
    label,
    sha256: sealed.sha256,
    evidence: evidence.kind,
    reason: why,
    end: end.toISOString(),
    outcome,
    renewedSha256: null,
    renewedUntil: null,
    error: null,
  };
}
