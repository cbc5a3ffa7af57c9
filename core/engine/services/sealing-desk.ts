import type { SealingItem, SealingList } from '../../contract/sealing.ts';
import type { JobView } from '../../contract/document.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { waitsFor } from './failure-plan.ts';
import { jobKinds } from './job-kinds.ts';

const LISTED_BY_DEFAULT = 200;

type Waiting = JobView & { readonly waitsFor: string | null };

/** What the batch is read from and written to. */
export type SealingParts = Pick<
  EngineContext,
  'actor' | 'audit' | 'database' | 'jobs' | 'register' | 'sealing'
>;

/** Of the log's entries about the batch. */
const SUBJECT = 'sealing';
const HELD = 'sealing.held';

/**
 * The batch of documents before the agency's token: what waits, what a person stopped. A stop holds between two documents
 * and outlives the engine, for it and the held jobs stand in the database.
 */
export class SealingDesk {
  #held = false;
  #done = 0;
  #stoodStill = true;

  /** Takes up a stop that was made before the engine ended: the last word on it is in the log. */
  resume({ audit, jobs }: Pick<SealingParts, 'audit' | 'jobs'>): void {
    this.#held = audit.newest(SUBJECT)?.action === HELD || jobs.count('waiting', waitsFor.consent) > 0;
  }

  get held(): boolean {
    return this.#held;
  }

  get done(): number {
    return this.#done;
  }

  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#stoodStill = true;
  }

  /** Before a document goes to the token. Throws `signing.held`. */
  begin(): void {
    if (this.#held) throw new AnThuError('signing.held');
    if (this.#stoodStill) this.#done = 0;
    this.#stoodStill = false;
  }

  signed(): void {
    this.#done++;
  }

  /** Nothing is with the token or about to be. */
  standsStill(): void {
    this.#stoodStill = true;
  }
}

/** What waits for the agency's signature, first come first, with its line of the register. */
export function listSealing(context: SealingParts, limit = LISTED_BY_DEFAULT): SealingList {
  const jobs = context.jobs.unfinished(jobKinds.sign);
  const counts = { ready: 0, running: 0, waiting: 0, held: 0, parked: 0 };
  for (const job of jobs) counts[stateOf(job)]++;
  if (counts.ready + counts.running === 0) context.sealing.standsStill();
  return {
    held: context.sealing.held,
    items: jobs.slice(0, limit).map((job) => itemOf(context, job)),
    total: jobs.length,
    counts,
    done: context.sealing.done,
  };
}

/** A person stops the batch; that it stood still, and by whose word, is in the log: all of it in one commit. */
export function holdSealing(context: SealingParts): SealingList {
  const { database, jobs, sealing } = context;
  database.transaction(() => {
    jobs.delay(jobKinds.sign, waitsFor.consent);
    if (!sealing.held) note(context, HELD);
    database.afterCommit(() => sealing.hold());
  });
  return listSealing(context);
}

/** Lets what was stopped, and what waits for the token, go on. */
export function goOnSealing(context: SealingParts): SealingList {
  const { database, jobs, sealing } = context;
  database.transaction(() => {
    if (sealing.held) note(context, 'sealing.resumed');
    // Before the jobs: they begin as soon as it is written.
    database.afterCommit(() => sealing.release());
    jobs.release(waitsFor.consent);
  });
  jobs.wake(waitsFor.token);
  return listSealing(context);
}

function note(context: SealingParts, action: typeof HELD | 'sealing.resumed'): void {
  const documents = context.jobs.unfinished(jobKinds.sign).filter((job) => stateOf(job) === 'held').length;
  context.audit.append({ actor: context.actor, action, subject: SUBJECT, data: { documents } });
}

function stateOf(job: Waiting): SealingItem['state'] {
  if (job.state === 'waiting') return job.waitsFor === waitsFor.consent ? 'held' : 'waiting';
  return job.state === 'done' ? 'ready' : job.state;
}

function itemOf(context: SealingParts, job: Waiting): SealingItem {
  const arrival = context.register.forDocument(job.subject);
  return {
    documentId: job.subject,
    arrivalId: arrival?.id ?? null,
    number: arrival?.number ?? null,
    suffix: arrival?.suffix ?? '',
    year: arrival?.year ?? null,
    docNumber: arrival?.docNumber ?? '',
    docNotation: arrival?.docNotation ?? '',
    issuer: arrival?.issuer ?? '',
    subject: arrival?.subject ?? '',
    state: stateOf(job),
    error: job.error,
  };
}
