import type { z } from 'zod';
import { type ErrorValue, errorValueSchema } from '../contract/errors/value.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../shared/errors.ts';

/** The value of a cell that holds JSON; undefined for one that a disk or another program has spoilt. */
export function cellValue<T>(schema: z.ZodType<T>, cell: string): T | undefined {
  try {
    return schema.parse(JSON.parse(cell));
  } catch {
    return undefined;
  }
}

/** What `read` gives; undefined where `store.row-damaged` keeps it from. */
export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (asAnThuError(thrown).code === 'store.row-damaged') return undefined;
    throw thrown;
  }
}

/** The error that a row keeps. For lists: one that cannot be read stands as `store.row-damaged` and costs no other row. */
export function storedError(cell: string | null): ErrorValue | null {
  return cell === null ? null : (cellValue(errorValueSchema, cell) ?? rowDamaged('error'));
}

/** What is shown of a row of which a part cannot be read. */
export function rowDamaged(part: string): ErrorValue {
  return toErrorValue(new AnThuError('store.row-damaged', { part }));
}
