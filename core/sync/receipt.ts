import { AnThuError } from '../shared/errors.ts';
import type { Receipt } from './protocol.ts';

/** What a receipt must name to count. */
export type ReceiptExpectation = Pick<Receipt, 'kind' | 'operationId' | 'sha256' | 'objectSha256'>;

/** A receipt counts only when it names this operation, this body and this object. Error: `sync.wrong-receipt`. */
export function checkReceipt(receipt: Receipt, expected: ReceiptExpectation): Receipt {
  for (const field of ['kind', 'operationId', 'sha256', 'objectSha256'] as const) {
    if (receipt[field] !== expected[field]) {
      const reason = `${field}: ${expected[field] ?? 'none'} ≠ ${receipt[field] ?? 'none'}`;
      throw new AnThuError('sync.wrong-receipt', { operationId: expected.operationId, reason });
    }
  }
  return receipt;
}
