import { z } from 'zod';
import { AnThuError } from '../../shared/errors.ts';
import { type EdxmlStatusInput, edxmlStatusSchema } from '../../sync/edxml/types.ts';
import type { OutboxRow } from '../../sync/outbox.ts';
import { type ArrivalRecord, arrivalRecordSchema } from '../../sync/protocol.ts';

/** What the outbox keeps of a status message: repeated sends are the same bytes. */
const statusBodySchema = z.object({ status: edxmlStatusSchema });

/** What an operation tells the province. */
export type Operation =
  | { readonly kind: 'arrival-record'; readonly record: ArrivalRecord }
  | { readonly kind: 'status'; readonly status: EdxmlStatusInput };

/** Reads an operation as it is kept. Throws `store.row-damaged`. */
export function operationOf({ kind, body }: Pick<OutboxRow, 'kind' | 'body'>): Operation {
  try {
    const value: unknown = JSON.parse(body);
    return kind === 'edxml-status'
      ? { kind: 'status', status: statusBodySchema.parse(value).status }
      : { kind, record: arrivalRecordSchema.parse(value) };
  } catch (cause) {
    throw new AnThuError('store.row-damaged', { part: 'body' }, { cause });
  }
}
