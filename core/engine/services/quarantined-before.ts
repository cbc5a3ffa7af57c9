import { z } from 'zod';
import { errorValueSchema } from '../../contract/errors/value.ts';
import { AnThuError } from '../../shared/errors.ts';
import { cellValue, rowDamaged } from '../../store/stored-cell.ts';
import type { EngineContext } from '../context.ts';

const rowSchema = z.object({ original_name: z.string(), error: z.string() });

/**
 * Whether one of these files lies in quarantine already: then the same bytes are not looked at anew, for the scanner may
 * be left out by now and the reader may miss the mark it saw. Undefined when none does.
 */
export function quarantinedBefore(
  { database }: Pick<EngineContext, 'database'>,
  hashes: readonly string[],
): AnThuError | undefined {
  const first = database.get(
    rowSchema,
    `SELECT i.original_name, i.error FROM intake i
     WHERE (i.sha256 IN (SELECT value FROM json_each(@hashes)) OR i.pdf_sha256 IN (SELECT value FROM json_each(@hashes)))
       AND i.state = 'quarantined' AND i.error IS NOT NULL
     ORDER BY i.rowid LIMIT 1`,
    { hashes: JSON.stringify(hashes) },
  );
  if (!first) return undefined;
  const { code, detail } = cellValue(errorValueSchema, first.error) ?? rowDamaged('error');
  return new AnThuError('intake.quarantined-before', {
    name: first.original_name,
    reason: code === 'intake.quarantined-before' ? String(detail['reason'] ?? '') : code,
  });
}

const twinSchema = z.object({ id: z.string(), sha256: z.string() });

/** Received files with these bytes that are neither registered nor dismissed nor in quarantine. */
export function undecidedTwins(
  { database }: Pick<EngineContext, 'database'>,
  hashes: readonly string[],
): z.infer<typeof twinSchema>[] {
  return database.all(
    twinSchema,
    `SELECT id, sha256 FROM intake
     WHERE sha256 IN (SELECT value FROM json_each(@hashes))
       AND state NOT IN ('accepted', 'dismissed', 'quarantined')`,
    { hashes: JSON.stringify(hashes) },
  );
}
