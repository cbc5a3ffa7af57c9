import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import { IntakeRecords } from './intake-records.ts';

let office: SampleOffice;
let intake: IntakeRecords;
beforeEach(async () => {
  office = await SampleOffice.open();
  intake = new IntakeRecords(office.database, office.clock);
});
afterEach(() => office.close());

function received(name: string): string {
  return intake.add({
    agencyId: office.agencyId,
    claim: name,
    origin: 'electronic',
    source: 'inbox',
    originalName: name,
    sourcePath: '',
    mediaType: 'application/pdf',
    sha256: Buffer.from(name).toString('hex').padEnd(64, '0'),
    bytes: 10,
  });
}

it.each(['error', 'facts', 'proposal', 'verification', 'warnings', 'virus_check'])(
  'a received file whose %s is damaged is shown so beside the others, and nothing can be done with it',
  (column) => {
    const id = received('a.pdf');
    received('b.pdf');
    office.database.run(`UPDATE intake SET ${column} = '{"pages": ' WHERE id = @id`, { id });
    const shown = intake.list({ limit: 9 }).map(({ originalName, error }) => [originalName, error?.code]);
    expect(shown).toEqual([
      ['b.pdf', undefined],
      ['a.pdf', 'store.row-damaged'],
    ]);
    expect(() => intake.get(id)).toThrow();
  },
);
