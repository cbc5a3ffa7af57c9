import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../../tests/lib/sample-office.ts';
import { JobQueue } from '../../store/job-queue.ts';
import { jobKinds } from './job-kinds.ts';
import { goOnSealing, holdSealing, type SealingParts, SealingDesk } from './sealing-desk.ts';

let office: SampleOffice;
let parts: SealingParts;
beforeEach(async () => {
  office = await SampleOffice.open();
  const { database, clock, audit, register } = office;
  const jobs = new JobQueue(database, clock, { parallel: 0 });
  parts = { actor: 'chị Lan', audit, database, jobs, register, sealing: new SealingDesk() };
  for (let n = 0; n < 2; n++) jobs.add(jobKinds.sign, office.enter().documentId);
});
afterEach(() => office.close());

/** Makes the database refuse a kind of write, as a full disk does. */
function refuse(what: 'INSERT ON audit' | 'UPDATE ON job'): void {
  office.database.run(
    `CREATE TEMP TRIGGER full_disk BEFORE ${what} BEGIN SELECT RAISE(ABORT, 'no room'); END`,
  );
}
const makeRoom = () => office.database.run('DROP TRIGGER full_disk');

const states = () => parts.jobs.unfinished(jobKinds.sign).map(({ state }) => state);
const logged = () => office.audit.forSubjects(['sealing']).map(({ action }) => action);

describe('a stop of the batch before the token', () => {
  it('is a stop in the log, of the jobs and at the desk, or none at all', () => {
    refuse('INSERT ON audit');
    expect(() => holdSealing(parts)).toThrow(/no room/);
    expect([parts.sealing.held, states(), logged()]).toEqual([false, ['ready', 'ready'], []]);
    makeRoom();
    refuse('UPDATE ON job');
    expect(() => holdSealing(parts)).toThrow(/no room/);
    expect([parts.sealing.held, states(), logged()]).toEqual([false, ['ready', 'ready'], []]);
    makeRoom();
    holdSealing(parts);
    expect([parts.sealing.held, states(), logged()]).toEqual([
      true,
      ['waiting', 'waiting'],
      ['sealing.held'],
    ]);
  });

  it.each(['INSERT ON audit', 'UPDATE ON job'] as const)(
    'goes on standing, also in the log, when %s fails at letting it go on',
    (what) => {
      holdSealing(parts);
      refuse(what);
      expect(() => goOnSealing(parts)).toThrow(/no room/);
      expect([parts.sealing.held, states(), logged()]).toEqual([
        true,
        ['waiting', 'waiting'],
        ['sealing.held'],
      ]);
      makeRoom();
      goOnSealing(parts);
      expect([parts.sealing.held, states(), logged()]).toEqual([
        false,
        ['ready', 'ready'],
        ['sealing.held', 'sealing.resumed'],
      ]);
    },
  );

  it('outlives the engine also when no document waited at that moment', () => {
    office.database.run(`UPDATE job SET state = 'running'`);
    holdSealing(parts);
    const later = { ...parts, sealing: new SealingDesk() };
    later.sealing.resume(later);
    expect(later.sealing.held).toBe(true);
    goOnSealing(later);
    const evenLater = { ...parts, sealing: new SealingDesk() };
    evenLater.sealing.resume(evenLater);
    expect(evenLater.sealing.held).toBe(false);
  });
});
