import { z } from 'zod';
import type { Handover, TokenEntry } from '../contract/token-register.ts';

/** A row of `token_certificate` without the certificate itself. */
export const entryRowSchema = z.object({
  id: z.string(),
  kind: z.enum(['pkcs11', 'soft']),
  manufacturer: z.string(),
  serial: z.string(),
  key_id: z.string(),
  fingerprint: z.string(),
  token_label: z.string(),
  subject: z.string(),
  organization: z.string(),
  issuer: z.string(),
  certificate_serial: z.string(),
  not_before: z.string(),
  not_after: z.string(),
  name: z.string(),
  holder: z.string(),
  purpose: z.enum(['agency', 'person']),
  note: z.string(),
  registered_at: z.string(),
  retired_at: z.string().nullable(),
  retired_reason: z.string().nullable(),
});
export type EntryRow = z.infer<typeof entryRowSchema>;

export const entryColumns =
  'id, kind, manufacturer, serial, key_id, fingerprint, token_label, subject, organization, issuer, certificate_serial, ' +
  'not_before, not_after, name, holder, purpose, note, registered_at, retired_at, retired_reason';

export const handoverRowSchema = z.object({
  number: z.number(),
  id: z.string(),
  certificate_id: z.string(),
  handed_over_on: z.string(),
  given_by: z.string(),
  received_by: z.string(),
  note: z.string(),
  recorded_at: z.string(),
  recorded_by: z.string(),
});

export function toHandover(row: z.infer<typeof handoverRowSchema>): Handover {
  return {
    id: row.id,
    number: row.number,
    entryId: row.certificate_id,
    date: row.handed_over_on,
    givenBy: row.given_by,
    receivedBy: row.received_by,
    note: row.note,
    recordedAt: row.recorded_at,
    recordedBy: row.recorded_by,
  };
}

/** The line as the contract shows it. `daysLeft` is whole days from now. */
export function toEntry(row: EntryRow, handovers: readonly Handover[], daysLeft: number): TokenEntry {
  return {
    id: row.id,
    kind: row.kind,
    manufacturer: row.manufacturer,
    serial: row.serial,
    keyId: row.key_id,
    fingerprint: row.fingerprint,
    tokenLabel: row.token_label,
    subject: row.subject,
    organization: row.organization,
    issuer: row.issuer,
    certificateSerial: row.certificate_serial,
    notBefore: row.not_before,
    notAfter: row.not_after,
    daysLeft,
    name: row.name,
    holder: row.holder,
    purpose: row.purpose,
    note: row.note,
    registeredAt: row.registered_at,
    retiredAt: row.retired_at,
    retiredReason: row.retired_reason,
    handovers: [...handovers],
  };
}
