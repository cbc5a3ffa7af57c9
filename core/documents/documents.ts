import { reason } from '../shared/reasons.ts';
import { z } from 'zod';
import type { Clock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from '../store/database.ts';
import { cellValue, rowDamaged } from '../store/stored-cell.ts';
import { message } from '../verification/report-words.ts';
import { fileReportSchema, type FileReport } from '../contract/verification.ts';

export type ObjectRole = 'received' | 'working-pdf' | 'sealed' | 'attachment' | 'package';
export type DocumentState = 'registered' | 'signing' | 'sealed';

const objectRowSchema = z.object({
  sha256: z.string(),
  role: z.enum(['received', 'working-pdf', 'sealed', 'attachment', 'package']),
  media_type: z.string(),
  name: z.string(),
  bytes: z.number(),
  stored_at: z.string(),
});
export type DocumentObjectRow = z.infer<typeof objectRowSchema>;

const checkRowSchema = z.object({
  id: z.string(),
  sha256: z.string(),
  checked_at: z.string(),
  report: z.string(),
});

const fileRowSchema = z.object({ media_type: z.string(), bytes: z.number(), quarantined: z.number() });

/** In the place of a judgement that cannot be read. */
const unreadReport = (sha256: string): FileReport => ({
  input: sha256,
  sha256,
  verdict: 'indeterminate',
  advice: 'ask',
  signatures: [],
  messages: [message('verify.judgement-damaged')],
  error: rowDamaged('report'),
});

/** Documents and their stored files. Files are added, never replaced; a later revision names the one it extends. */
export class Documents {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Makes an empty document. Call inside a transaction. */
  create(agencyId: string, state: DocumentState): string {
    const now = this.#clock.now();
    const id = newId(now);
    this.#database.run(
      'INSERT INTO document (id, agency_id, created_at, state) VALUES (@id, @agencyId, @now, @state)',
      {
        id,
        agencyId,
        state,
        now: now.toISOString(),
      },
    );
    return id;
  }

  setState(id: string, state: DocumentState): void {
    this.#database.run('UPDATE document SET state = @state WHERE id = @id', { id, state });
  }

  state(id: string): DocumentState {
    const row = this.#database.get(
      z.object({ state: z.enum(['registered', 'signing', 'sealed']) }),
      'SELECT state FROM document WHERE id = @id',
      { id },
    );
    if (!row) throw new AnThuError('general.not-found', { what: reason('thing.document', id) });
    return row.state;
  }

  addObject(
    documentId: string,
    object: { sha256: string; role: ObjectRole; name: string; extendsSha256?: string },
  ): void {
    this.#database.run(
      `INSERT INTO document_object (document_id, position, sha256, role, name, extends_sha256, added_at)
       SELECT @documentId, coalesce(max(position), 0) + 1, @sha256, @role, @name, @extendsSha256, @now
       FROM document_object WHERE document_id = @documentId`,
      {
        documentId,
        sha256: object.sha256,
        role: object.role,
        name: object.name,
        extendsSha256: object.extendsSha256 ?? null,
        now: this.#clock.now().toISOString(),
      },
    );
  }

  /** In the order they were added. */
  objects(documentId: string): DocumentObjectRow[] {
    return this.#database.all(
      objectRowSchema,
      `SELECT o.sha256, d.role, o.media_type, d.name, o.bytes, o.stored_at
       FROM document_object d JOIN object o ON o.sha256 = d.sha256 WHERE d.document_id = @documentId ORDER BY d.position`,
      { documentId },
    );
  }

  /** The newest object of a role. */
  newest(documentId: string, role: ObjectRole): DocumentObjectRow | undefined {
    return this.objects(documentId).findLast((object) => object.role === role);
  }

  /** Adds a judgement; earlier ones stay (domain/vietnam.md §3.3). */
  addCheck(documentId: string, sha256: string, report: FileReport, checkedAt?: string): string {
    const now = this.#clock.now();
    const id = newId(now);
    this.#database.run(
      `INSERT INTO verification (id, document_id, sha256, checked_at, report) VALUES (@id, @documentId, @sha256, @now, @report)`,
      { id, documentId, sha256, now: checkedAt ?? now.toISOString(), report: JSON.stringify(report) },
    );
    return id;
  }

  /**
   * Since when a file with this content was certainly there: its first judgement in our register, a row that nobody can change
   * (proof of existence; findings/signing-peers.md §3.5, "Time").
   */
  knownSince(sha256: string): Date | undefined {
    const [row] = this.#database.all(
      z.object({ since: z.string().nullable() }),
      'SELECT MIN(checked_at) AS since FROM verification WHERE sha256 = @sha256',
      { sha256 },
    );
    return row?.since ? new Date(row.since) : undefined;
  }

  /** Every judgement of a document's files, in the order in which they were made, whatever the clock said. One that is damaged decides nothing and says so. */
  checks(documentId: string): { id: string; sha256: string; checkedAt: string; report: FileReport }[] {
    return this.#database
      .all(
        checkRowSchema,
        'SELECT id, sha256, checked_at, report FROM verification WHERE document_id = @documentId ORDER BY rowid',
        { documentId },
      )
      .map((row) => ({
        id: row.id,
        sha256: row.sha256,
        checkedAt: row.checked_at,
        report: cellValue(fileReportSchema, row.report) ?? unreadReport(row.sha256),
      }));
  }

  /** The last judgement of one of a document's files, whatever the clock said when it was made. Throws `store.row-damaged`. */
  newestReport(documentId: string, sha256: string): FileReport | undefined {
    const row = this.#database.get(
      checkRowSchema,
      `SELECT id, sha256, checked_at, report FROM verification WHERE document_id = @documentId AND sha256 = @sha256
       ORDER BY rowid DESC LIMIT 1`,
      { documentId, sha256 },
    );
    if (!row) return undefined;
    const report = cellValue(fileReportSchema, row.report);
    if (!report) throw new AnThuError('store.row-damaged', { part: 'report' });
    return report;
  }

  /** What is known of a stored file; undefined for unknown and quarantined ones. */
  file(sha256: string): { mediaType: string; bytes: number } | undefined {
    const row = this.#database.get(
      fileRowSchema,
      'SELECT media_type, bytes, quarantined FROM object WHERE sha256 = @sha256',
      {
        sha256,
      },
    );
    return row && row.quarantined === 0 ? { mediaType: row.media_type, bytes: row.bytes } : undefined;
  }

  markQuarantined(sha256: string): void {
    this.#database.run('UPDATE object SET quarantined = 1 WHERE sha256 = @sha256', { sha256 });
  }

  /** Documents with a sealed file, oldest first. */
  sealed(): string[] {
    return this.#database
      .all(
        z.object({ document_id: z.string() }),
        `SELECT document_id FROM document_object WHERE role = 'sealed' GROUP BY document_id ORDER BY min(added_at), document_id`,
      )
      .map((row) => row.document_id);
  }

  /** Hashes and sizes of every file that should lie in the object folder. */
  storedFiles(): { sha256: string; bytes: number }[] {
    return this.#database.all(
      z.object({ sha256: z.string(), bytes: z.number() }),
      'SELECT sha256, bytes FROM object WHERE quarantined = 0 ORDER BY sha256',
    );
  }
}
