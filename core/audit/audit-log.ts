import { z } from 'zod';
import { type AuditRow, auditRowSchema } from '../contract/audit.ts';
import type { AuditEntry } from '../contract/document.ts';
import type { Clock } from '../shared/clock.ts';
import type { Database } from '../store/database.ts';
import { type AuditCheck, ChainWalk, entryHash, GENESIS } from './chain.ts';

const dataSchema = z.record(z.string(), z.unknown());

const SLICE = 500;
const MOST_SHOWN = 500;

/**
 * The append-only log: each entry's hash covers its canonical JSON (RFC 8785) with the hash before it, so that
 * a changed or removed entry shows (findings/peers-capture-sync-desktop.md §3.4). Written in the same
 * transaction as what it tells of.
 */
export class AuditLog {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Appends an entry and returns its sequence. `data` holds facts, never secrets or document text. */
  append(entry: { actor: string; action: string; subject: string; data?: Record<string, unknown> }): number {
    return this.#database.transaction(() => {
      const last = this.#database.get(auditRowSchema, 'SELECT * FROM audit ORDER BY sequence DESC LIMIT 1');
      const content = {
        sequence: (last?.sequence ?? 0) + 1,
        at: this.#clock.now().toISOString(),
        actor: entry.actor,
        action: entry.action,
        subject: entry.subject,
        data: JSON.stringify(entry.data ?? {}),
        previous: last?.hash ?? GENESIS,
      };
      this.#database.run(
        `INSERT INTO audit (sequence, at, actor, action, subject, data, previous, hash)
         VALUES (@sequence, @at, @actor, @action, @subject, @data, @previous, @hash)`,
        { ...content, hash: entryHash(content) },
      );
      return content.sequence;
    });
  }

  /** Newest first. */
  list(options: { beforeSequence?: number | undefined; limit: number }): AuditEntry[] {
    return this.#database
      .all(
        auditRowSchema,
        'SELECT * FROM audit WHERE sequence < @before ORDER BY sequence DESC LIMIT @limit',
        {
          before: options.beforeSequence ?? Number.MAX_SAFE_INTEGER,
          limit: options.limit,
        },
      )
      .map(toEntry);
  }

  /** Entries of the given subjects, oldest first: the first of them, as many as a person looks at, unless `most` says more. */
  forSubjects(subjects: readonly string[], most = MOST_SHOWN): AuditEntry[] {
    return this.#database
      .all(
        auditRowSchema,
        'SELECT * FROM audit WHERE subject IN (SELECT value FROM json_each(@subjects)) ORDER BY sequence LIMIT @most',
        { subjects: JSON.stringify(subjects), most },
      )
      .map(toEntry);
  }

  /** Every entry of the given subjects that tells of one of `actions`, oldest first. */
  ofActions(subjects: readonly string[], actions: readonly string[]): AuditEntry[] {
    return this.#database
      .all(
        auditRowSchema,
        `SELECT * FROM audit WHERE subject IN (SELECT value FROM json_each(@subjects))
           AND action IN (SELECT value FROM json_each(@actions)) ORDER BY sequence`,
        { subjects: JSON.stringify(subjects), actions: JSON.stringify(actions) },
      )
      .map(toEntry);
  }

  /** Entries as they are stored, after a sequence, oldest first: what an export holds. */
  rowsAfter(sequence: number, limit: number): AuditRow[] {
    return this.#database.all(
      auditRowSchema,
      'SELECT * FROM audit WHERE sequence > @sequence ORDER BY sequence LIMIT @limit',
      { sequence, limit },
    );
  }

  /** How many entries of a subject tell of one of the actions. */
  count(subject: string, actions: readonly string[]): number {
    const row = this.#database.get(
      z.object({ n: z.number() }),
      `SELECT count(*) AS n FROM audit WHERE subject = @subject AND action IN (SELECT value FROM json_each(@actions))`,
      { subject, actions: JSON.stringify(actions) },
    );
    return row?.n ?? 0;
  }

  /** The last entry of a subject. */
  newest(subject: string): AuditEntry | undefined {
    const row = this.#database.get(
      auditRowSchema,
      'SELECT * FROM audit WHERE subject = @subject ORDER BY sequence DESC LIMIT 1',
      { subject },
    );
    return row && toEntry(row);
  }

  /** Walks the whole chain in slices, giving the event loop air between them; `noted` is a head that it must go through. */
  async verify(noted?: string): Promise<AuditCheck> {
    const walk = new ChainWalk(noted);
    for (;;) {
      const rows = this.rowsAfter(walk.sequence, SLICE);
      if (rows.length === 0 || !rows.every((row) => walk.follow(row))) return walk.check();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function toEntry(row: AuditRow): AuditEntry {
  return {
    sequence: row.sequence,
    at: row.at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    data: dataSchema.parse(JSON.parse(row.data)),
    hash: row.hash,
  };
}
