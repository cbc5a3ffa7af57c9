import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { AuditEntry } from '../contract/document.ts';
import type { Clock } from '../shared/clock.ts';
import type { Database } from '../store/database.ts';

const rowSchema = z.object({
  sequence: z.number(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  data: z.string(),
  previous: z.string(),
  hash: z.string(),
});
type AuditRow = z.infer<typeof rowSchema>;

const dataSchema = z.record(z.string(), z.unknown());

/** What the first entry names as its predecessor. */
const GENESIS = '0'.repeat(64);

export interface AuditCheck {
  readonly ok: boolean;
  readonly entries: number;
  readonly head: string | null;
  /** Sequence of the first entry that does not follow from its predecessor. */
  readonly brokenAt: number | null;
}

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
      const last = this.#database.get(rowSchema, 'SELECT * FROM audit ORDER BY sequence DESC LIMIT 1');
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
      .all(rowSchema, 'SELECT * FROM audit WHERE sequence < @before ORDER BY sequence DESC LIMIT @limit', {
        before: options.beforeSequence ?? Number.MAX_SAFE_INTEGER,
        limit: options.limit,
      })
      .map(toEntry);
  }

  /** Entries of the given subjects, oldest first. */
  forSubjects(subjects: readonly string[]): AuditEntry[] {
    return this.#database
      .all(
        rowSchema,
        'SELECT * FROM audit WHERE subject IN (SELECT value FROM json_each(@subjects)) ORDER BY sequence LIMIT 500',
        { subjects: JSON.stringify(subjects) },
      )
      .map(toEntry);
  }

  /** Walks the whole chain in slices, giving the event loop air between them. */
  async verify(): Promise<AuditCheck> {
    let previous = GENESIS;
    let sequence = 0;
    for (;;) {
      const rows = this.#database.all(
        rowSchema,
        'SELECT * FROM audit WHERE sequence > @after ORDER BY sequence LIMIT 500',
        {
          after: sequence,
        },
      );
      if (rows.length === 0) break;
      for (const row of rows) {
        const { hash, ...content } = row;
        const follows =
          row.sequence === sequence + 1 && row.previous === previous && entryHash(content) === hash;
        if (!follows) return { ok: false, entries: sequence, head: previous, brokenAt: row.sequence };
        sequence = row.sequence;
        previous = hash;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { ok: true, entries: sequence, head: sequence === 0 ? null : previous, brokenAt: null };
  }
}

function entryHash(content: Omit<AuditRow, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
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
