import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SetClock } from '../../tests/lib/sample-office.ts';
import { systemClock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { Database } from './database.ts';
import type { FailurePlan } from './job-handler.ts';
import { JobQueue } from './job-queue.ts';

let folder: string;
let database: Database;
/** The same, but for what {@link refusal} says. */
let refusing: Database;
/** What every write fails with while it is set. */
let refusal: AnThuError | undefined;
let queue: JobQueue;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'an-thu-jobs-'));
  database = Database.open(join(folder, 'register.db'));
  refusal = undefined;
  refusing = new Proxy(database, {
    get(target, name) {
      if (name === 'run' && refusal) {
        return () => {
          throw refusal;
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  queue = new JobQueue(refusing, systemClock, { parallel: 2 });
});
afterEach(async () => {
  refusal = undefined;
  await queue.stop();
  database.close();
  await rm(folder, { recursive: true, force: true });
});

const full = () => new AnThuError('store.disk-full', { needed: 1, free: 0 });
const park = (): FailurePlan => ({ kind: 'park' });
const waitForToken = (): FailurePlan => ({ kind: 'wait', waitsFor: 'token', atMostMs: 3_600_000 });

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const stateOf = (subject: string) => queue.forSubjects([subject])[0]?.state;

describe('the job queue', () => {
  it.each(['{"code": ', '{"code": 7}', ''])(
    'shows a job whose reason «%s» is damaged, and all others',
    (cell) => {
      for (const subject of ['văn bản 1', 'văn bản 2']) queue.add('sign', subject);
      database.run(`UPDATE job SET error = @cell WHERE subject = 'văn bản 1'`, { cell });
      const shown = queue.unfinished('sign').map(({ subject, error }) => [subject, error?.code]);
      expect(shown).toEqual([
        ['văn bản 1', 'store.row-damaged'],
        ['văn bản 2', undefined],
      ]);
    },
  );

  it('lets a job sleep until its day, and sleep again when it asks for it', async () => {
    let runs = 0;
    const tomorrow = new Date(Date.now() + 86_400_000);
    queue.register('renew', {
      run: () => Promise.resolve(++runs === 1 ? { againAt: tomorrow } : undefined),
      onFailure: park,
    });
    queue.add('renew', 'văn bản', { until: tomorrow });
    queue.start();
    expect(queue.settled).toBe(true);
    queue.add('renew', 'văn bản');
    await until(() => runs === 1 && queue.settled);
    expect(queue.forSubjects(['văn bản'])).toMatchObject([
      { state: 'ready', nextAt: tomorrow.toISOString() },
    ]);
    expect(queue.countOpen('renew')).toBe(1);
    queue.retry('văn bản');
    await until(() => stateOf('văn bản') === 'done');
    expect(queue.countOpen('renew')).toBe(0);
  });

  it('does not let a job wait for a year in which the clock stood by mistake', async () => {
    const clock = new SetClock('2027-03-02T01:00:00Z');
    const under = (parallel: number) => {
      const made = new JobQueue(database, clock, { parallel });
      made.register('work', { run: () => Promise.resolve(), onFailure: park });
      return made;
    };
    const ahead = under(0);
    ahead.add('work', 'ngay');
    ahead.add('work', 'mười phút nữa', { ms: 600_000 });
    ahead.add('work', 'dở dang');
    database.run(`UPDATE job SET state = 'running' WHERE subject = 'dở dang'`);
    clock.set('2026-03-02T01:00:00Z');
    const right = under(1);
    right.start();
    await until(() => stateOf('ngay') === 'done' && stateOf('dở dang') === 'done');
    expect(right.forSubjects(['mười phút nữa'])).toMatchObject([
      { state: 'ready', nextAt: '2026-03-02T01:10:00.000Z' },
    ]);
    clock.set('2025-03-02T01:00:00Z');
    right.add('work', 'sau đó');
    await until(() => stateOf('sau đó') === 'done');
    expect(right.forSubjects(['mười phút nữa'])).toMatchObject([{ nextAt: '2025-03-02T01:10:00.000Z' }]);
    await right.stop();
  });

  it('makes good later that the clock was set back, where the database could not be written then', async () => {
    const clock = new SetClock('2027-03-02T01:00:00Z');
    queue = new JobQueue(refusing, clock, { parallel: 1 });
    queue.start();
    queue.add('work', 'mười phút nữa', { ms: 600_000 });
    clock.set('2026-03-02T01:00:00Z');
    refusal = full();
    queue.wake('token');
    refusal = undefined;
    const nextAt = () => queue.forSubjects(['mười phút nữa'])[0]?.nextAt;
    expect(nextAt()).toBe('2027-03-02T01:10:00.000Z');
    await until(() => nextAt() === '2026-03-02T01:10:00.000Z');
  });

  it('lets no job whose times are damaged keep the others asleep when the clock was set back', async () => {
    const clock = new SetClock('2027-03-02T01:00:00Z');
    queue = new JobQueue(database, clock, { parallel: 1 });
    let runs = 0;
    queue.register('work', { run: () => Promise.resolve(void runs++), onFailure: park });
    queue.start();
    for (const subject of ['hỏng', 'mười phút nữa']) queue.add('work', subject, { ms: 600_000 });
    database.run(`UPDATE job SET next_at = '2027-13-99' WHERE subject = 'hỏng'`);
    clock.set('2026-03-02T01:00:00Z');
    queue.wake('token');
    expect(queue.forSubjects(['mười phút nữa'])[0]?.nextAt).toBe('2026-03-02T01:10:00.000Z');
    await until(() => stateOf('hỏng') === 'done');
    expect(runs).toBe(1);
  });

  it('runs a job that was under way when the process died', async () => {
    let runs = 0;
    const handler = {
      run: () => {
        runs++;
        return Promise.resolve();
      },
      onFailure: park,
    };
    queue.register('work', handler);
    queue.add('work', 'a');
    database.run(`UPDATE job SET state = 'running'`);
    queue.start();
    await until(() => stateOf('a') === 'done');
    expect(runs).toBe(1);
  });

  it('does not lose a wake that comes while the job is finding out that it must wait', async () => {
    let runs = 0;
    queue.register('sign', {
      run: async () => {
        runs++;
        if (runs > 1) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
        queue.wake('token');
        throw new AnThuError('token.not-unlocked');
      },
      onFailure: waitForToken,
    });
    queue.start();
    queue.add('sign', 'a');
    await until(() => stateOf('a') === 'done');
    expect(runs).toBe(2);
  });

  it('waits when nobody woke it', async () => {
    queue.register('sign', {
      run: () => Promise.reject(new AnThuError('token.not-unlocked')),
      onFailure: waitForToken,
    });
    queue.start();
    queue.add('sign', 'a');
    await until(() => stateOf('a') === 'waiting');
    expect(queue.settled).toBe(true);
  });

  it('runs a job once more that is asked for again while it runs, also when the process dies meanwhile', async () => {
    const seen: string[] = [];
    let file = 'v1';
    const hold = Promise.withResolvers<void>();
    queue.register('recheck', {
      run: async () => {
        seen.push(file);
        if (file === 'v1') await hold.promise;
      },
      onFailure: park,
    });
    queue.start();
    queue.add('recheck', 'văn bản 1');
    await until(() => seen.length === 1);
    file = 'v2';
    queue.add('recheck', 'văn bản 1', { ms: 10 });
    expect(stateOf('văn bản 1')).toBe('running');
    const [job] = queue.forSubjects(['văn bản 1']);
    hold.resolve();
    await until(() => stateOf('văn bản 1') === 'done');
    expect(seen).toEqual(['v1', 'v2']);
    expect(queue.forSubjects(['văn bản 1'])).toMatchObject([{ id: job?.id }]);
  });

  it('keeps the outcome of a job until the database takes it, and says what is the matter', async () => {
    let runs = 0;
    const troubles: string[] = [];
    queue.onTrouble((error) => troubles.push(error.code));
    queue.register('work', {
      run: () => {
        runs++;
        refusal = full();
        return Promise.resolve();
      },
      onFailure: park,
    });
    queue.start();
    queue.add('work', 'a');
    await until(() => troubles.length > 0);
    expect(troubles[0]).toBe('store.disk-full');
    expect(stateOf('a')).toBe('running');
    refusal = undefined;
    await until(() => stateOf('a') === 'done');
    expect(runs).toBe(1);
  });

  it('makes a wake good that came while the database could not be written', async () => {
    queue.register('work', { run: () => Promise.resolve(), onFailure: park });
    queue.start();
    queue.add('work', 'a');
    await until(() => stateOf('a') === 'done');
    database.run(`UPDATE job SET state = 'waiting', waits_for = 'token', next_at = '2999-01-01T00:00:00Z'`);
    refusal = full();
    const troubles: string[] = [];
    queue.onTrouble((error) => troubles.push(error.code));
    queue.wake('token');
    expect(troubles).toEqual(['store.disk-full']);
    expect(stateOf('a')).toBe('waiting');
    refusal = undefined;
    await until(() => stateOf('a') === 'done');
  });
});
