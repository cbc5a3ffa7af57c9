import { statSync } from 'node:fs';
import type { ErrorValue } from '../../contract/errors/index.ts';
import type { SyncStatus } from '../../contract/sync.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import type { ProvincialConnector } from '../../sync/connector.ts';
import { endsRound, handlingOf } from '../../sync/failure.ts';
import { malformedError } from '../../sync/inbox-listing.ts';
import type { Receipt } from '../../sync/protocol.ts';
import { type OutboxRow, retryPause } from '../../sync/outbox.ts';
import type { EngineContext } from '../context.ts';
import { waitsFor } from './failure-plan.ts';
import { fetchInbox, type InboxParts, type InboxRound } from './inbound.ts';
import { operationOf } from './operation-body.ts';
import { takeFailure, takeReceipt } from './operation-outcome.ts';
import { RoundOrder } from './round-order.ts';

export interface RoundResult {
  readonly sent: number;
  readonly failed: number;
  readonly fetched: number;
}

const BATCH = 50;
const SOON_MS = 20;
/** Whoever ends the program waits no longer for a transfer in hand. */
const STOP_PATIENCE_MS = 5_000;
/** Between two words about a round's progress: each counts the whole outbox. The end of a round is always told. */
const PROGRESS_MS = 250;
/** Rows of the province's list that the log names. */
const MALFORMED_LOGGED = 5;

/** What a round needs of the engine. */
export type RoundParts = InboxParts & Pick<EngineContext, 'clock' | 'connector' | 'outbox' | 'settings'>;

/**
 * Talks to the province in rounds: sends what is due, oldest first, then fetches the inbox, then comes back to what earlier rounds
 * ended at. One failing operation never holds up the others, except that a server that is away or overloaded ends the round. Being
 * offline is a normal state.
 */
export class SyncRounds {
  readonly #context: RoundParts;
  #round: Promise<RoundResult> | undefined;
  #following: Promise<RoundResult> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Monotonic time. */
  #progressTold = Number.NEGATIVE_INFINITY;
  #online = false;
  readonly #order = new RoundOrder();
  /** Monotonic time before which no round begins by itself. */
  #notBefore = Number.NEGATIVE_INFINITY;
  /** Rounds in a row that ended at a province that was overloaded. */
  #busyRounds = 0;
  #setAside = 0;
  #setAsideLogged = '';
  #lastContactAt: string | null = null;
  #lastError: ErrorValue | null = null;

  constructor(context: RoundParts) {
    this.#context = context;
  }

  start(): void {
    if (this.#context.settings().sync.officeId !== null) this.#context.jobs.wake(waitsFor.account);
    this.#arm(0);
  }

  /**
   * Waits for what is under way with the province, not for all that is due, and not for long: what is cut off in the middle is
   * repeated by the next start, with one effect.
   */
  async stop(): Promise<void> {
    this.#closed = true;
    this.#order.stop();
    clearTimeout(this.#timer);
    let patience: NodeJS.Timeout | undefined;
    const patienceEnds = new Promise<void>((resolve) => (patience = setTimeout(resolve, STOP_PATIENCE_MS)));
    await Promise.race([this.#round?.catch(() => undefined), patienceEnds]);
    clearTimeout(patience);
  }

  /** Something was queued: go soon. */
  kick(): void {
    if (this.#round) this.#again = true;
    else this.#arm(SOON_MS);
  }

  get running(): boolean {
    return this.#round !== undefined || this.#following !== undefined;
  }

  status(): SyncStatus {
    return {
      serverUrl: this.#context.settings().sync.serverUrl,
      online: this.#online,
      lastContactAt: this.#lastContactAt,
      lastError: this.#lastError,
      ...this.#context.outbox.counts(),
      setAside: this.#setAside,
      running: this.running,
    };
  }

  /**
   * A whole round. While one is under way, which may have passed what the caller just queued or hurried, another
   * follows it; callers in the meantime share that one.
   */
  run(): Promise<RoundResult> {
    if (!this.#round) return this.#begin();
    const follow = () => {
      this.#following = undefined;
      return this.#begin();
    };
    return (this.#following ??= this.#round.then(follow, follow));
  }

  #begin(): Promise<RoundResult> {
    if (this.#closed) return Promise.resolve({ sent: 0, failed: 0, fetched: 0 });
    clearTimeout(this.#timer);
    this.#round ??= this.#runRound().finally(() => {
      this.#round = undefined;
      // First of all the next one: telling reads the database, which may be what is in trouble.
      this.#arm(this.#untilNext());
      this.#again = false;
      this.#context.emit('sync.changed', this.status());
    });
    return this.#round;
  }

  /** A province that asked to be left alone is asked as soon as that time is over. */
  #untilNext(): number {
    if (this.#again || this.#pauseLeft() > 0) return SOON_MS;
    return this.#context.settings().sync.everySeconds * 1000;
  }

  #pauseLeft(): number {
    return Math.max(0, this.#notBefore - this.#context.clock.monotonic());
  }

  #arm(delayMs: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const delay = Math.max(delayMs, this.#pauseLeft());
    this.#timer = setTimeout(() => void this.run().catch(() => undefined), delay);
    this.#timer.unref();
  }

  async #runRound(): Promise<RoundResult> {
    const result = { sent: 0, failed: 0 };
    const inbox: InboxRound = { fetched: 0, problems: [], malformed: undefined };
    this.#order.begin();
    try {
      const connector = this.#context.connector();
      if (!connector) return { ...result, fetched: 0 };
      await connector.health();
      this.#contact();
      await this.#sendDue(connector, result);
      await fetchInbox(this.#context, connector, this.#order, inbox);
      await this.#order.finish();
      this.#busyRounds = 0;
    } catch (thrown) {
      if (!this.#closed) this.#brokeOff(asAnThuError(thrown));
    }
    this.#tellInbox(inbox);
    const failed = result.failed + inbox.problems.length + (inbox.malformed?.length ?? 0);
    return { sent: result.sent, failed, fetched: inbox.fetched };
  }

  async #sendDue(connector: ProvincialConnector, result: { sent: number; failed: number }): Promise<void> {
    const order = this.#order;
    for (;;) {
      // Those kept for the end of the round stay due and are seen again.
      const due = this.#context.outbox.due(BATCH + order.kept);
      const turn = due.filter(({ id }) => !order.isKept(errandKey(id)));
      if (turn.length === 0) return;
      for (const row of turn)
        await order.take({ key: errandKey(row.id), run: () => this.#send(connector, row, result) });
    }
  }

  async #send(
    connector: ProvincialConnector,
    due: OutboxRow,
    result: { sent: number; failed: number },
  ): Promise<void> {
    const row = this.#context.outbox.markSending(due.id);
    if (!row) return;
    failpoint('sync.sending');
    try {
      const receipt = await sendOperation(this.#context, connector, row);
      failpoint('sync.receipt-received');
      takeReceipt(this.#context, row, receipt);
      failpoint('sync.acknowledged');
      this.#tellProgress();
      if (row.document_id) this.#context.emit('document.changed', { id: row.document_id });
      result.sent++;
    } catch (thrown) {
      result.failed++;
      this.#failed(due, asAnThuError(thrown));
    }
  }

  /** Postpones or blocks the operation; a server that is away or overloaded ends the round. */
  #failed(row: OutboxRow, error: AnThuError): void {
    takeFailure(this.#context, row, error);
    this.#tellProgress();
    if (endsRound(error)) throw error;
  }

  #tellProgress(): void {
    const now = this.#context.clock.monotonic();
    if (now - this.#progressTold < PROGRESS_MS) return;
    this.#progressTold = now;
    this.#context.emit('sync.changed', this.status());
  }

  #contact(): void {
    // What waited for the network is tried as soon as the province is heard again.
    if (!this.#online) {
      this.#context.jobs.wake(waitsFor.network);
      this.#context.jobs.wake(waitsFor.level);
    }
    this.#online = true;
    this.#lastContactAt = this.#context.clock.now().toISOString();
    this.#lastError = null;
  }

  /** The round broke off; a province that is overloaded is there, and left alone for as long as it asks, and ever longer while it stays so. */
  #brokeOff(error: AnThuError): void {
    const handling = handlingOf(error);
    if (error.code === 'sync.server-busy' && handling.kind === 'retry') {
      const pauseMs = Math.max((handling.afterSeconds ?? 0) * 1000, retryPause(++this.#busyRounds));
      this.#notBefore = this.#context.clock.monotonic() + pauseMs;
    } else this.#online = false;
    this.#lastError = toErrorValue(error);
  }

  /** What could not be taken of the inbox is shown, and what was set aside is in the log, once for as long as it stays the same. */
  #tellInbox({ problems, malformed }: InboxRound): void {
    const [problem] = problems;
    if (problem) this.#lastError ??= toErrorValue(problem);
    if (!malformed) return;
    this.#setAside = malformed.length;
    const error = malformedError(malformed);
    if (error) this.#lastError ??= toErrorValue(error);
    const told = JSON.stringify(malformed.slice(0, MALFORMED_LOGGED));
    if (error && told !== this.#setAsideLogged) {
      const { actor, audit } = this.#context;
      audit.append({
        actor,
        action: 'inbox.set-aside',
        subject: 'inbox',
        data: { code: error.code, count: malformed.length, first: malformed.slice(0, MALFORMED_LOGGED) },
      });
    }
    this.#setAsideLogged = told;
  }
}

const errandKey = (operationId: string): string => `operation:${operationId}`;

async function sendOperation(
  context: RoundParts,
  connector: ProvincialConnector,
  row: OutboxRow,
): Promise<Receipt> {
  const operation = operationOf(row);
  if (operation.kind === 'status') return connector.sendStatus(row.id, operation.status);
  const { record } = operation;
  const path = context.objects.path(record.object.sha256);
  requireFile(path, record.object.sha256);
  await connector.uploadObject({ sha256: record.object.sha256, path, bytes: record.object.bytes });
  failpoint('sync.object-uploaded');
  return connector.sendArrivalRecord(row.id, record);
}

function requireFile(path: string, sha256: string): void {
  try {
    statSync(path);
  } catch (error) {
    throw new AnThuError('store.object-missing', { sha256 }, { cause: error });
  }
}
