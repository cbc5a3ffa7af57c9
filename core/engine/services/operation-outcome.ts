import { type AnThuError, toErrorValue } from '../../shared/errors.ts';
import { handlingOf } from '../../sync/failure.ts';
import { type OutboxRow, retryPause } from '../../sync/outbox.ts';
import type { Receipt } from '../../sync/protocol.ts';
import type { EngineContext } from '../context.ts';

type OutcomeParts = Pick<EngineContext, 'actor' | 'audit' | 'database' | 'outbox'>;

/** Ends an operation with its checked receipt, whichever way it came first: outbox and log in one transaction. */
export function takeReceipt(
  { outbox, database, audit, actor }: OutcomeParts,
  row: OutboxRow,
  receipt: Receipt,
): void {
  database.transaction(() => {
    if (!outbox.acknowledge(row.id, receipt)) return;
    audit.append({
      actor,
      action: 'sync.acknowledged',
      subject: row.document_id ?? row.id,
      data: {
        operationId: row.id,
        kind: row.kind,
        sha256: receipt.sha256,
        serverSequence: receipt.serverSequence,
      },
    });
  });
}

/** Postpones or parks an operation that failed. */
export function takeFailure({ outbox }: OutcomeParts, row: OutboxRow, error: AnThuError): void {
  const handling = handlingOf(error);
  const value = toErrorValue(error);
  if (handling.kind === 'blocked') return outbox.block(row.id, value);
  const asked =
    handling.kind === 'retry' && handling.afterSeconds !== null ? handling.afterSeconds * 1000 : 0;
  outbox.postpone(row.id, value, Math.max(asked, retryPause(row.attempts + 1)));
}
