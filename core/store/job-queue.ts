import { z } from 'zod';
import type { JobView } from '../contract/document.ts';
import type { Clock } from '../shared/clock.ts';
import { AnThuError, asAnThuError } from '../shared/errors.ts';
import { failpoint } from '../shared/failpoint.ts';
import { newId } from '../shared/ids.ts';
import type { Database } from './database.ts';
import {
  type FailurePlan,
  type Job,
  type JobHandler,
  type Outcome,
  outcomeOfFailure,
  outcomeOfRun,
} from './job-handler.ts';
import { type JobRow, rowSchema, type stateSchema, toView } from './job-row.ts';
import { sleepFromNow } from './job-sleep.ts';

/** Of the jobs that are not done; with `+kind` beside it, so that the done ones, which become ever more, are not walked through. */
const open = `state IN ('ready', 'running', 'waiting', 'parked')`;

/** In the payload of a job that was asked for again while it ran. */
const ONCE_MORE = '{"onceMore":true}';

/** Between two looks while the database cannot be written. */
const TROUBLE_PAUSE_MS = 1_000;

/**
 * The durable queue: a row a job, in the same database and transactions as what it works on. A job that was
 * running when the process died runs again, so handlers are written to be repeatable. What fails for good is
 * parked with its reason, never dropped.
 */
export class JobQueue {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #handlers = new Map<string, JobHandler>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #parallel: number;
  #onChange: (job: JobView) => void = () => undefined;
  #tellTrouble: (error: AnThuError) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  /** Where the clock stood at the last look, ms; the rows may be of any time before the first. */
  #clockStood = Number.POSITIVE_INFINITY;
  /** Counts calls of {@link wake} by condition, so that one that comes while a job runs is not lost. */
  readonly #wakes = new Map<string, number>();

  constructor(database: Database, clock: Clock, options: { parallel: number }) {
    this.#database = database;
    this.#clock = clock;
    this.#parallel = options.parallel;
  }

  register(kind: string, handler: JobHandler): void {
    this.#handlers.set(kind, handler);
  }

  /** Told when the queue itself cannot write; it goes on by itself when it can again. */
  onTrouble(listener: (error: AnThuError) => void): void {
    this.#tellTrouble = listener;
  }

  onChange(listener: (job: JobView) => void): void {
    this.#onChange = listener;
  }

  /**
   * Adds a job inside the caller's transaction, to begin at once or to sleep first. The same kind and subject is one job:
   * one that waits or sleeps takes over the new time, a finished one is made ready again, and one that runs, which may have looked
   * already, runs once more.
   */
  add(kind: string, subject: string, sleep: { readonly until?: Date; readonly ms?: number } = {}): void {
    const now = this.#clock.now();
    const nextAt = sleep.until ?? new Date(now.getTime() + (sleep.ms ?? 0));
    this.#database.run(
      `INSERT INTO job (id, kind, subject, payload, state, next_at, created_at, updated_at)
       VALUES (@id, @kind, @subject, '{}', 'ready', @nextAt, @now, @now)
       ON CONFLICT (kind, subject) DO UPDATE SET
         payload = CASE state WHEN 'running' THEN @onceMore ELSE payload END,
         state = CASE state WHEN 'running' THEN 'running' ELSE 'ready' END,
         waits_for = NULL, attempts = 0, next_at = @nextAt, error = NULL, updated_at = @now`,
      {
        id: newId(now),
        kind,
        subject,
        now: now.toISOString(),
        nextAt: nextAt.toISOString(),
        onceMore: ONCE_MORE,
      },
    );
    this.#database.afterCommit(() => this.#pump());
  }

  /** Puts back what a dead process left running and starts working. */
  start(): void {
    this.#stopped = false;
    this.#database.run(
      `UPDATE job SET state = 'ready', next_at = @now, updated_at = @now WHERE state = 'running'`,
      { now: this.#now() },
    );
    this.#pump();
  }

  /** Takes no new job and waits for those under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.allSettled(this.#running.values());
  }

  /** Makes every job ready that waits for `condition`. */
  wake(condition: string): void {
    this.#countWake(condition);
    try {
      this.#makeReady(condition);
    } catch (thrown) {
      // Whoever plugged a token in must not hear of a full disk: the call is made good later.
      this.#tellTrouble(asAnThuError(thrown));
      setTimeout(() => this.#stopped || this.wake(condition), TROUBLE_PAUSE_MS).unref();
    }
    this.#pump();
  }

  /** {@link wake} as a part of the caller's transaction: throws when it cannot be written, and begins nothing before the commit. */
  release(condition: string): void {
    this.#makeReady(condition);
    this.#database.afterCommit(() => {
      this.#countWake(condition);
      this.#pump();
    });
  }

  #countWake(condition: string): void {
    this.#wakes.set(condition, (this.#wakes.get(condition) ?? 0) + 1);
  }

  #makeReady(condition: string): void {
    this.#database.run(
      `UPDATE job SET state = 'ready', waits_for = NULL, next_at = @now, updated_at = @now
       WHERE state = 'waiting' AND waits_for = @condition`,
      { now: this.#now(), condition },
    );
  }

  /** Makes a parked, waiting or delayed job of this subject ready now. Returns how many. */
  retry(subject: string): number {
    const changed = this.#database.run(
      `UPDATE job SET state = 'ready', waits_for = NULL, attempts = 0, next_at = @now, updated_at = @now
       WHERE subject = @subject AND state IN ('parked', 'waiting', 'ready')`,
      { now: this.#now(), subject },
    );
    this.#pump();
    return changed;
  }

  /** Ends a parked job whose matter a person has taken in hand, inside the caller's transaction. */
  settleParked(kind: string, subject: string): void {
    this.#database.run(
      `UPDATE job SET state = 'done', waits_for = NULL, next_at = NULL, updated_at = @now
       WHERE kind = @kind AND subject = @subject AND state = 'parked'`,
      { kind, subject, now: this.#now() },
    );
  }

  forSubjects(subjects: readonly string[]): JobView[] {
    return this.#database
      .all(
        rowSchema,
        `SELECT * FROM job WHERE subject IN (SELECT value FROM json_each(@subjects)) ORDER BY created_at`,
        {
          subjects: JSON.stringify(subjects),
        },
      )
      .map(toView);
  }

  /** Jobs of a kind that are not done, oldest first, with what they wait for. */
  unfinished(kind: string): (JobView & { readonly waitsFor: string | null })[] {
    return this.#database
      .all(rowSchema, `SELECT * FROM job WHERE +kind = @kind AND ${open} ORDER BY rowid`, { kind })
      .map((row) => ({ ...toView(row), waitsFor: row.waits_for }));
  }

  /** Makes the jobs of a kind that are ready or wait for something else wait for `condition`, until {@link wake} is called with it. */
  delay(kind: string, condition: string): void {
    this.#database.run(
      `UPDATE job SET state = 'waiting', waits_for = @condition, next_at = NULL, updated_at = @now
       WHERE kind = @kind AND state IN ('ready', 'waiting')`,
      { kind, condition, now: this.#now() },
    );
  }

  count(state: z.infer<typeof stateSchema>, waitsFor?: string): number {
    return (
      this.#database.get(
        z.object({ n: z.number() }),
        'SELECT count(*) AS n FROM job WHERE state = @state AND (@waitsFor IS NULL OR waits_for = @waitsFor)',
        { state, waitsFor: waitsFor ?? null },
      )?.n ?? 0
    );
  }

  /** Jobs of a kind that are not done. */
  countOpen(kind: string): number {
    return (
      this.#database.get(
        z.object({ n: z.number() }),
        `SELECT count(*) AS n FROM job WHERE +kind = @kind AND ${open}`,
        { kind },
      )?.n ?? 0
    );
  }

  /** True when nothing is running or due now (delayed, waiting and parked jobs do not count). */
  get settled(): boolean {
    return this.#running.size === 0 && this.#nextDue() === undefined;
  }

  #pump(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    try {
      this.#mindClock();
      while (this.#running.size < this.#parallel) {
        const row = this.#nextDue();
        if (!row) break;
        this.#begin(row);
      }
      this.#armTimer();
    } catch (thrown) {
      // A database that takes no write now (disk full) stops no queue: the rows stay as they are for a later look.
      this.#tellTrouble(asAnThuError(thrown));
      this.#timer = setTimeout(() => this.#pump(), TROUBLE_PAUSE_MS);
      this.#timer.unref();
    }
  }

  #mindClock(): void {
    const now = this.#clock.now();
    if (now.getTime() < this.#clockStood) sleepFromNow(this.#database, now);
    // Not before: where it could not be written, the next look tries again.
    this.#clockStood = now.getTime();
  }

  /** The first of each state by the index: with thousands of jobs due, a sort of them all for every next one costs more than some jobs. */
  #nextDue(): JobRow | undefined {
    const first = (state: 'ready' | 'waiting') =>
      `SELECT * FROM (SELECT * FROM job WHERE state = '${state}' AND next_at <= @now ORDER BY next_at, rowid LIMIT 1)`;
    return this.#database.get(
      rowSchema,
      `${first('ready')} UNION ALL ${first('waiting')} ORDER BY next_at LIMIT 1`,
      { now: this.#now() },
    );
  }

  #begin(row: JobRow): void {
    this.#database.run(
      `UPDATE job SET state = 'running', payload = '{}', waits_for = NULL, attempts = attempts + 1, updated_at = @now
       WHERE id = @id`,
      { id: row.id, now: this.#now() },
    );
    failpoint('job.begun');
    const work = this.#work(row).finally(() => {
      this.#running.delete(row.id);
      this.#pump();
    });
    this.#running.set(row.id, work);
  }

  async #work(row: JobRow): Promise<void> {
    const handler = this.#handlers.get(row.kind);
    const attempts = row.attempts + 1;
    const job: Job = {
      id: row.id,
      kind: row.kind,
      subject: row.subject,
      attempts,
    };
    const wakesBefore = new Map(this.#wakes);
    let error: AnThuError | undefined;
    let againAt: Date | undefined;
    try {
      if (!handler) throw new AnThuError('general.defect', { reason: `no handler for ${row.kind}` });
      againAt = (await handler.run(job))?.againAt;
      failpoint('job.finishing');
    } catch (thrown) {
      error = asAnThuError(thrown);
    }
    await this.#untilWritten(() => {
      if (!error) return this.#finish(row, outcomeOfRun(againAt));
      const plan: FailurePlan = handler ? handler.onFailure(error, attempts, job) : { kind: 'park' };
      const isWoken = (condition: string) => this.#wakes.get(condition) !== wakesBefore.get(condition);
      this.#finish(row, outcomeOfFailure(error, plan, { now: this.#clock.now(), isWoken }));
    });
  }

  /** Writes an outcome, again and again while the database takes no write: a finished job is not forgotten. */
  async #untilWritten(write: () => void): Promise<void> {
    for (;;) {
      try {
        return write();
      } catch (thrown) {
        this.#tellTrouble(asAnThuError(thrown));
        // Put back by the next start, should the process end before.
        if (this.#stopped) return;
        await new Promise((resolve) => setTimeout(resolve, TROUBLE_PAUSE_MS).unref());
      }
    }
  }

  #finish(row: JobRow, to: Outcome): void {
    const again = this.#database.get(
      rowSchema,
      `UPDATE job SET state = 'ready', payload = '{}', updated_at = @now WHERE id = @id AND payload = @onceMore RETURNING *`,
      { id: row.id, now: this.#now(), onceMore: ONCE_MORE },
    );
    if (again) return this.#onChange(toView(again));
    this.#database.run(
      `UPDATE job SET state = @state, waits_for = @waitsFor, next_at = @nextAt, error = @error, updated_at = @now WHERE id = @id`,
      { ...to, id: row.id, now: this.#now() },
    );
    this.#onChange(
      toView({ ...row, state: to.state, next_at: to.nextAt, error: to.error, attempts: row.attempts + 1 }),
    );
  }

  #armTimer(): void {
    const next = this.#database.get(
      z.object({ next_at: z.string() }),
      `SELECT next_at FROM job WHERE state IN ('ready', 'waiting') AND next_at > @now ORDER BY next_at LIMIT 1`,
      { now: this.#now() },
    );
    if (!next || this.#running.size >= this.#parallel) return;
    const delay = Math.max(0, new Date(next.next_at).getTime() - this.#clock.now().getTime());
    this.#timer = setTimeout(() => this.#pump(), Math.min(delay + 1, 60_000));
    this.#timer.unref();
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}
