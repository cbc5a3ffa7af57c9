import { type AnThuError, toErrorValue } from '../shared/errors.ts';
import type { JobRow } from './job-row.ts';

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly attempts: number;
}

/** What to do with a job that failed: try later by itself, wait until somebody calls `JobQueue.wake`, or park it. */
export type FailurePlan =
  | { readonly kind: 'retry'; readonly afterMs: number }
  /** `atMostMs` null: only `JobQueue.wake` ends the wait. */
  | { readonly kind: 'wait'; readonly waitsFor: string; readonly atMostMs: number | null }
  | { readonly kind: 'park' };

/** Does the jobs of one kind. */
export interface JobHandler {
  /** `againAt`: the job is not done but sleeps until then. */
  run(job: Job): Promise<{ readonly againAt: Date } | undefined | void>;
  /** Called with the error and the number of tries so far. */
  onFailure(error: AnThuError, attempts: number, job: Job): FailurePlan;
}

/** What a run of a job comes to, as its row tells it. */
export interface Outcome {
  readonly state: JobRow['state'];
  readonly waitsFor: string | null;
  readonly nextAt: string | null;
  readonly error: string | null;
}

/** Of a run that ended well: done, or asleep until `againAt`. */
export function outcomeOfRun(againAt: Date | undefined): Outcome {
  return {
    state: againAt ? 'ready' : 'done',
    waitsFor: null,
    nextAt: againAt?.toISOString() ?? null,
    error: null,
  };
}

/** Of a run that failed. `isWoken` tells whether the condition that the plan names was met while it ran: then nothing is waited for. */
export function outcomeOfFailure(
  error: AnThuError,
  plan: FailurePlan,
  { now, isWoken }: { readonly now: Date; readonly isWoken: (condition: string) => boolean },
): Outcome {
  const at = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const text = JSON.stringify(toErrorValue(error));
  if (plan.kind === 'park') return { state: 'parked', waitsFor: null, nextAt: null, error: text };
  if (plan.kind === 'retry') return { state: 'ready', waitsFor: null, nextAt: at(plan.afterMs), error: text };
  const { waitsFor, atMostMs } = plan;
  const nextAt = isWoken(waitsFor) ? at(0) : atMostMs === null ? null : at(atMostMs);
  return { state: 'waiting', waitsFor, nextAt, error: text };
}
