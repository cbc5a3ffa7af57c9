import { z } from 'zod';
import { instantSchema, sha256Schema } from '../../contract/common.ts';
import {
  inboxAckedSchema,
  inboxItemSchema,
  officeIdSchema,
  operationIdSchema,
  organIdSchema,
  receiptSchema,
} from '../protocol.ts';

/**
 * Packages that travel on removable media (docs/removable-media.md). Files have no names of their own in a manifest: their
 * place follows from what they are, so a manifest cannot point anywhere.
 */
export const MEDIA_FORMAT = 'an-thu-media/1';

export const MANIFEST = 'manifest.json';
/** HMAC-SHA256 of the manifest's bytes, 64 hex digits (seal.ts). */
export const SEAL = 'manifest.hmac';

/** Folders with such names are looked at when a whole drive is given. */
export const EXPORT_PREFIX = 'an-thu-gui-';
export const ANSWER_PREFIX = 'an-thu-tra-';

/** A manifest beyond this is not read. */
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
/** Operations, receipts or inbox items of one package. */
export const MAX_ITEMS = 10_000;

const packageIdSchema = z.uuid();
const officeSchema = z.strictObject({
  officeId: officeIdSchema,
  organId: organIdSchema,
  organName: z.string().max(200),
});
const fileSchema = { sha256: sha256Schema, bytes: z.number().int().positive() };

/** The same kinds as a receipt's. */
const operationSchema = z.strictObject({
  operationId: operationIdSchema,
  kind: z.enum(['arrival-record', 'status']),
  /** Of the exact body, as it would go over the line. */
  ...fileSchema,
  objectSha256: sha256Schema.nullable(),
  /** To be handled only once this one is taken: records of one document go in order. */
  after: operationIdSchema.nullable(),
});
export type MediaOperation = z.infer<typeof operationSchema>;

/** What an office hands to the province: everything that has no receipt yet. */
export const exportManifestSchema = z.strictObject({
  format: z.literal(MEDIA_FORMAT),
  kind: z.literal('export'),
  packageId: packageIdSchema,
  /** Counts an office's packages; a higher one says all that a lower one said and had no answer to. */
  sequence: z.number().int().positive(),
  createdAt: instantSchema,
  program: z.string().max(64),
  office: officeSchema,
  /** In the order in which they are to be handled. */
  operations: z.array(operationSchema).max(MAX_ITEMS),
  objects: z.array(z.strictObject(fileSchema)).max(MAX_ITEMS),
  /** E-documents that the office holds for good. */
  acknowledgements: z.array(inboxItemSchema.pick({ id: true, sha256: true }).strict()).max(MAX_ITEMS),
});
export type ExportManifest = z.infer<typeof exportManifestSchema>;

/** An operation that the province did not take, with the HTTP status that the same refusal has on the line. */
const refusalSchema = z.strictObject({
  operationId: operationIdSchema,
  status: z.number().int().min(400).max(499),
  code: z.string().max(64),
  message: z.string().max(2000),
});

/** What the province hands back: receipts, and e-documents for the office. */
export const answerManifestSchema = z.strictObject({
  format: z.literal(MEDIA_FORMAT),
  kind: z.literal('answer'),
  packageId: packageIdSchema,
  createdAt: instantSchema,
  serverName: z.string().min(1).max(200),
  office: officeSchema,
  /** The package that is answered; null when only e-documents are brought. */
  answers: z
    .strictObject({
      packageId: packageIdSchema,
      sequence: z.number().int().positive(),
      manifestSha256: sha256Schema,
    })
    .nullable(),
  receipts: z.array(receiptSchema.strict()).max(MAX_ITEMS),
  refusals: z.array(refusalSchema).max(MAX_ITEMS),
  acknowledged: z.array(inboxAckedSchema.strict()).max(MAX_ITEMS),
  inbox: z.array(inboxItemSchema.strict()).max(MAX_ITEMS),
});
export type AnswerManifest = z.infer<typeof answerManifestSchema>;

/** Where an operation's body lies in an export. */
export function operationFile({ kind, operationId }: Pick<MediaOperation, 'kind' | 'operationId'>): string {
  return kind === 'status' ? `statuses/${operationId}.xml` : `records/${operationId}.json`;
}

/** Where a sealed PDF lies in an export. */
export const objectFile = (sha256: string): string => `objects/${sha256}.pdf`;

/** Where an e-document lies in an answer. */
export const inboxFile = (sha256: string): string => `inbox/${sha256}.edxml`;

/** `20261122-0915`, the wall clock of Vietnam, for the name of a folder. */
export const nameTime = (iso: string): string =>
  iso.slice(0, 16).replaceAll('-', '').replaceAll(':', '').replace('T', '-');
