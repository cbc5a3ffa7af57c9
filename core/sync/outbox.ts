import { reason } from '../shared/reasons.ts';
import { z } from 'zod';
import type { ErrorValue } from '../contract/errors/index.ts';
import type { OutboxEntry } from '../contract/sync.ts';
import type { Clock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from '../store/database.ts';
import { cellValue, rowDamaged, storedError } from '../store/stored-cell.ts';
import { saidLabel } from './outbox-label.ts';
import { receiptSchema, type Receipt } from './protocol.ts';

const stateSchema = z.enum(['pending', 'sending', 'acked', 'blocked']);

const rowSchema = z.object({
  id: z.string(),
  kind: z.enum(['arrival-record', 'edxml-status']),
  label: z.string(),
  document_id: z.string().nullable(),
  object_sha256: z.string().nullable(),
  body: z.string(),
  state: stateSchema,
  attempts: z.number(),
  created_at: z.string(),
  next_attempt_at: z.string().nullable(),
  acked_at: z.string().nullable(),
  error: z.string().nullable(),
  receipt: z.string().nullable(),
  media_sequence: z.number().nullable(),
  exported_at: z.string().nullable(),
});
export type OutboxRow = z.infer<typeof rowSchema>;

export interface NewOperation {
  readonly kind: OutboxRow['kind'];
  readonly label: string;
  readonly documentId: string | null;
  readonly objectSha256: string | null;
  /** Names the effect; the same effect is queued once. */
  readonly effect: string;
  /** Makes the body once the operation's id is known. */
  readonly body: (operationId: string) => string;
}

/** First and longest pause between tries: quick at first, never more than a quarter of an hour. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;

/** Nothing is postponed for longer (a server may ask for an hour): what seems to be was written under a clock that ran ahead. */
const NEVER_LATER_MS = 3_600_000 + 60_000;

/** Pause before the next try. */
export function retryPause(attempts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, attempts - 1));
}

/**
 * The outgoing queue (hàng đợi đồng bộ): a row an operation, written in the transaction that makes its cause.
 * The operation's id exists before the first send, so a repeated send has one effect; what cannot be sent is
 * blocked with its reason, never dropped. Its order is that of the rows, which no clock that is set back can change.
 */
export class Outbox {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Queues an operation unless its effect is queued already. Call inside a transaction. Returns the id, or null. */
  add(operation: NewOperation): string | null {
    const now = this.#clock.now();
    const id = newId(now);
    const added = this.#database.run(
      `INSERT INTO outbox (id, kind, label, document_id, object_sha256, body, effect, state, created_at, next_attempt_at)
       VALUES (@id, @kind, @label, @documentId, @objectSha256, @body, @effect, 'pending', @now, @now)
       ON CONFLICT (effect) DO NOTHING`,
      {
        id,
        kind: operation.kind,
        label: operation.label,
        documentId: operation.documentId,
        objectSha256: operation.objectSha256,
        body: operation.body(id),
        effect: operation.effect,
        now: now.toISOString(),
      },
    );
    return added === 0 ? null : id;
  }

  /** Hashes and tries of a document's arrival records, oldest first. */
  records(documentId: string): { id: string; effect: string; attempts: number; state: OutboxRow['state'] }[] {
    return this.#database.all(
      z.object({ id: z.string(), effect: z.string(), attempts: z.number(), state: stateSchema }),
      `SELECT id, effect, attempts, state FROM outbox WHERE document_id = @documentId AND kind = 'arrival-record'
       ORDER BY rowid`,
      { documentId },
    );
  }

  /**
   * Puts another effect into an operation that was never tried: its id keeps its place, and nobody has seen the old body.
   * Call inside a transaction. False when it was tried meanwhile.
   */
  replaceUntried(id: string, to: Pick<NewOperation, 'objectSha256' | 'effect' | 'body'>): boolean {
    return (
      this.#database.run(
        `UPDATE outbox SET object_sha256 = @objectSha256, effect = @effect, body = @body
         WHERE id = @id AND state = 'pending' AND attempts = 0`,
        { id, objectSha256: to.objectSha256, effect: to.effect, body: to.body(id) },
      ) > 0
    );
  }

  /**
   * Operations whose turn has come, oldest first. One that was being sent when the process died is due again. A later
   * record of a document waits until the earlier ones are acknowledged: the province sees them in order. So does a later status
   * of a letter for its sender, but not for one that only a person can help.
   */
  due(limit: number): OutboxRow[] {
    return this.#database.all(
      rowSchema,
      `SELECT * FROM outbox WHERE rowid IN (
         SELECT o.rowid FROM outbox o
         WHERE o.state IN ('pending', 'sending') AND (o.next_attempt_at <= @now OR o.next_attempt_at > @later)
           AND NOT (o.kind = 'arrival-record' AND EXISTS (
             SELECT 1 FROM outbox e WHERE e.document_id = o.document_id AND e.kind = 'arrival-record' AND e.state <> 'acked'
               AND e.rowid < o.rowid))
           AND NOT (o.kind = 'edxml-status' AND EXISTS (
             SELECT 1 FROM outbox e
             WHERE e.effect BETWEEN substr(o.effect, 1, length(o.effect) - 2) || '00' AND substr(o.effect, 1, length(o.effect) - 2) || '99'
               AND e.kind = 'edxml-status' AND e.state IN ('pending', 'sending') AND e.rowid < o.rowid))
         ORDER BY o.rowid LIMIT @limit)
       ORDER BY rowid`,
      { now: this.#now(), later: this.#after(NEVER_LATER_MS), limit },
    );
  }

  /**
   * Everything without a receipt that may be sent, oldest first, however long it was postponed; a record behind a blocked one of
   * the same document is left out with it. Each counts as tried from now on, for a package may be read by others before we know that
   * it was finished: its body never changes again. `after` is the earlier record that must be taken first. Call inside a transaction;
   * the rows, which are many, are found one by one behind it.
   */
  takeForExport(limit: number): { id: string; after: string | null }[] {
    const taken = this.#database.all(
      z.object({ id: z.string(), after: z.string().nullable() }),
      `SELECT o.id, (SELECT e.id FROM outbox e WHERE o.kind = 'arrival-record' AND e.kind = 'arrival-record'
         AND e.document_id = o.document_id AND e.state <> 'acked' AND e.rowid < o.rowid ORDER BY e.rowid DESC LIMIT 1) AS after
       FROM outbox o
       WHERE o.state IN ('pending', 'sending')
         AND NOT (o.kind = 'arrival-record' AND EXISTS (
           SELECT 1 FROM outbox e WHERE e.document_id = o.document_id AND e.kind = 'arrival-record' AND e.state = 'blocked'
             AND e.rowid < o.rowid))
       ORDER BY o.rowid LIMIT @limit`,
      { limit },
    );
    const ids = JSON.stringify(taken.map(({ id }) => id));
    this.#database.run(
      'UPDATE outbox SET attempts = attempts + 1 WHERE id IN (SELECT value FROM json_each(@ids))',
      { ids },
    );
    return taken;
  }

  /** Operations without a receipt that bring a stored file along, oldest first. */
  waitingWithObject(): (OutboxRow & { object_sha256: string })[] {
    return this.#database.all(
      rowSchema.extend({ object_sha256: z.string() }),
      `SELECT * FROM outbox WHERE state IN ('pending', 'sending') AND object_sha256 IS NOT NULL ORDER BY rowid`,
    );
  }

  /** Notes which package on removable media carries the operations; they stay in the queue. */
  exported(ids: readonly string[], sequence: number): void {
    this.#database.run(
      `UPDATE outbox SET media_sequence = @sequence, exported_at = @now WHERE id IN (SELECT value FROM json_each(@ids))`,
      { ids: JSON.stringify(ids), sequence, now: this.#now() },
    );
  }

  /**
   * Marks an operation as being sent and gives it as it is now: it may have been replaced since it was listed. Undefined when an
   * answer on removable media has ended or parked it since.
   */
  markSending(id: string): OutboxRow | undefined {
    const marked = this.#database.run(
      `UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = @id AND state IN ('pending', 'sending')`,
      { id },
    );
    return marked === 0 ? undefined : this.#row(id);
  }

  /** Ends an operation; false when a receipt has ended it before, by line or by removable media. */
  acknowledge(id: string, receipt: Receipt): boolean {
    return (
      this.#database.run(
        `UPDATE outbox SET state = 'acked', acked_at = @now, receipt = @receipt, error = NULL, next_attempt_at = NULL
         WHERE id = @id AND state <> 'acked'`,
        { id, now: this.#now(), receipt: JSON.stringify(receipt) },
      ) > 0
    );
  }

  /** Puts an operation back for a later try; one that has its receipt by now stays ended. */
  postpone(id: string, error: ErrorValue, pauseMs: number): void {
    this.#database.run(
      `UPDATE outbox SET state = 'pending', error = @error, next_attempt_at = @at WHERE id = @id AND state <> 'acked'`,
      {
        id,
        error: JSON.stringify(error),
        at: this.#after(pauseMs),
      },
    );
  }

  /** Parks an operation until a person puts it back; one that has its receipt by now stays ended. */
  block(id: string, error: ErrorValue): void {
    this.#database.run(
      `UPDATE outbox SET state = 'blocked', error = @error, next_attempt_at = NULL WHERE id = @id AND state <> 'acked'`,
      {
        id,
        error: JSON.stringify(error),
      },
    );
  }

  /** Makes a blocked or waiting operation due now. */
  retry(id: string): OutboxEntry {
    this.#database.run(
      `UPDATE outbox SET state = 'pending', next_attempt_at = @now WHERE id = @id AND state IN ('blocked', 'pending')`,
      { id, now: this.#now() },
    );
    return this.get(id);
  }

  /** Makes everything that is not acknowledged due now; blocked operations only when asked. Returns how many. */
  hurry(options: { blockedToo: boolean }): number {
    return this.#database.run(
      `UPDATE outbox SET state = 'pending', next_attempt_at = @now
       WHERE state = 'pending' OR (@blockedToo = 1 AND state = 'blocked')`,
      { now: this.#now(), blockedToo: options.blockedToo ? 1 : 0 },
    );
  }

  get(id: string): OutboxEntry {
    return toEntry(this.#row(id));
  }

  /** The operation as it is kept; undefined for one that was never queued here. */
  find(id: string): OutboxRow | undefined {
    return this.#database.get(rowSchema, 'SELECT * FROM outbox WHERE id = @id', { id });
  }

  #row(id: string): OutboxRow {
    const row = this.find(id);
    if (!row) throw new AnThuError('general.not-found', { what: reason('thing.outbox-entry', id) });
    return row;
  }

  list(options: { states?: readonly OutboxRow['state'][] | undefined; limit: number }): OutboxEntry[] {
    const chosen = options.states ? 'WHERE state IN (SELECT value FROM json_each(@states))' : '';
    return this.#database
      .all(
        rowSchema,
        `SELECT * FROM outbox WHERE rowid IN (SELECT rowid FROM outbox ${chosen} ORDER BY rowid DESC LIMIT @limit)
         ORDER BY rowid DESC`,
        { ...(options.states && { states: JSON.stringify(options.states) }), limit: options.limit },
      )
      .map(toEntry);
  }

  forDocument(documentId: string): OutboxEntry[] {
    return this.#database
      .all(rowSchema, 'SELECT * FROM outbox WHERE document_id = @documentId ORDER BY rowid', {
        documentId,
      })
      .map(toEntry);
  }

  counts(): { pending: number; blocked: number; acked: number } {
    const rows = this.#database.all(
      z.object({ state: stateSchema, n: z.number() }),
      'SELECT state, count(*) AS n FROM outbox GROUP BY state',
    );
    const of = (...states: OutboxRow['state'][]) =>
      rows.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + row.n, 0);
    return { pending: of('pending', 'sending'), blocked: of('blocked'), acked: of('acked') };
  }

  #now(): string {
    return this.#after(0);
  }

  #after(ms: number): string {
    return new Date(this.#clock.now().getTime() + ms).toISOString();
  }
}

/** As it is shown: a cell that is damaged is said to be so. What is sent and what ends an operation is read from the row itself. */
function toEntry(row: OutboxRow): OutboxEntry {
  const receipt = row.receipt === null ? null : cellValue(receiptSchema, row.receipt);
  return {
    id: row.id,
    kind: row.kind,
    label: row.label,
    said: saidLabel(row),
    documentId: row.document_id,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at,
    ackedAt: row.acked_at,
    error: receipt === undefined ? rowDamaged('receipt') : storedError(row.error),
    receipt: receipt ?? null,
    exported:
      row.media_sequence === null || row.exported_at === null
        ? null
        : { sequence: row.media_sequence, at: row.exported_at },
  };
}
