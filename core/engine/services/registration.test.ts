import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice, letter } from '../../../tests/lib/sample-office.ts';
import { IntakeRecords } from '../../intake/intake-records.ts';
import { JobQueue } from '../../store/job-queue.ts';
import { recordObject } from '../../store/object-rows.ts';
import { Inbox } from '../../sync/inbox.ts';
import { Outbox } from '../../sync/outbox.ts';
import { acceptIntake, type RegistrationParts } from './registration.ts';

let office: SampleOffice;
let parts: RegistrationParts;
beforeEach(async () => {
  office = await SampleOffice.open();
  const { audit, clock, database, documents, register } = office;
  parts = {
    actor: 'chị Lan',
    audit,
    clock,
    database,
    documents,
    register,
    emit: () => undefined,
    inbox: new Inbox(database, clock),
    intake: new IntakeRecords(database, clock),
    jobs: new JobQueue(database, clock, { parallel: 0 }),
    outbox: new Outbox(database, clock),
  };
});
afterEach(() => office.close());

const hashes = { package: 'a'.repeat(64), main: 'b'.repeat(64), annex: 'c'.repeat(64) };

/** A package up to its proposal, with these files in it. */
function proposed(files: readonly (readonly [sha256: string, name: string])[]): string {
  const { agencyId, clock, database } = office;
  const id = parts.intake.add({
    agencyId,
    claim: 'inbox:p-1',
    origin: 'electronic',
    source: 'inbox',
    originalName: 'p-1.edxml',
    sourcePath: 'p-1',
    sha256: hashes.package,
    bytes: 10,
    mediaType: 'application/xml',
  });
  for (const [position, [sha256, name]] of files.entries()) {
    recordObject(database, { sha256, bytes: 5, mediaType: 'application/pdf' }, clock.now());
    database.run(
      'INSERT INTO intake_attachment (intake_id, position, sha256, name) VALUES (@id, @position, @sha256, @name)',
      { id, position, sha256, name },
    );
  }
  parts.intake.update(id, { state: 'proposed', pdfSha256: hashes.main });
  return id;
}

it('a package that holds the same file twice can be entered, and each file is kept once', () => {
  const id = proposed([
    [hashes.main, 'công văn.pdf'],
    [hashes.annex, 'phụ lục.pdf'],
    [hashes.main, 'công văn (1).pdf'],
    [hashes.annex, 'phụ lục (1).pdf'],
  ]);
  const { documentId, number } = acceptIntake(parts, {
    id,
    fields: letter(),
    duplicateAccepted: false,
    decision: '',
  });
  expect(number).toBe(1);
  expect(office.documents.objects(documentId)).toMatchObject([
    { role: 'package', sha256: hashes.package },
    { role: 'sealed', sha256: hashes.main, name: 'công văn.pdf' },
    { role: 'attachment', sha256: hashes.annex, name: 'phụ lục.pdf' },
  ]);
});
