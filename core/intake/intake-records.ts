import { reason } from '../shared/reasons.ts';
import { z } from 'zod';
import type { Duplicate, IntakeItem, IntakeState } from '../contract/intake.ts';
import {
  intakeItemSchema,
  intakeStateSchema,
  scanFactsSchema,
  virusCheckSchema,
} from '../contract/intake.ts';
import { errorValueSchema, type ErrorValue } from '../contract/errors/index.ts';
import { proposalSchema } from '../contract/reading.ts';
import { fileReportSchema, type FileReport } from '../contract/verification.ts';
import { warningSchema, type Warning } from '../contract/common.ts';
import { lookPlaceSchema, type LookPlace } from '../signing/appearance/look-schema.ts';
import type { Clock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { Database, SqlValue } from '../store/database.ts';
import { recordObject } from '../store/object-rows.ts';
import { rowDamaged } from '../store/stored-cell.ts';

const rowSchema = z.object({
  id: z.string(),
  claim: z.string(),
  origin: z.enum(['paper', 'electronic']),
  source: z.enum(['folder', 'command', 'inbox']),
  original_name: z.string(),
  source_path: z.string(),
  received_at: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  pdf_sha256: z.string().nullable(),
  state: intakeStateSchema,
  error: z.string().nullable(),
  virus_check: z.string().nullable(),
  facts: z.string().nullable(),
  proposal: z.string().nullable(),
  verification: z.string().nullable(),
  package_verification: z.string().nullable(),
  warnings: z.string(),
  document_id: z.string().nullable(),
  arrival_id: z.string().nullable(),
});
type IntakeRow = z.infer<typeof rowSchema>;

const select = `SELECT i.id, i.claim, i.origin, i.source, i.original_name, i.source_path, i.received_at, i.bytes, i.sha256, i.pdf_sha256,
    i.state, i.error, i.virus_check, i.facts, i.proposal, i.verification, i.package_verification, i.warnings, i.document_id, a.id AS arrival_id
  FROM intake i LEFT JOIN arrival a ON a.document_id = i.document_id AND i.document_id IS NOT NULL`;

const judgementRowSchema = z.object({
  id: z.string(),
  part: z.enum(['document', 'package']),
  sha256: z.string(),
  checked_at: z.string(),
  report: z.string(),
});
type JudgedPart = z.infer<typeof judgementRowSchema>['part'];

/** One judgement of a received file or of the package it came in. */
export interface IntakeJudgement {
  readonly id: string;
  readonly part: JudgedPart;
  readonly sha256: string;
  readonly checkedAt: string;
  readonly report: FileReport;
}

/** What may change on a received file as it is worked on. */
export interface IntakePatch {
  readonly state?: IntakeState;
  readonly pdfSha256?: string;
  readonly error?: ErrorValue | null;
  readonly virusCheck?: z.infer<typeof virusCheckSchema>;
  readonly facts?: z.infer<typeof scanFactsSchema>;
  readonly proposal?: z.infer<typeof proposalSchema>;
  readonly warnings?: readonly Warning[];
  readonly blockPlace?: LookPlace;
  readonly documentId?: string;
  readonly dismissReason?: string;
}

export interface NewIntake {
  readonly agencyId: string;
  /** Names the claim; a second record for the same claim is not made. */
  readonly claim: string;
  readonly origin: 'paper' | 'electronic';
  readonly source: 'folder' | 'command' | 'inbox';
  readonly originalName: string;
  readonly sourcePath: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** Somebody, or what was found in it, has decided about the file. */
const decided: ReadonlySet<IntakeState> = new Set(['accepted', 'dismissed', 'quarantined']);

/** Rows of the scan inbox. Every file that was taken in has one, whatever became of it. */
export class IntakeRecords {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Records a taken file and its object. Call inside a transaction. */
  add(intake: NewIntake): string {
    const now = this.#clock.now();
    const id = newId(now);
    recordObject(this.#database, intake, now);
    this.#database.run(
      `INSERT INTO intake (id, agency_id, claim, origin, source, original_name, source_path, received_at, bytes, sha256, state, updated_at)
       VALUES (@id, @agencyId, @claim, @origin, @source, @originalName, @sourcePath, @now, @bytes, @sha256, 'received', @now)`,
      {
        id,
        agencyId: intake.agencyId,
        claim: intake.claim,
        origin: intake.origin,
        source: intake.source,
        originalName: intake.originalName,
        sourcePath: intake.sourcePath,
        bytes: intake.bytes,
        sha256: intake.sha256,
        now: now.toISOString(),
      },
    );
    return id;
  }

  /** The record of a claim, if it was recorded before a crash. */
  byClaim(claim: string): string | undefined {
    return this.#database.get(z.object({ id: z.string() }), 'SELECT id FROM intake WHERE claim = @claim', {
      claim,
    })?.id;
  }

  /**
   * Changes a received file. What is still being worked on is never put over what somebody decided meanwhile (a clerk dismissed
   * it while it was read): fails with `register.not-acceptable`, so that the caller's transaction goes with it.
   */
  update(id: string, patch: IntakePatch): void {
    if (patch.state !== undefined && !decided.has(patch.state)) this.#requireUndecided(id);
    const json = (value: unknown) =>
      value === undefined ? undefined : value === null ? null : JSON.stringify(value);
    const columns: Record<string, SqlValue | undefined> = {
      state: patch.state,
      pdf_sha256: patch.pdfSha256,
      error: json(patch.error),
      virus_check: json(patch.virusCheck),
      facts: json(patch.facts),
      proposal: json(patch.proposal),
      warnings: json(patch.warnings),
      block_place: json(patch.blockPlace),
      document_id: patch.documentId,
      dismiss_reason: patch.dismissReason,
    };
    const changed = Object.entries(columns).filter(
      (entry): entry is [string, SqlValue] => entry[1] !== undefined,
    );
    this.#database.run(
      `UPDATE intake SET ${changed.map(([column]) => `${column} = @${column}`).join(', ')}, updated_at = @now WHERE id = @id`,
      { id, now: this.#clock.now().toISOString(), ...Object.fromEntries(changed) },
    );
  }

  #requireUndecided(id: string): void {
    const { state } = this.get(id);
    if (decided.has(state)) throw new AnThuError('register.not-acceptable', { state });
  }

  /** Keeps a judgement as a row and shows it as the newest of its part. Call inside a transaction. */
  judged(id: string, part: JudgedPart, sha256: string, report: FileReport): void {
    const at = this.#clock.now();
    const column = part === 'document' ? 'verification' : 'package_verification';
    const row = { intakeId: id, report: JSON.stringify(report), now: at.toISOString() };
    this.#database.run(
      `INSERT INTO intake_verification (id, intake_id, part, sha256, checked_at, report)
       VALUES (@id, @intakeId, @part, @sha256, @now, @report)`,
      { ...row, id: newId(at), part, sha256 },
    );
    this.#database.run(`UPDATE intake SET ${column} = @report, updated_at = @now WHERE id = @intakeId`, row);
  }

  /** Every judgement of a received file, the first first. */
  judgements(id: string): IntakeJudgement[] {
    return this.#database
      .all(
        judgementRowSchema,
        'SELECT id, part, sha256, checked_at, report FROM intake_verification WHERE intake_id = @id ORDER BY number',
        { id },
      )
      .map(({ checked_at: checkedAt, report, ...row }) => ({
        ...row,
        checkedAt,
        report: fileReportSchema.parse(JSON.parse(report)),
      }));
  }

  get(id: string): IntakeItem {
    const row = this.#database.get(rowSchema, `${select} WHERE i.id = @id`, { id });
    if (!row) throw new AnThuError('general.not-found', { what: reason('thing.received-file', id) });
    return this.#toItem(row);
  }

  documentId(id: string): string | null {
    return this.#database.get(rowSchema, `${select} WHERE i.id = @id`, { id })?.document_id ?? null;
  }

  /** Where the agency's block goes on the document's scan; undefined when the page was not looked at. */
  blockPlace(documentId: string): LookPlace | undefined {
    const row = this.#database.get(
      z.object({ block_place: z.string().nullable() }),
      'SELECT block_place FROM intake WHERE document_id = @documentId',
      { documentId },
    );
    return row?.block_place ? lookPlaceSchema.parse(JSON.parse(row.block_place)) : undefined;
  }

  forDocument(documentId: string): string | null {
    return (
      this.#database.get(
        z.object({ id: z.string() }),
        'SELECT id FROM intake WHERE document_id = @documentId',
        { documentId },
      )?.id ?? null
    );
  }

  /** Newest first. One that is damaged in the database costs only itself: it stands there with that error, and {@link get} fails. */
  list(options: { states?: readonly IntakeState[] | undefined; limit: number }): IntakeItem[] {
    // The wide rows (each with its report) are read only when the slice is cut.
    const chosen = options.states ? 'WHERE state IN (SELECT value FROM json_each(@states))' : '';
    return this.#database
      .all(
        rowSchema,
        `${select} WHERE i.rowid IN (SELECT rowid FROM intake ${chosen} ORDER BY rowid DESC LIMIT @limit)
         ORDER BY i.rowid DESC`,
        { ...(options.states && { states: JSON.stringify(options.states) }), limit: options.limit },
      )
      .map((row) => this.#toListed(row));
  }

  count(states: readonly IntakeState[]): number {
    return (
      this.#database.get(
        z.object({ n: z.number() }),
        'SELECT count(*) AS n FROM intake WHERE state IN (SELECT value FROM json_each(@states))',
        { states: JSON.stringify(states) },
      )?.n ?? 0
    );
  }

  /** Other files with the same bytes: shown, never swallowed. */
  #duplicates(row: IntakeRow): Duplicate[] {
    const others = this.#database.all(
      z.object({
        id: z.string(),
        original_name: z.string(),
        arrival_id: z.string().nullable(),
        number: z.number().nullable(),
        year: z.number().nullable(),
      }),
      `SELECT i.id, i.original_name, a.id AS arrival_id, a.number, a.year
       FROM intake i LEFT JOIN arrival a ON a.document_id = i.document_id
       WHERE i.sha256 = @sha256 AND i.id <> @id ORDER BY i.received_at LIMIT 10`,
      { sha256: row.sha256, id: row.id },
    );
    return others.map((other) => {
      const number = other.number === null ? null : `${other.number}/${other.year}`;
      return {
        kind: 'same-file',
        intakeId: other.id,
        arrivalId: other.arrival_id,
        label: number === null ? other.original_name : `số đến ${number}`,
        number,
      };
    });
  }

  #toListed(row: IntakeRow): IntakeItem {
    try {
      return this.#toItem(row);
    } catch {
      const unread = { virus_check: null, facts: null, proposal: null, verification: null, package_verification: null }; // prettier-ignore
      const item = this.#toItem({ ...row, ...unread, error: null, warnings: '[]' });
      return { ...item, error: rowDamaged('intake') };
    }
  }

  #toItem(row: IntakeRow): IntakeItem {
    const parsed = <T>(schema: z.ZodType<T>, text: string | null): T | null =>
      text === null ? null : schema.parse(JSON.parse(text));
    return intakeItemSchema.parse({
      id: row.id,
      origin: row.origin,
      source: row.source,
      originalName: row.original_name,
      receivedAt: row.received_at,
      bytes: row.bytes,
      sha256: row.sha256,
      pdfSha256: row.pdf_sha256,
      state: row.state,
      error: parsed(errorValueSchema, row.error),
      virusCheck: parsed(virusCheckSchema, row.virus_check),
      facts: parsed(scanFactsSchema, row.facts),
      proposal: parsed(proposalSchema, row.proposal),
      verification: parsed(fileReportSchema, row.verification),
      packageVerification: parsed(fileReportSchema, row.package_verification),
      duplicates: this.#duplicates(row),
      warnings: z.array(warningSchema).parse(JSON.parse(row.warnings)),
      arrivalId: row.arrival_id,
    } satisfies IntakeItem);
  }
}
