import { z } from 'zod';
import type { ParsedInput, ProcedureOutput } from '../../contract/procedures.ts';
import { fileVerdictSchema } from '../../contract/verification.ts';
import { missingNumbers } from '../../register/book/missing-numbers.ts';
import { readBook } from '../../register/book/read-book.ts';
import { ArrivalCount, periodOf, type ReportedEntry } from '../../register/report/arrival-report.ts';
import { shownDate, vietnamDate } from '../../shared/clock.ts';
import { AnThuError } from '../../shared/errors.ts';
import { agencyOf, type EngineContext, requireRegister } from '../context.ts';

/** Counts a quarter or a year of a register by the day of arrival. */
export async function reportArrivals(
  context: Pick<EngineContext, 'audit' | 'clock' | 'database'>,
  { registerId, year, quarter }: ParsedInput<'report.arrivals'>,
): Promise<ProcedureOutput<'report.arrivals'>> {
  const { clock, database } = context;
  const register = requireRegister(database, registerId);
  const { from, to } = periodOf(year, quarter);
  const now = clock.now();
  const today = vietnamDate(now);
  if (from > today) throw new AnThuError('register.period-not-begun', { date: shownDate(from) });
  const lost = missingNumbers(database, { registerId: register.id, year });
  const lostNumbers = lost.reduce((sum, numbers) => sum + numbers.to - numbers.from + 1, 0);
  const heads = {
    agency: agencyOf(database, register).name,
    register: register.name,
    year,
    quarter: quarter ?? null,
    from,
    to,
    lostNumbers,
  };
  const count = new ArrivalCount({ ...heads, complete: to < today }, now);
  for await (const slice of readBook(context, { registerId: register.id, from, to })) {
    const verdicts = verdictsOf(
      context,
      slice.map(({ arrival }) => arrival.documentId),
    );
    for (const { arrival } of slice)
      count.add({ arrival, verdict: verdicts.get(arrival.documentId) ?? 'unchecked' });
  }
  return count.report();
}

const verdictRowSchema = z.object({
  document_id: z.string(),
  sha256: z.string(),
  verdict: fileVerdictSchema.nullable().catch(null),
});

/** What the last check of each file of a document found, one that is damaged as not to be decided; of several files the gravest counts. */
function verdictsOf(
  { database }: Pick<EngineContext, 'database'>,
  documentIds: readonly string[],
): Map<string, ReportedEntry['verdict']> {
  const rows = database.all(
    verdictRowSchema,
    `SELECT document_id, sha256, CASE WHEN json_valid(report) THEN json_extract(report, '$.verdict') END AS verdict
     FROM verification
     WHERE document_id IN (SELECT value FROM json_each(@documentIds)) ORDER BY rowid`,
    { documentIds: JSON.stringify(documentIds) },
  );
  const last = new Map(rows.map((row) => [`${row.document_id} ${row.sha256}`, row]));
  const verdicts = new Map<string, ReportedEntry['verdict']>();
  for (const { document_id: id, verdict } of last.values()) {
    const found = verdict === null || verdict === 'unreadable' ? 'indeterminate' : verdict;
    const known = verdicts.get(id);
    if (known === undefined || gravity[found] > gravity[known]) verdicts.set(id, found);
  }
  return verdicts;
}

/** An attachment without signature does not make a signed letter unsigned. */
const gravity: Readonly<Record<ReportedEntry['verdict'], number>> = {
  unchecked: 0,
  unsigned: 1,
  valid: 2,
  indeterminate: 3,
  invalid: 4,
};
