import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { instantSchema, isoDateSchema, sha256Schema } from '../contract/common.ts';
import { urgencySchema } from '../contract/reading.ts';
import { strictAssert } from '../shared/assert.ts';

/**
 * What travels between an office and its own account at the province (docs/provincial-protocol.md). The shape is
 * ours: the province's real interface is not public (domain/vietnam.md §5.6, §5.7), and a connector for it
 * would implement the same `ProvincialConnector`.
 */
export const PROTOCOL_NAME = 'an-thu-province/1';

/** Given once per operation, before the first send (findings/peers-capture-sync-desktop.md §3.1, "Idempotency keys"). */
export const operationIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/);

/** Agency code of QĐ 20/2020 or QĐ 28/2018: groups of 0-9 A-Z joined by dots, at most 35 (domain/vietnam.md §4). */
export const organIdSchema = z
  .string()
  .max(35)
  .regex(/^[0-9A-Z]+(\.[0-9A-Z]+)*$/);

/** Path-safe name of an office's account. */
export const officeIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);

const text = (max: number) => z.string().max(max);

/**
 * One row of Sổ đăng ký văn bản đến with its sealed PDF: the fields of Decree 30 PL VI part II, văn bản đến
 * (domain/vietnam.md §2.1). Lengths are wider than the decree's, as the field map advises. There is no field for a
 * độ mật: secret documents never enter sync (house.md, "What never bends" 4).
 */
export const arrivalRecordSchema = z.strictObject({
  version: z.literal(1),
  operationId: operationIdSchema,
  /** `register`: a new entry; `correct`: same number, other fields; `void`: the number stays, the entry does not count. */
  action: z.enum(['register', 'correct', 'void']),
  office: z.strictObject({ officeId: officeIdSchema, organId: organIdSchema, organName: text(200) }),
  register: z.strictObject({ code: text(64), year: z.number().int().min(1990).max(2200) }),
  /** Số đến; `arrivalSuffix` is the số phụ ('' or a, b, c …). */
  arrivalNumber: z.number().int().positive(),
  arrivalSuffix: text(8),
  arrivalDate: isoDateSchema,
  typeName: text(100),
  codeNumber: text(50),
  codeNotation: text(100),
  issuedDate: isoDateSchema.nullable(),
  organName: text(500),
  organId: organIdSchema.nullable(),
  subject: text(2000),
  language: text(30),
  pageAmount: z.number().int().nonnegative(),
  description: text(2000),
  signer: z.strictObject({ position: text(200), fullName: text(200), competence: text(200) }),
  urgency: urgencySchema,
  toPlaces: text(1000),
  /** Leader's opinions (TraceHeaderList of the decree, not edXML's hop trace). */
  opinions: z.array(z.strictObject({ at: instantSchema, by: text(200), text: text(5000) })).max(200),
  dueDate: isoDateSchema.nullable(),
  fileCode: z
    .strictObject({ organId: organIdSchema, fileCatalog: z.number().int(), fileNotation: text(100) })
    .nullable(),
  docOrdinal: z.number().int().positive().nullable(),
  /** 01 born electronic, 02 scanned, 03 mixed (TT 05/2025, domain/vietnam.md §2.4). */
  confidenceLevel: z.enum(['01', '02', '03']),
  /** The sealed PDF, uploaded before the record that names it. */
  object: z.strictObject({
    sha256: sha256Schema,
    bytes: z.number().int().positive(),
    mediaType: z.literal('application/pdf'),
  }),
  /** What was received, when the sealed PDF was made from it. */
  originalSha256: sha256Schema.nullable(),
  voidReason: text(500).nullable(),
  registeredAt: instantSchema,
  registeredBy: text(200),
});
export type ArrivalRecord = z.infer<typeof arrivalRecordSchema>;

/** Which kind of thing a receipt acknowledges. */
const receiptKindSchema = z.enum(['arrival-record', 'edxml', 'status']);

/**
 * Given only after the server's own fsync. `sha256` is the hash of the request's exact body; `objectSha256` names
 * the PDF the server holds (arrival records only).
 */
export const receiptSchema = z.object({
  kind: receiptKindSchema,
  operationId: operationIdSchema,
  sha256: sha256Schema,
  objectSha256: sha256Schema.nullable(),
  receivedAt: instantSchema,
  serverSequence: z.number().int().positive(),
  serverName: z.string().min(1).max(200),
});
export type Receipt = z.infer<typeof receiptSchema>;

export const healthSchema = z.object({
  protocol: z.literal(PROTOCOL_NAME),
  serverName: z.string().min(1).max(200),
  /** True for the reference server: a partner for tests, not a provincial system. */
  testPartner: z.boolean(),
  time: instantSchema,
});
export type Health = z.infer<typeof healthSchema>;

/** How much of an object the server holds: the client goes on from `have`. `complete` only after hash check and fsync. */
export const objectStateSchema = z.object({
  sha256: sha256Schema,
  have: z.number().int().nonnegative(),
  complete: z.boolean(),
});
export type ObjectState = z.infer<typeof objectStateSchema>;

/** One thing waiting in an office's inbox, oldest first. An item is listed until it is acknowledged. */
export const inboxItemSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  sequence: z.number().int().positive(),
  kind: z.enum(['package', 'status']),
  documentId: z.string().max(500),
  sha256: sha256Schema,
  bytes: z.number().int().positive(),
  receivedAt: instantSchema,
});
export type InboxItem = z.infer<typeof inboxItemSchema>;
/**
 * `next` is the highest sequence of this page: the next page is asked with `since=next`. Rows are parsed one by one (inbox-listing.ts):
 * each should be an {@link InboxItem}.
 */
export const inboxPageSchema = z.object({
  items: z.array(z.unknown()).max(500),
  next: z.number().int().nonnegative(),
  more: z.boolean(),
});
export type InboxPage = z.infer<typeof inboxPageSchema> & { readonly items: readonly InboxItem[] };

export const inboxAckSchema = z.strictObject({ sha256: sha256Schema });
export const inboxAckedSchema = z.object({
  id: z.string(),
  sha256: sha256Schema,
  acknowledgedAt: instantSchema,
});

/** Every refusal of the server: a code for programs and a sentence for people. */
export type ServerErrorCode =
  | 'not-authorised'
  | 'not-found'
  | 'invalid-body'
  | 'invalid-edxml'
  | 'hash-mismatch'
  | 'object-missing'
  | 'wrong-offset'
  | 'wrong-office'
  | 'operation-conflict'
  | 'duplicate-document'
  | 'duplicate-number'
  | 'unknown-receiver'
  | 'too-large'
  | 'busy'
  | 'server-failed';
export const serverErrorSchema = z.object({
  error: z.object({
    code: z.string().max(64),
    message: z.string().max(2000),
    /** With `wrong-offset`: how much the server has. */
    have: z.number().int().nonnegative().optional(),
  }),
});

/** The exact bytes that are sent for a record (canonical JSON, RFC 8785 by `canonicalize`), so that a retry hashes the same. */
export function encodeArrivalRecord(record: ArrivalRecord): Buffer {
  const json = canonicalize(arrivalRecordSchema.parse(record));
  strictAssert(json !== undefined, 'an arrival record is JSON');
  return Buffer.from(json, 'utf8');
}

/** SHA-256 as 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
