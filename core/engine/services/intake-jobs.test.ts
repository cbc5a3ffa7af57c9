import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { IntakeRecords } from '../../intake/intake-records.ts';
import { AnThuError } from '../../shared/errors.ts';
import { JobQueue } from '../../store/job-queue.ts';
import { ObjectStore } from '../../store/object-store.ts';
import { Inbox } from '../../sync/inbox.ts';
import { Outbox } from '../../sync/outbox.ts';
import { DocumentWorker } from '../document-worker-client.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';
import { readSettings } from '../settings.ts';
import { type IntakeParts, registerIntakeJobs } from './intake-jobs.ts';
import { jobKinds } from './job-kinds.ts';
import { dismissIntake, type RegistrationParts } from './registration.ts';

let office: SampleOffice;
let context: IntakeParts & RegistrationParts;
let id: string;
/** What the clerk does while scanner or reader are at work. */
let meanwhile: () => void;
beforeEach(async () => {
  office = await SampleOffice.open();
  const { audit, clock, database, documents, folder, register } = office;
  const jobs = new JobQueue(database, clock, { parallel: 1 });
  const objects = new ObjectStore(folder);
  const version = { engine: 'ClamAV', database: '1', databaseDate: undefined };
  context = {
    actor: 'chị Lan',
    audit,
    clock,
    database,
    documents,
    emit: () => undefined,
    inbox: new Inbox(database, clock),
    intake: new IntakeRecords(database, clock),
    jobs,
    objects,
    outbox: new Outbox(database, clock),
    register,
    reader: {
      readPage: async () => {
        meanwhile();
        throw new AnThuError('reading.unreadable-page');
      },
    },
    scanner: () => ({
      scan: async () => {
        meanwhile();
        return { kind: 'clean', reply: 'OK', version };
      },
      version: async () => version,
    }),
    settings: () => readSettings(database),
    // Nothing here is parsed: it never starts.
    worker: new DocumentWorker(createNodeSpawner()),
  };
  registerIntakeJobs(context, jobs);
  writeFileSync(join(folder.root, 'scan.pdf'), '%PDF-1.7');
  const stored = await objects.put(join(folder.root, 'scan.pdf'));
  id = context.intake.add({
    agencyId: office.agencyId,
    claim: 'scan',
    origin: 'paper',
    source: 'command',
    originalName: 'scan.pdf',
    sourcePath: '',
    mediaType: 'application/pdf',
    ...stored,
  });
  meanwhile = () => void dismissIntake(context, id, 'quét nhầm');
  jobs.start();
});
afterEach(async () => {
  await context.jobs.stop();
  office.close();
});

const jobsOf = () => context.jobs.forSubjects([id]).map(({ kind, state }) => `${kind} ${state}`);

it.each([jobKinds.check, jobKinds.read])(
  'a file that the clerk dismisses while %s is at work stays dismissed, and nothing more is done with it',
  async (kind) => {
    context.jobs.add(kind, id);
    await expect.poll(jobsOf).toEqual([`${kind} done`]);
    expect(context.intake.get(id)).toMatchObject({ state: 'dismissed', error: null });
    const actions = office.audit.forSubjects([id]).map(({ action }) => action);
    expect(actions).toEqual(['intake.dismissed']);
  },
);

it.each([jobKinds.check, jobKinds.read])(
  'a file that nobody decides about goes on after %s',
  async (kind) => {
    meanwhile = () => undefined;
    context.jobs.add(kind, id);
    await expect
      .poll(() => context.intake.get(id).state)
      .toBe(kind === jobKinds.check ? 'checked' : 'proposed');
  },
);
