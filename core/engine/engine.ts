import { userInfo } from 'node:os';
import { eventSchemas, type EventName, type EventValue } from '../contract/events.ts';
import {
  procedures,
  type ProcedureName,
  type ProcedureInput,
  type ProcedureOutput,
} from '../contract/procedures.ts';
import type { PageReader } from '../ports/page-reader.ts';
import type { ProgramSpawner } from '../ports/program-spawner.ts';
import type { TokenService } from '../ports/token-service.ts';
import type { VirusScanner } from '../ports/virus-scanner.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { Documents } from '../documents/documents.ts';
import { IntakeRecords } from '../intake/intake-records.ts';
import { ArrivalRegister } from '../register/arrival-register.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { unlinkIfThere } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import {
  dataFolderAt,
  hasData,
  lockDataFolder,
  prepareDataFolder,
  restoringMarker,
} from '../store/data-folder.ts';
import { Database } from '../store/database.ts';
import { JobQueue } from '../store/job-queue.ts';
import { ObjectStore } from '../store/object-store.ts';
import { Inbox } from '../sync/inbox.ts';
import { MediaLog } from '../sync/media/media-log.ts';
import { Outbox } from '../sync/outbox.ts';
import { TokenRegister } from '../token-register/token-register.ts';
import { createClamdScanner } from '../../native/clamd/clamd-scanner.ts';
import { createPageReader } from '../../native/ocr/client.ts';
import { createTokenService } from '../../native/token-host/client.ts';
import type { EngineContext } from './context.ts';
import { DocumentWorker } from './document-worker-client.ts';
import { createHandlers, type Handlers } from './handlers.ts';
import { connectorFor } from './province.ts';
import { FolderWatch } from './services/folder-watch.ts';
import { registerInboundJob } from './services/inbound.ts';
import { registerRejudgeJob } from './services/inbound-judgement.ts';
import { registerUploadJob } from './services/arrival-upload.ts';
import { registerRecheckJobs } from './services/revocation-recheck.ts';
import { registerIntakeJobs } from './services/intake-jobs.ts';
import { registerExtendingJob } from './services/extending.ts';
import { registerRenewalJob } from './services/renewal-job.ts';
import { Revisions } from './services/revisions.ts';
import { TrustStore } from './services/trust-store.ts';
import { registerSealingJob } from './services/sealing.ts';
import { ClockCheck } from '../signing/clock-check.ts';
import { RevocationCheck } from '../signing/revocation-check.ts';
import { TsaPatience } from '../signing/tsa-patience.ts';
import { SealingDesk } from './services/sealing-desk.ts';
import { SyncRounds } from './services/sync-rounds.ts';
import { TokenActivity } from './services/token-activity.ts';
import { tryCountsIn } from './services/try-folder.ts';
import { waitsFor } from './services/failure-plan.ts';
import { beforeFirstStart, type FirstStart } from '../updates/first-start.ts';
import { readSettings } from './settings.ts';
import { version } from './version.ts';

export interface EngineOptions {
  readonly dataDir: string;
  readonly spawner: ProgramSpawner;
  readonly clock?: Clock;
  /** Name for the audit log; by default the clerk's of the settings, else the operating system's user. */
  readonly actor?: string;
  /** `work`: watch folders, run jobs, sync. `idle`: answer calls only (listing, export, checks). */
  readonly mode?: 'work' | 'idle';
  /** Reads pages instead of the OCR program: benchmarks that leave reading out, tests. */
  readonly reader?: PageReader;
}

/** A running engine: the same behind the window, the local socket and the command line. */
export interface Engine {
  call<N extends ProcedureName>(procedure: N, input: ProcedureInput<N>): Promise<ProcedureOutput<N>>;
  /** For callers that have only text and JSON: parses both. Fails with `engine.unknown-procedure`, `general.invalid-input`. */
  callUntyped(procedure: string, input: unknown): Promise<unknown>;
  onEvent(listener: (name: EventName, value: unknown) => void): () => void;
  readonly socketPath: string;
  close(): Promise<void>;
}

/** One scanner connection holds a file at a time and signing is serial in the token: more jobs at once only wait. */
const PARALLEL_JOBS = 2;
const SCAN_DEADLINE_MS = 60_000;
/** A token that was not signed with for so long locks by itself. */
const IDLE_LOCK_MS = 300_000;

/**
 * Opens a data folder and starts working. Fails with `store.no-data`, `store.busy` and what the database says.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const opened = performance.now();
  const clock = options.clock ?? systemClock;
  const folder = dataFolderAt(options.dataDir);
  if (!(await hasData(folder))) throw new AnThuError('store.no-data', { path: folder.root });
  const lock = lockDataFolder(folder);
  try {
    await prepareDataFolder(folder);
    // A restore that was killed behind its last step; left there, it would let a later restore clear this folder away.
    await unlinkIfThere(restoringMarker(folder));
    const firstStart = await beforeFirstStart(folder, version, clock);
    const database = Database.open(folder.database);
    const engine = assemble({ ...options, clock }, folder, database, () => {
      database.close();
      lock.release();
    });
    if (firstStart) engine.noteUpdate(firstStart);
    await engine.start(performance.now() - opened);
    return engine.face;
  } catch (error) {
    lock.release();
    throw error;
  }
}

function assemble(
  options: EngineOptions & { readonly clock: Clock },
  folder: ReturnType<typeof dataFolderAt>,
  database: Database,
  release: () => void,
) {
  const { clock, spawner } = options;
  const listeners = new Set<(name: EventName, value: unknown) => void>();
  const emit = <N extends EventName>(name: N, value: EventValue<N>) => {
    const parsed = eventSchemas[name].parse(value);
    for (const listener of listeners) listener(name, parsed);
  };
  const audit = new AuditLog(database, clock);
  const jobs = new JobQueue(database, clock, { parallel: PARALLEL_JOBS });
  let settings = readSettings(database);
  const scanner = lazily(
    () => scannerFor(settings),
    () => JSON.stringify(settings.scanner),
  );
  const connector = lazily(
    () => connectorFor(settings, folder),
    () => JSON.stringify(settings.sync),
  );
  const tokenActivity = new TokenActivity(clock, IDLE_LOCK_MS);
  const tryCounts = tryCountsIn(folder.tokenTries);
  const tokens = lazyTokens(() =>
    tokenActivity.watching(
      createTokenService({
        spawner,
        modules: settings.signing.modules.map((path) => ({ path })),
        softTokens: settings.signing.softTokens.map((path) => ({ path })),
        times: { idleLockMs: IDLE_LOCK_MS },
        tryCounts,
      }),
    ),
  );
  let reader: ReturnType<typeof createPageReader> | undefined;
  const worker = new DocumentWorker(spawner);
  const context: EngineContext = {
    folder,
    clock,
    actor: options.actor ?? settings.clerkName ?? userInfo().username,
    database,
    objects: new ObjectStore(folder),
    audit,
    jobs,
    intake: new IntakeRecords(database, clock),
    documents: new Documents(database, clock),
    register: new ArrivalRegister(database, audit, clock),
    outbox: new Outbox(database, clock),
    inbox: new Inbox(database, clock),
    media: new MediaLog(database, clock),
    worker,
    get reader() {
      return options.reader ?? (reader ??= createPageReader({ spawner }));
    },
    get tokens() {
      return tokens.service();
    },
    tryCounts,
    tokenActivity,
    tokenRegister: new TokenRegister(database, audit, clock),
    sealing: new SealingDesk(),
    spawner,
    tsaPatience: new TsaPatience(clock),
    clockCheck: new ClockCheck(clock),
    revocationCheck: new RevocationCheck(clock),
    scanner,
    connector,
    settings: () => settings,
    emit,
  };
  const sync = new SyncRounds(context);
  const watch = new FolderWatch(context);
  registerIntakeJobs(context, jobs);
  registerInboundJob(context, jobs, () => sync.kick());
  registerRejudgeJob(context, jobs);
  registerUploadJob(context, jobs, () => sync.kick());
  registerRecheckJobs(context, jobs, () => sync.kick());
  registerSealingJob(context, jobs, () => sync.kick());
  registerExtendingJob(context, jobs, () => sync.kick());
  registerRenewalJob(context, jobs);
  tokens.onCreate((service) =>
    service.onEvent((event) => {
      if (event.kind === 'plugged' || event.kind === 'unlocked') jobs.wake(waitsFor.token);
      emit('token.changed', {});
    }),
  );

  const works = options.mode !== 'idle';
  const startedAt = clock.now();
  let readyMs = 0;
  const revisions = new Revisions(context);
  const handlers = createHandlers({
    revisions,
    trust: new TrustStore(context),
    context,
    sync,
    watch,
    version,
    startedAt,
    readyMs: () => readyMs,
    settingsChanged: async () => {
      const before = settings;
      settings = readSettings(database);
      if (JSON.stringify(before.watchedFolders) !== JSON.stringify(settings.watchedFolders)) {
        await watch.stop();
        if (works) await watch.start();
      }
      if (modulesOf(before) !== modulesOf(settings)) {
        tokens.renew();
        emit('token.changed', {});
      }
      jobs.wake(waitsFor.token);
      // Another address, level or way of sending: what waits for its level looks again.
      context.tsaPatience.forget();
      jobs.wake(waitsFor.level);
    },
  });
  let closed = false;
  const callUntyped = async (name: string, input: unknown): Promise<unknown> => {
    if (closed) throw new AnThuError('engine.stopping');
    return dispatch(handlers, name, input);
  };
  const face: Engine = {
    call: (procedure, input) => callUntyped(procedure, input) as Promise<never>,
    callUntyped,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    socketPath: folder.socket,
    close: async () => {
      if (closed) return;
      closed = true;
      await watch.stop();
      await sync.stop();
      await revisions.close();
      worker.close();
      reader?.stop();
      await jobs.stop();
      tokens.close();
      release();
    },
  };
  const start = async (openMs: number) => {
    const before = performance.now();
    if (works) {
      context.sealing.resume(context);
      jobs.start();
      // The PC was off or elsewhere: what waits for a timestamp is tried anew.
      jobs.wake(waitsFor.level);
      sync.start();
      // Documents that wait for a token go on when it is plugged in, though nobody asks for tokens.
      if (settings.signing.modules.length > 0) tokens.service();
      // What a dead process had claimed is taken over in the background; the window need not wait for it.
      void watch.start().catch((thrown: unknown) => {
        audit.append({
          actor: context.actor,
          action: 'watch.failed',
          subject: 'intake',
          data: { reason: String(thrown) },
        });
      });
    }
    readyMs = Math.round((openMs + performance.now() - before) * 10) / 10;
  };
  const noteUpdate = ({ from, to, backup }: FirstStart) =>
    void audit.append({
      actor: context.actor,
      action: 'program.updated',
      subject: 'program',
      data: { from, to, backup },
    });
  return { face, start, noteUpdate };
}

/** Parses, runs and parses again: nothing crosses the border unchecked. */
async function dispatch(handlers: Handlers, name: string, input: unknown): Promise<unknown> {
  if (!Object.hasOwn(procedures, name))
    throw new AnThuError('engine.unknown-procedure', { name: name.slice(0, 100) });
  const procedure = procedures[name as ProcedureName];
  const parsed = procedure.input.safeParse(input ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new AnThuError('general.invalid-input', {
      reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    });
  }
  const handler = handlers[name as ProcedureName] as (value: unknown) => unknown;
  return procedure.output.parse(await handler(parsed.data));
}

function scannerFor(settings: ReturnType<typeof readSettings>): VirusScanner | null {
  const { mode, socketPath, host, port, maxMegabytes } = settings.scanner;
  if (mode === 'left-out') return null;
  const common = { deadlineMs: SCAN_DEADLINE_MS, maxBytes: maxMegabytes * 1_000_000 };
  if (socketPath !== null) return createClamdScanner({ socketPath, ...common });
  return createClamdScanner({ host: host ?? '127.0.0.1', port: port ?? 3310, ...common });
}

/** Makes a part at first use and again when its settings changed. */
function lazily<T>(make: () => T, key: () => string): () => T {
  let made: { key: string; value: T } | undefined;
  return () => {
    const now = key();
    if (made?.key !== now) made = { key: now, value: make() };
    return made.value;
  };
}

/** What the token service is made from; another list makes another service. */
const modulesOf = ({ signing }: ReturnType<typeof readSettings>): string =>
  JSON.stringify([signing.modules, signing.softTokens]);

/** The token service starts its processes only when somebody asks for tokens. */
function lazyTokens(make: () => TokenService) {
  let service: TokenService | undefined;
  let stopWatching: (() => void) | undefined;
  let prepare: (service: TokenService) => void = () => undefined;
  const start = (): TokenService => {
    const made = make();
    service = made;
    prepare(made);
    stopWatching = made.watch();
    return made;
  };
  return {
    onCreate: (listener: (service: TokenService) => void) => {
      prepare = listener;
    },
    service: (): TokenService => service ?? start(),
    /** Ends the service with its logins; the next who asks gets a new one. */
    renew: () => {
      stopWatching?.();
      service?.close();
      const wasUsed = service !== undefined;
      service = undefined;
      if (wasUsed) start();
    },
    close: () => {
      stopWatching?.();
      service?.close();
    },
  };
}
