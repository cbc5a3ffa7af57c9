import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { IntakeRecords } from '../intake/intake-records.ts';
import { Inbox } from './inbox.ts';

let office: SampleOffice;
let inbox: Inbox;
let intake: IntakeRecords;
beforeEach(async () => {
  office = await SampleOffice.open();
  inbox = new Inbox(office.database, office.clock);
  intake = new IntakeRecords(office.database, office.clock);
});
afterEach(() => office.close());

const take = (claim: string, sha256 = 'c'.repeat(64)) =>
  intake.add({
    agencyId: office.agencyId,
    claim,
    origin: 'electronic',
    source: 'inbox',
    originalName: `${claim}.edxml`,
    sourcePath: '',
    sha256,
    bytes: 10,
    mediaType: 'application/xml',
  });

it('a package that the province offers again is known', () => {
  expect(inbox.received('p-1')).toBeUndefined();
  inbox.add('p-1', take('p-1'));
  expect(inbox.received('p-1')).toEqual({ sha256: 'c'.repeat(64), acknowledged: false });
  expect(() => inbox.add('p-1', take('p-1 again'))).toThrow(/UNIQUE/);
});

it('a package stays owed to the province until it was told', () => {
  inbox.add('p-1', take('p-1', 'd'.repeat(64)));
  expect(inbox.unacknowledged()).toEqual([{ packageId: 'p-1', sha256: 'd'.repeat(64) }]);
  inbox.acknowledged('p-1');
  expect(inbox.unacknowledged()).toEqual([]);
});

it('a claim is recorded once, so that a crash between copy and record makes no second file', () => {
  const id = take('claim-1');
  expect(intake.byClaim('claim-1')).toBe(id);
  expect(() => take('claim-1')).toThrow(/UNIQUE/);
});

it('files with the same bytes are shown beside one another', () => {
  const first = take('một');
  const second = take('hai');
  expect(intake.get(second).duplicates).toMatchObject([
    { kind: 'same-file', intakeId: first, label: 'một.edxml' },
  ]);
  expect(intake.get(first).duplicates).toHaveLength(1);
});
