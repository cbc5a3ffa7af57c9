import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import type { Arrival } from '../../contract/register.ts';
import { IntakeRecords } from '../../intake/intake-records.ts';
import { JobQueue } from '../../store/job-queue.ts';
import { recordObject } from '../../store/object-rows.ts';
import { Outbox } from '../../sync/outbox.ts';
import { arrivalRecordSchema } from '../../sync/protocol.ts';
import { patchSettings, readSettings } from '../settings.ts';
import { changeEntry, queueArrivalRecord, type UploadParts } from './arrival-upload.ts';

let office: SampleOffice;
let parts: UploadParts;
beforeEach(async () => {
  office = await SampleOffice.open();
  const { audit, clock, database, documents, register } = office;
  const settings = patchSettings(readSettings(database), { sync: { officeId: 'xa-b' } });
  parts = {
    actor: 'chị Lan',
    audit,
    database,
    documents,
    intake: new IntakeRecords(database, clock),
    jobs: new JobQueue(database, clock, { parallel: 0 }),
    outbox: new Outbox(database, clock),
    register,
    settings: () => settings,
  };
});
afterEach(() => office.close());

/** A letter with its sealed file. */
function sealed(): Arrival {
  const arrival = office.enter({ docNumber: '5', docNotation: 'UBND-VP' });
  const object = { sha256: 'a'.repeat(64), bytes: 10, mediaType: 'application/pdf' };
  recordObject(office.database, object, office.clock.now());
  office.documents.addObject(arrival.documentId, { sha256: object.sha256, role: 'sealed', name: 'a.pdf' });
  return arrival;
}

const bodies = () =>
  office.database
    .all(z.object({ body: z.string() }), 'SELECT body FROM outbox ORDER BY rowid')
    .map(({ body }) => arrivalRecordSchema.parse(JSON.parse(body)));
const told = () => bodies().map(({ action, subject, voidReason }) => [action, subject, voidReason]);

/** The province has it. */
function sent({ documentId }: Arrival): void {
  for (const { id } of parts.outbox.records(documentId)) {
    parts.outbox.markSending(id);
    office.database.run(`UPDATE outbox SET state = 'acked' WHERE id = @id`, { id });
  }
}

const correct = (arrival: Arrival, subject: string) =>
  changeEntry(parts, () => parts.register.correct(arrival.id, { subject }, 'gõ nhầm', 'chị Lan'));
const voided = (arrival: Arrival) =>
  changeEntry(parts, () => parts.register.void(arrival.id, 'vào sổ hai lần', 'chị Lan'));

describe('what the province was told of an entry', () => {
  it('is corrected when the entry is, also back to what it said first, and voided with its reason', () => {
    const arrival = sealed();
    queueArrivalRecord(parts, arrival.documentId);
    sent(arrival);
    correct(arrival, 'Trích yếu khác');
    sent(arrival);
    correct(arrival, arrival.subject);
    sent(arrival);
    voided(arrival);
    expect(told()).toEqual([
      ['register', arrival.subject, null],
      ['correct', 'Trích yếu khác', null],
      ['correct', arrival.subject, null],
      ['void', arrival.subject, 'vào sổ hai lần'],
    ]);
  });

  it('is what the entry says by then, where nobody tried to send it yet', () => {
    const arrival = sealed();
    queueArrivalRecord(parts, arrival.documentId);
    correct(arrival, 'Trích yếu khác');
    expect(told()).toEqual([['register', 'Trích yếu khác', null]]);
    voided(arrival);
    expect(told()).toEqual([['void', 'Trích yếu khác', 'vào sổ hai lần']]);
  });

  it('is nothing before its file is sealed, and once it is, that it is void', () => {
    const arrival = office.enter();
    voided(arrival);
    expect(told()).toEqual([]);
    const object = { sha256: 'b'.repeat(64), bytes: 10, mediaType: 'application/pdf' };
    recordObject(office.database, object, office.clock.now());
    office.documents.addObject(arrival.documentId, { sha256: object.sha256, role: 'sealed', name: 'b.pdf' });
    queueArrivalRecord(parts, arrival.documentId);
    queueArrivalRecord(parts, arrival.documentId);
    expect(told()).toEqual([['void', arrival.subject, 'vào sổ hai lần']]);
  });

  it('stays as it is when the change cannot be written', () => {
    const arrival = sealed();
    queueArrivalRecord(parts, arrival.documentId);
    sent(arrival);
    const full = `CREATE TEMP TRIGGER full_disk BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no room'); END`;
    office.database.run(full);
    expect(() => correct(arrival, 'Trích yếu khác')).toThrow(/no room/);
    expect(parts.register.get(arrival.id).subject).toBe(arrival.subject);
  });
});
