import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SampleOffice } from '../../tests/lib/sample-office.ts';
import type { JobView } from '../contract/document.ts';
import { AnThuError } from '../shared/errors.ts';
import { type FailurePlan, type Job, JobQueue } from './job-queue.ts';

let office: SampleOffice;
let queue: JobQueue;
let done: string[];
beforeEach(async () => {
  office = await SampleOffice.open();
  done = [];
  queue = newQueue();
});
afterEach(async () => {
  await queue.stop();
  office.close();
});

const newQueue = (parallel = 1) => new JobQueue(office.database, office.clock, { parallel });

/** Lets promises and immediate pumps run until nothing is due. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (queue.settled) return;
  }
}

interface Behaviour {
  readonly fails?: (job: Job) => boolean;
  readonly plan?: FailurePlan;
}

function handle(kind: string, { fails = () => false, plan = { kind: 'park' } }: Behaviour = {}): void {
  queue.register(kind, {
    run: async (job) => {
      await Promise.resolve();
      if (fails(job)) throw new AnThuError('scanner.unavailable', { reason: 'thử' });
      done.push(job.subject);
    },
    onFailure: () => plan,
  });
}

const view = (subject: string): JobView | undefined => queue.forSubjects([subject])[0];

describe('a job', () => {
  it('runs once and is done', async () => {
    handle('read');
    queue.start();
    queue.add('read', 'thư 1');
    await quiet();
    expect(done).toEqual(['thư 1']);
    expect(view('thư 1')).toMatchObject({ state: 'done', attempts: 1, error: null });
  });

  it('does not run before its transaction commits, and never when that fails', async () => {
    handle('read');
    queue.start();
    expect(() =>
      office.database.transaction(() => {
        queue.add('read', 'thư 1');
        throw new Error('rolled back');
      }),
    ).toThrow();
    office.database.transaction(() => {
      queue.add('read', 'thư 2');
      expect(done).toEqual([]);
    });
    await quiet();
    expect(done).toEqual(['thư 2']);
  });

  it('of the same kind and subject is one job; another kind is another', async () => {
    handle('read');
    handle('sign');
    queue.add('read', 'thư 1');
    queue.add('read', 'thư 1');
    queue.add('sign', 'thư 1');
    expect(queue.count('ready')).toBe(2);
    queue.start();
    await quiet();
    expect(done).toEqual(['thư 1', 'thư 1']);
  });

  it('done before can be asked for again', async () => {
    handle('read');
    queue.start();
    queue.add('read', 'thư 1');
    await quiet();
    queue.add('read', 'thư 1');
    await quiet();
    expect(done).toHaveLength(2);
  });

  it('comes in the order it was added', async () => {
    handle('read');
    for (const subject of ['một', 'hai', 'ba']) {
      office.clock.advance(1);
      queue.add('read', subject);
    }
    queue.start();
    await quiet();
    expect(done).toEqual(['một', 'hai', 'ba']);
  });
});

describe('a job that fails', () => {
  it('is tried again only when its pause is over', async () => {
    handle('scan', { fails: (job) => job.attempts < 2, plan: { kind: 'retry', afterMs: 60_000 } });
    queue.start();
    queue.add('scan', 'thư 1');
    await quiet();
    expect(view('thư 1')).toMatchObject({
      state: 'ready',
      attempts: 1,
      error: { code: 'scanner.unavailable' },
    });
    office.clock.advance(59_000);
    queue.wake('anything');
    await quiet();
    expect(done).toEqual([]);
    office.clock.advance(2_000);
    queue.wake('anything');
    await quiet();
    expect(done).toEqual(['thư 1']);
  });

  it('waits for a condition and goes on when somebody calls it', async () => {
    let away = true;
    handle('sign', { fails: () => away, plan: { kind: 'wait', waitsFor: 'token', atMostMs: 3_600_000 } });
    queue.start();
    queue.add('sign', 'thư 1');
    await quiet();
    expect([queue.count('waiting', 'token'), queue.count('waiting', 'scanner')]).toEqual([1, 0]);
    queue.wake('scanner');
    await quiet();
    expect(done).toEqual([]);
    away = false;
    queue.wake('token');
    await quiet();
    expect(done).toEqual(['thư 1']);
  });

  it('looks again by itself when nobody calls', async () => {
    let away = true;
    handle('sign', { fails: () => away, plan: { kind: 'wait', waitsFor: 'token', atMostMs: 60_000 } });
    queue.start();
    queue.add('sign', 'thư 1');
    await quiet();
    away = false;
    office.clock.advance(61_000);
    queue.wake('something else');
    await quiet();
    expect(done).toEqual(['thư 1']);
  });

  it('hears a call that came while it was still running', async () => {
    let tries = 0;
    queue.register('sign', {
      run: (job) => {
        if (++tries === 1) {
          queue.wake('token');
          throw new AnThuError('scanner.unavailable', { reason: 'thử' });
        }
        done.push(job.subject);
        return Promise.resolve();
      },
      onFailure: () => ({ kind: 'wait', waitsFor: 'token', atMostMs: 3_600_000 }),
    });
    queue.start();
    queue.add('sign', 'thư 1');
    await quiet();
    expect(done).toEqual(['thư 1']);
  });

  it('for good is parked with its reason until a person puts it back', async () => {
    let broken = true;
    handle('read', { fails: () => broken });
    queue.start();
    queue.add('read', 'thư 1');
    await quiet();
    expect(view('thư 1')).toMatchObject({ state: 'parked', error: { code: 'scanner.unavailable' } });
    office.clock.advance(10 * 24 * 3_600_000);
    queue.wake('token');
    await quiet();
    expect(done).toEqual([]);
    broken = false;
    expect(queue.retry('thư 1')).toBe(1);
    await quiet();
    expect(done).toEqual(['thư 1']);
  });

  it('never keeps the others from their turn', async () => {
    handle('read', { fails: (job) => job.subject === 'độc' });
    queue.add('read', 'độc');
    for (const subject of ['một', 'hai', 'ba']) {
      office.clock.advance(1);
      queue.add('read', subject);
    }
    queue.start();
    await quiet();
    expect(done).toEqual(['một', 'hai', 'ba']);
    expect(queue.count('parked')).toBe(1);
  });

  it('of a kind that nobody handles is parked as a defect', async () => {
    queue.start();
    queue.add('unknown', 'thư 1');
    await quiet();
    expect(view('thư 1')).toMatchObject({ state: 'parked', error: { code: 'general.defect' } });
  });
});

describe('after a crash', () => {
  it('what was running is run again', async () => {
    queue.register('read', { run: () => new Promise(() => undefined), onFailure: () => ({ kind: 'park' }) });
    queue.start();
    queue.add('read', 'thư 1');
    expect(queue.count('running')).toBe(1);
    queue = newQueue(); // the process before is gone without a word
    handle('read');
    queue.start();
    await quiet();
    expect(done).toEqual(['thư 1']);
    expect(view('thư 1')).toMatchObject({ state: 'done', attempts: 2 });
  });

  it('what was parked stays parked', async () => {
    handle('read', { fails: () => true });
    queue.start();
    queue.add('read', 'thư 1');
    await quiet();
    queue = newQueue();
    handle('read');
    queue.start();
    await quiet();
    expect(done).toEqual([]);
  });
});

it('no more jobs run at once than allowed', async () => {
  queue = newQueue(2);
  let running = 0;
  let most = 0;
  queue.register('read', {
    run: async (job) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      done.push(job.subject);
    },
    onFailure: () => ({ kind: 'park' }),
  });
  queue.start();
  for (const subject of ['a', 'b', 'c', 'd', 'e']) queue.add('read', subject);
  await expect.poll(() => done.length).toBe(5);
  expect(most).toBe(2);
});

it('stopping waits for the work under way and takes no more', async () => {
  handle('read');
  queue.start();
  queue.add('read', 'một');
  queue.add('read', 'hai');
  await queue.stop();
  expect(done).toEqual(['một']);
  expect(queue.count('ready')).toBe(1);
});

it('tells of each outcome', async () => {
  const told: string[] = [];
  queue.onChange((job) => told.push(`${job.subject} ${job.state}`));
  handle('read');
  queue.start();
  queue.add('read', 'thư 1');
  await quiet();
  expect(told).toEqual(['thư 1 done']);
});
