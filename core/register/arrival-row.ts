import { z } from 'zod';
import type { Arrival } from '../contract/register.ts';
import { urgencySchema } from '../contract/reading.ts';

/** An arrival joined with the state of its document and of its delivery. */
export const arrivalRowSchema = z.object({
  seq: z.number(),
  id: z.string(),
  register_id: z.string(),
  year: z.number(),
  number: z.number(),
  suffix: z.string(),
  arrival_date: z.string(),
  issuer: z.string(),
  doc_number: z.string(),
  doc_notation: z.string(),
  doc_date: z.string().nullable(),
  type_name: z.string(),
  subject: z.string(),
  receiver: z.string(),
  transfer_date: z.string().nullable(),
  received_by: z.string(),
  note: z.string(),
  urgency: urgencySchema,
  due_date: z.string().nullable(),
  signer_name: z.string(),
  origin: z.enum(['paper', 'electronic']),
  registered_at: z.string(),
  voided_at: z.string().nullable(),
  void_reason: z.string().nullable(),
  document_id: z.string(),
  document_state: z.enum(['registered', 'signing', 'sealed']),
  level_pending: z.number(),
  delivery: z.enum(['none', 'pending', 'sending', 'acked', 'blocked']),
});
export type ArrivalRow = z.infer<typeof arrivalRowSchema>;

/** SELECT list and joins that {@link arrivalRowSchema} expects; the arrival is `a`. */
export const arrivalSelect = `
  SELECT a.seq, a.id, a.register_id, a.year, a.number, a.suffix, a.arrival_date, a.issuer, a.doc_number, a.doc_notation,
         a.doc_date, a.type_name, a.subject, a.receiver, a.transfer_date, a.received_by, a.note, a.urgency, a.due_date,
         a.signer_name, a.origin, a.registered_at, a.voided_at, a.void_reason, a.document_id,
         d.state AS document_state,
         EXISTS (SELECT 1 FROM job j WHERE j.kind = 'document.extend' AND j.subject = a.document_id AND j.state <> 'done')
           AS level_pending,
         coalesce((SELECT o.state FROM outbox o WHERE o.document_id = a.document_id ORDER BY o.rowid DESC LIMIT 1), 'none')
           AS delivery
  FROM arrival a JOIN document d ON d.id = a.document_id`;

export function toArrival(row: ArrivalRow): Arrival {
  return {
    id: row.id,
    registerId: row.register_id,
    year: row.year,
    number: row.number,
    suffix: row.suffix,
    arrivalDate: row.arrival_date,
    issuer: row.issuer,
    docNumber: row.doc_number,
    docNotation: row.doc_notation,
    docDate: row.doc_date,
    typeName: row.type_name,
    subject: row.subject,
    receiver: row.receiver,
    transferDate: row.transfer_date,
    receivedBy: row.received_by,
    note: row.note,
    urgency: row.urgency,
    dueDate: row.due_date,
    signerName: row.signer_name,
    origin: row.origin,
    registeredAt: row.registered_at,
    voidedAt: row.voided_at,
    voidReason: row.void_reason,
    documentId: row.document_id,
    documentState: row.document_state,
    levelPending: row.level_pending === 1,
    delivery: row.delivery,
  };
}
