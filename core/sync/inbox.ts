import { z } from 'zod';
import type { Clock } from '../shared/clock.ts';
import type { Database } from '../store/database.ts';
import { normaliseDocumentId } from './edxml/document-id.ts';
import { edxmlHeaderSchema, type EdxmlHeader } from './edxml/types.ts';

const rowSchema = z.object({
  package_id: z.string(),
  intake_id: z.string(),
  header: z.string().nullable(),
  acknowledged_at: z.string().nullable(),
});

export interface InboxRow {
  readonly packageId: string;
  readonly intakeId: string;
  readonly header: EdxmlHeader | null;
  readonly acknowledged: boolean;
}

/** Packages fetched from the province: each is taken in once, however often it is offered. */
export class Inbox {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** What was stored of a package, and whether the province was told; undefined when it was never fetched. */
  received(packageId: string): { readonly sha256: string; readonly acknowledged: boolean } | undefined {
    const row = this.#database.get(
      z.object({ sha256: z.string(), acknowledged_at: z.string().nullable() }),
      `SELECT i.sha256, b.acknowledged_at FROM inbox b JOIN intake i ON i.id = b.intake_id
       WHERE b.package_id = @packageId`,
      { packageId },
    );
    return row && { sha256: row.sha256, acknowledged: row.acknowledged_at !== null };
  }

  add(packageId: string, intakeId: string): void {
    this.#database.run(
      'INSERT INTO inbox (package_id, intake_id, fetched_at) VALUES (@packageId, @intakeId, @now)',
      {
        packageId,
        intakeId,
        now: this.#clock.now().toISOString(),
      },
    );
  }

  setHeader(intakeId: string, header: EdxmlHeader): void {
    this.#database.run(
      'UPDATE inbox SET header = @header, document_key = @documentKey WHERE intake_id = @intakeId',
      { intakeId, header: JSON.stringify(header), documentKey: normaliseDocumentId(header.documentId) },
    );
  }

  /** Received files of other packages that name the same document id (domain/vietnam.md §0.6). */
  sameDocument(intakeId: string): string[] {
    return this.#database
      .all(
        z.object({ intake_id: z.string() }),
        `SELECT other.intake_id FROM inbox this JOIN inbox other ON other.document_key = this.document_key
         WHERE this.intake_id = @intakeId AND other.intake_id <> @intakeId ORDER BY other.fetched_at LIMIT 10`,
        { intakeId },
      )
      .map((row) => row.intake_id);
  }

  acknowledged(packageId: string): void {
    this.#database.run('UPDATE inbox SET acknowledged_at = @now WHERE package_id = @packageId', {
      packageId,
      now: this.#clock.now().toISOString(),
    });
  }

  forIntake(intakeId: string): InboxRow | undefined {
    return this.#find('intake_id', intakeId);
  }

  /** Fetched and stored, but the province was not told yet. */
  unacknowledged(): { packageId: string; sha256: string }[] {
    return this.#database
      .all(
        z.object({ package_id: z.string(), sha256: z.string() }),
        `SELECT b.package_id, i.sha256 FROM inbox b JOIN intake i ON i.id = b.intake_id WHERE b.acknowledged_at IS NULL`,
      )
      .map((row) => ({ packageId: row.package_id, sha256: row.sha256 }));
  }

  #find(column: 'package_id' | 'intake_id', value: string): InboxRow | undefined {
    const row = this.#database.get(
      rowSchema,
      `SELECT package_id, intake_id, header, acknowledged_at FROM inbox WHERE ${column} = @value`,
      { value },
    );
    return (
      row && {
        packageId: row.package_id,
        intakeId: row.intake_id,
        header: row.header === null ? null : edxmlHeaderSchema.parse(JSON.parse(row.header)),
        acknowledged: row.acknowledged_at !== null,
      }
    );
  }
}
