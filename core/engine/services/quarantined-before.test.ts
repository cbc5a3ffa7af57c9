import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { IntakeRecords } from '../../intake/intake-records.ts';
import { quarantinedBefore } from './quarantined-before.ts';

let office: SampleOffice;
beforeEach(async () => void (office = await SampleOffice.open()));
afterEach(() => office.close());

it('a file in quarantine keeps the same bytes out also when its reason cannot be read any more', () => {
  const sha256 = 'a'.repeat(64);
  new IntakeRecords(office.database, office.clock).add({
    agencyId: office.agencyId,
    claim: 'x',
    origin: 'paper',
    source: 'command',
    originalName: 'x.pdf',
    sourcePath: '',
    mediaType: 'application/pdf',
    sha256,
    bytes: 10,
  });
  office.database.run(`UPDATE intake SET state = 'quarantined', error = '{"code": '`);
  expect(quarantinedBefore(office, [sha256])).toMatchObject({
    code: 'intake.quarantined-before',
    detail: { name: 'x.pdf', reason: 'store.row-damaged' },
  });
});
