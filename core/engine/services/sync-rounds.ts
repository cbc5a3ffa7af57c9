import { statSync } from 'node:fs';
import type { ErrorValue } from '../../contract/errors/index.ts';
import type { SyncStatus } from '../../contract/sync.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../../shared/errors.ts';
import { failpoint } from '../../shared/failpoint.ts';
import type { ProvincialConnector } from '../../sync/connector.ts';
import { handlingOf } from '../../sync/failure.ts';
import { arrivalRecordSchema, type Receipt } from '../../sync/protocol.ts';
import { type OutboxRow, retryPause } from '../../sync/outbox.ts';
import type { EngineContext } from '../context.ts';
import { waitsFor } from './failure-plan.ts';
import { fetchInbox } from './inbound.ts';
import { statusBodySchema } from './status-messages.ts';

export interface RoundResult {
  readonly sent: number;
  readonly failed: number;
  readonly fetched: number;
}

const BATCH = 50;
/** Between two words about a round's progress: each counts the whole outbox. The end of a round is always told. */
const PROGRESS_MS = 250;

/**
 * Talks to the province in rounds: sends what is due, oldest first, then fetches the inbox. One failing operation
 * never holds up the others, except that a server that is away ends the round. Being offline is a normal state.
 */
export class SyncRounds {
  readonly #context: EngineContext;
  #round: Promise<RoundResult> | undefined;
  #following: Promise<RoundResult> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Monotonic time. */
  #progressTold = Number.NEGATIVE_INFINITY;
  #online = false;
  #lastContactAt: string | null = null;
  #lastError: ErrorValue | null = null;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  start(): void {
    if (this.#context.settings().sync.officeId !== null) this.#context.jobs.wake(waitsFor.account);
    this.#arm(0);
  }

  async stop(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#round?.catch(() => undefined);
  }

  /** Something was queued: go soon. */
  kick(): void {
    if (this.#round) this.#again = true;
    else this.#arm(20);
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
      running: this.running,
    };
  }

  /**
   * A whole round. While one is under way, which may have passed what the caller just queued or hurried, another
   * follows it; callers in the meantime share that one.
   */
  run(): Promise<RoundResult> {
    if (!this.#round) return this.#begin();
    this.#following ??= this.#round.then(() => {
      this.#following = undefined;
      return this.#begin();
    });
    return this.#following;
  }

  #begin(): Promise<RoundResult> {
    if (this.#closed) return Promise.resolve({ sent: 0, failed: 0, fetched: 0 });
    clearTimeout(this.#timer);
    this.#round ??= this.#runRound().finally(() => {
      this.#round = undefined;
      this.#context.emit('sync.changed', this.status());
      if (!this.#closed) this.#arm(this.#again ? 20 : this.#context.settings().sync.everySeconds * 1000);
      this.#again = false;
    });
    return this.#round;
  }

  #arm(delayMs: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run().catch(() => undefined), delayMs);
    this.#timer.unref();
  }

  async #runRound(): Promise<RoundResult> {
    const result = { sent: 0, failed: 0, fetched: 0 };
    try {
      const connector = this.#context.connector();
      if (!connector) return result;
      await connector.health();
      this.#contact();
      for (;;) {
        const due = this.#context.outbox.due(BATCH);
        if (due.length === 0) break;
        for (const row of due) {
          if (await this.#send(connector, row)) result.sent++;
          else result.failed++;
        }
      }
      const { fetched, problems } = await fetchInbox(this.#context, connector);
      result.fetched = fetched;
      result.failed += problems.length;
      if (problems[0]) this.#lastError = toErrorValue(problems[0]);
    } catch (thrown) {
      this.#lost(thrown);
    }
    return result;
  }

  async #send(connector: ProvincialConnector, due: OutboxRow): Promise<boolean> {
    const { outbox, database, audit, actor } = this.#context;
    const row = outbox.markSending(due.id);
    failpoint('sync.sending');
    try {
      const receipt = await sendOperation(this.#context, connector, row);
      failpoint('sync.receipt-received');
      database.transaction(() => {
        outbox.acknowledge(row.id, receipt);
        audit.append({
          actor,
          action: 'sync.acknowledged',
          subject: row.document_id ?? row.id,
          data: {
            operationId: row.id,
            kind: row.kind,
            sha256: receipt.sha256,
            serverSequence: receipt.serverSequence,
          },
        });
      });
      failpoint('sync.acknowledged');
      this.#tellProgress();
      if (row.document_id) this.#context.emit('document.changed', { id: row.document_id });
      return true;
    } catch (thrown) {
      this.#failed(due, asAnThuError(thrown));
      return false;
    }
  }

  /** Postpones or blocks the operation; a server that is away ends the round. */
  #failed(row: OutboxRow, error: AnThuError): void {
    const handling = handlingOf(error);
    const value = toErrorValue(error);
    if (handling.kind === 'blocked') this.#context.outbox.block(row.id, value);
    else {
      const asked =
        handling.kind === 'retry' && handling.afterSeconds !== null ? handling.afterSeconds * 1000 : 0;
      this.#context.outbox.postpone(row.id, value, Math.max(asked, retryPause(row.attempts + 1)));
    }
    this.#tellProgress();
    if (error.code === 'sync.server-away') throw error;
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

  #lost(thrown: unknown): void {
    this.#online = false;
    this.#lastError = toErrorValue(thrown);
  }
}

async function sendOperation(
  context: EngineContext,
  connector: ProvincialConnector,
  row: OutboxRow,
): Promise<Receipt> {
  const body: unknown = JSON.parse(row.body);
  if (row.kind === 'edxml-status') return connector.sendStatus(row.id, statusBodySchema.parse(body).status);
  const record = arrivalRecordSchema.parse(body);
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
