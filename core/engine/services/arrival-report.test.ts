import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { recordObject } from '../../store/object-rows.ts';
import { reportArrivals } from './arrival-report.ts';

let office: SampleOffice;
beforeEach(async () => void (office = await SampleOffice.open()));
afterEach(() => office.close());

it('a judgement that is damaged in the database is one that decides nothing, and the period is counted', async () => {
  const { clock, database } = office;
  const sha256 = 'a'.repeat(64);
  recordObject(database, { sha256, bytes: 10, mediaType: 'application/pdf' }, clock.now());
  for (const report of ['{"verdict": "valid"}', '{"verdict": "val', '{"verdict": "fine"}'])
    database.run(
      'INSERT INTO verification (id, document_id, sha256, checked_at, report) VALUES (@id, @documentId, @sha256, @now, @report)',
      {
        id: report,
        documentId: office.enter({}, { origin: 'electronic' }).documentId,
        sha256,
        now: clock.now().toISOString(),
        report,
      },
    );
  const { signatures } = await reportArrivals(office, { year: 2026, quarter: 1 });
  expect(signatures).toMatchObject({ valid: 1, indeterminate: 2, unchecked: 0 });
});
