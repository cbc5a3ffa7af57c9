import { randomUUID } from 'node:crypto';
import type Database from 'better-sqlite3';
import { z } from 'zod';
import {
  arrivalRecordSchema,
  type ArrivalRecord,
  type InboxItem,
  type InboxPage,
  type Receipt,
} from '../../core/sync/protocol.ts';
import { normaliseDocumentId } from '../../core/sync/edxml/document-id.ts';
import { edxmlStatusSchema, type EdxmlPackage, type EdxmlStatus } from '../../core/sync/edxml/types.ts';
import { strictAssert } from '../../core/shared/assert.ts';
import { ServerError } from './server-error.ts';

const operationRow = z.object({
  sequence: z.number(),
  kind: z.enum(['arrival-record', 'edxml', 'status']),
  operation_id: z.string(),
  body_sha256: z.string(),
  object_sha256: z.string().nullable(),
  received_at: z.string(),
});
const inboxRow = z.object({
  id: z.string(),
  sequence: z.number(),
  kind: z.enum(['package', 'status']),
  document_id: z.string(),
  sha256: z.string(),
  bytes: z.number(),
  received_at: z.string(),
  acked_at: z.string().nullable(),
});

export interface StoredRecord {
  readonly officeId: string;
  readonly sequence: number;
  readonly receivedAt: string;
  readonly record: ArrivalRecord;
}
export interface StoredStatus {
  readonly officeId: string;
  readonly sequence: number;
  readonly status: EdxmlStatus;
}
export interface StoredPackage {
  readonly officeId: string;
  readonly sequence: number;
  readonly documentKey: string;
  readonly type: string;
  readonly sha256: string;
}

export interface Delivery {
  readonly officeId: string;
  readonly kind: InboxItem['kind'];
  readonly documentId: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What an operation stores besides its own row. */
export type Effect =
  | { readonly kind: 'arrival-record'; readonly record: ArrivalRecord; readonly body: string }
  | { readonly kind: 'edxml'; readonly package: EdxmlPackage; readonly deliveries: readonly Delivery[] }
  | { readonly kind: 'status'; readonly status: EdxmlStatus; readonly deliveries: readonly Delivery[] };

const PAGE = 100;

function isUniqueViolation(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'SQLITE_CONSTRAINT_UNIQUE';
}

/** Everything the server has accepted. Each method is one durable transaction. */
export function createLedger(database: Database.Database, serverName: string, now: () => Date) {
  const findOperation = database.prepare('SELECT * FROM operation WHERE office_id = ? AND operation_id = ?');
  const addOperation = database.prepare(
    `INSERT INTO operation (office_id, operation_id, kind, body_sha256, object_sha256, received_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const addRecord = database.prepare('INSERT INTO arrival_record VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const addPackage = database.prepare('INSERT INTO package VALUES (?, ?, ?, ?, ?)');
  const addStatus = database.prepare('INSERT INTO status VALUES (?, ?, ?, ?, ?)');
  const addInbox = database.prepare(
    `INSERT INTO inbox (id, office_id, kind, document_id, sha256, bytes, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );

  const receiptOf = (row: z.infer<typeof operationRow>): Receipt => ({
    kind: row.kind,
    operationId: row.operation_id,
    sha256: row.body_sha256,
    objectSha256: row.object_sha256,
    receivedAt: row.received_at,
    serverSequence: row.sequence,
    serverName,
  });

  const deliver = (deliveries: readonly Delivery[]) => {
    for (const d of deliveries) {
      addInbox.run(randomUUID(), d.officeId, d.kind, d.documentId, d.sha256, d.bytes, now().toISOString());
    }
  };

  /** The receipt of an operation seen before; a conflict when it had another content. */
  function replay(
    officeId: string,
    operationId: string,
    kind: Receipt['kind'],
    bodySha256: string,
  ): Receipt | undefined {
    const found = findOperation.get(officeId, operationId);
    if (!found) return undefined;
    const row = operationRow.parse(found);
    if (row.body_sha256 !== bodySha256 || row.kind !== kind) {
      throw new ServerError('operation-conflict', 'Mã thao tác này đã dùng cho nội dung khác.');
    }
    return receiptOf(row);
  }

  function insertEffect(officeId: string, sequence: number, bodySha256: string, effect: Effect): void {
    if (effect.kind === 'arrival-record') {
      const { register, arrivalNumber, arrivalSuffix, action } = effect.record;
      addRecord.run(
        sequence,
        officeId,
        register.code,
        register.year,
        arrivalNumber,
        arrivalSuffix,
        action,
        effect.body,
      );
      return;
    }
    if (effect.kind === 'edxml') {
      const key = normaliseDocumentId(effect.package.documentId);
      addPackage.run(sequence, officeId, key, effect.package.business.type, bodySha256);
    } else {
      const key = normaliseDocumentId(effect.status.responseFor.documentId);
      addStatus.run(sequence, officeId, key, effect.status.statusCode, JSON.stringify(effect.status));
    }
    deliver(effect.deliveries);
  }

  const storeTransaction = database.transaction(
    (officeId: string, operationId: string, bodySha256: string, effect: Effect): Receipt => {
      const before = replay(officeId, operationId, effect.kind, bodySha256);
      if (before) return before;
      const objectSha256 = effect.kind === 'arrival-record' ? effect.record.object.sha256 : null;
      const added = addOperation.run(
        officeId,
        operationId,
        effect.kind,
        bodySha256,
        objectSha256,
        now().toISOString(),
      );
      insertEffect(officeId, Number(added.lastInsertRowid), bodySha256, effect);
      const receipt = replay(officeId, operationId, effect.kind, bodySha256);
      strictAssert(receipt, 'the operation was just stored');
      return receipt;
    },
  );

  return {
    replay,
    /** Stores an operation with its effect once; a repetition gives the first receipt again. */
    store(officeId: string, operationId: string, bodySha256: string, effect: Effect): Receipt {
      try {
        return storeTransaction.immediate(officeId, operationId, bodySha256, effect);
      } catch (thrown) {
        if (!isUniqueViolation(thrown)) throw thrown;
        throw effect.kind === 'arrival-record'
          ? new ServerError('duplicate-number', 'Số đến này đã có trong sổ với thao tác khác.')
          : new ServerError('duplicate-document', 'Mã văn bản này đã được gửi với thao tác khác.');
      }
    },
    hasObject(officeId: string, sha256: string, bytes?: number): boolean {
      const found = database
        .prepare('SELECT bytes FROM object WHERE office_id = ? AND sha256 = ?')
        .pluck()
        .get(officeId, sha256);
      return found !== undefined && (bytes === undefined || found === bytes);
    },
    addObject(officeId: string, sha256: string, bytes: number): void {
      database
        .prepare('INSERT OR IGNORE INTO object VALUES (?, ?, ?, ?)')
        .run(officeId, sha256, bytes, now().toISOString());
    },
    deliver(delivery: Delivery): void {
      deliver([delivery]);
    },
    inboxPage(officeId: string, since: number): InboxPage {
      const rows = z.array(inboxRow).parse(
        database
          .prepare(
            `SELECT * FROM inbox WHERE office_id = ? AND sequence > ? AND acked_at IS NULL
             ORDER BY sequence LIMIT ?`,
          )
          .all(officeId, since, PAGE + 1),
      );
      const items = rows.slice(0, PAGE).map((row) => ({
        id: row.id,
        sequence: row.sequence,
        kind: row.kind,
        documentId: row.document_id,
        sha256: row.sha256,
        bytes: row.bytes,
        receivedAt: row.received_at,
      }));
      return { items, next: items.at(-1)?.sequence ?? since, more: rows.length > PAGE };
    },
    inboxItem(officeId: string, id: string) {
      const found = database.prepare('SELECT * FROM inbox WHERE office_id = ? AND id = ?').get(officeId, id);
      if (!found) throw new ServerError('not-found', 'Không có gói tin này trong hộp đến của đơn vị.');
      return inboxRow.parse(found);
    },
    acknowledge(officeId: string, id: string): string {
      database
        .prepare('UPDATE inbox SET acked_at = ? WHERE office_id = ? AND id = ? AND acked_at IS NULL')
        .run(now().toISOString(), officeId, id);
      return this.inboxItem(officeId, id).acked_at ?? now().toISOString();
    },
    records(): StoredRecord[] {
      return z
        .array(
          z.object({
            sequence: z.number(),
            office_id: z.string(),
            body: z.string(),
            received_at: z.string(),
          }),
        )
        .parse(
          database
            .prepare(
              'SELECT r.sequence, r.office_id, r.body, o.received_at FROM arrival_record r JOIN operation o USING (sequence) ORDER BY sequence',
            )
            .all(),
        )
        .map((row) => ({
          officeId: row.office_id,
          sequence: row.sequence,
          receivedAt: row.received_at,
          record: arrivalRecordSchema.parse(JSON.parse(row.body)),
        }));
    },
    statuses(): StoredStatus[] {
      return z
        .array(z.object({ sequence: z.number(), office_id: z.string(), body: z.string() }))
        .parse(database.prepare('SELECT sequence, office_id, body FROM status ORDER BY sequence').all())
        .map((row) => ({
          officeId: row.office_id,
          sequence: row.sequence,
          status: edxmlStatusSchema.parse(JSON.parse(row.body)),
        }));
    },
    packages(): StoredPackage[] {
      return z
        .array(
          z.object({
            sequence: z.number(),
            office_id: z.string(),
            document_key: z.string(),
            type: z.string(),
            sha256: z.string(),
          }),
        )
        .parse(database.prepare('SELECT * FROM package ORDER BY sequence').all())
        .map((row) => ({
          officeId: row.office_id,
          sequence: row.sequence,
          documentKey: row.document_key,
          type: row.type,
          sha256: row.sha256,
        }));
    },
  };
}
export type Ledger = ReturnType<typeof createLedger>;
