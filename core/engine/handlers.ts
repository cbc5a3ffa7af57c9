import type { ParsedInput, ProcedureName, ProcedureOutput } from '../contract/procedures.ts';
import type { IntakeItem } from '../contract/intake.ts';
import type { Arrival } from '../contract/register.ts';
import type { DocumentDetail } from '../contract/document.ts';
import { LIST_PATIENCE_MS } from '../ports/token-service.ts';
import { openGaps } from '../register/number-gaps.ts';
import { shownDate } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { createTurns } from '../shared/turns.ts';
import { AnThuError } from '../shared/errors.ts';
import { pinnedReleaseKeys } from '../updates/release-keys.ts';
import { stageUpdate } from '../updates/stage-update.ts';
import { changeEntry } from './services/arrival-upload.ts';
import { exportArchive } from './services/archive-export.ts';
import { retainArchive } from './services/archive-retain.ts';
import { checkArchive } from './services/archive-check.ts';
import { verifyDocument } from './services/document-judgement.ts';
import { documentLevel } from './services/extending.ts';
import { acceptIntake, dismissIntake, enterWithoutFile } from './services/registration.ts';
import { rejudgeIntake } from './services/inbound-judgement.ts';
import { jobKinds } from './services/job-kinds.ts';
import type { Revisions } from './services/revisions.ts';
import type { TrustStore } from './services/trust-store.ts';
import { lastBackup, recordBackup, snapshotRegister } from './services/register-backup.ts';
import { verificationSheet } from './services/verification-sheet.ts';
import { exportRegister, printRegister } from './services/register-book.ts';
import { reportArrivals } from './services/arrival-report.ts';
import { serviceStates } from './services/service-states.ts';
import { acknowledgeArrival } from './services/acknowledge-arrival.ts';
import { waitsFor } from './services/failure-plan.ts';
import { exportQueue } from './services/media-export.ts';
import { importAnswers } from './services/media-import.ts';
import type { SyncRounds } from './services/sync-rounds.ts';
import type { FolderWatch } from './services/folder-watch.ts';
import { foldersElsewhere } from './services/held-elsewhere.ts';
import { addFiles } from './services/take-in.ts';
import { goOnSealing, holdSealing, listSealing } from './services/sealing-desk.ts';
import { assertAgencyKeyChoice, registerKey, tokenChoices } from './services/token-choices.ts';
import { addModule, diagnoseAll, removeModule } from './services/token-modules.ts';
import { tryKey } from './services/try-key.ts';
import { type EngineContext, listAgencies, listRegisters, requireRegister } from './context.ts';
import { patchSettings, writeSettings } from './settings.ts';

/** One function a procedure; input arrives parsed, output is parsed on its way out. */
export type Handlers = {
  readonly [N in ProcedureName]: (input: ParsedInput<N>) => ProcedureOutput<N> | Promise<ProcedureOutput<N>>;
};

export interface HandlerParts {
  readonly context: EngineContext;
  readonly sync: SyncRounds;
  readonly watch: FolderWatch;
  readonly revisions: Revisions;
  readonly trust: TrustStore;
  readonly version: string;
  readonly startedAt: Date;
  readonly readyMs: () => number;
  readonly settingsChanged: () => Promise<void>;
}

const attentionStates = ['held', 'failed', 'quarantined'] as const;

export function createHandlers(parts: HandlerParts): Handlers {
  const { context, sync, watch } = parts;
  const { actor, audit, documents, intake, jobs, outbox, register } = context;
  const mediaTurn = createTurns();
  const retainTurn = createTurns();
  const entryChanged = (change: () => Arrival): Arrival => {
    const arrival = changeEntry(context, change);
    context.emit('register.changed', { id: arrival.id });
    sync.kick();
    return arrival;
  };
  const tokensChanged = <T>(value: T): T => {
    context.emit('token.changed', {});
    // What the register says of a certificate may let a document pass, or stop it.
    jobs.wake(waitsFor.token);
    return value;
  };
  const queueChanged = <T>(value: T): T => {
    context.emit('sealing.changed', {});
    return value;
  };
  return {
    'engine.status': () => {
      const agencies = listAgencies(context.database);
      return {
        version: parts.version,
        dataDir: context.folder.root,
        startedAt: parts.startedAt.toISOString(),
        readyMs: parts.readyMs(),
        agencies,
        demo: agencies.some((agency) => agency.demo),
        counts: {
          proposed: intake.count(['proposed']),
          attention: intake.count(attentionStates) + outbox.counts().blocked,
          waitingForToken: jobs.count('waiting', waitsFor.token),
          waitingForLevel: jobs.countOpen(jobKinds.extend),
          outboxPending: outbox.counts().pending,
        },
      };
    },
    'engine.settled': async ({ timeoutMs }) => ({ ok: await settled(parts, timeoutMs) }),
    'services.status': () => serviceStates(context),
    'settings.get': () => context.settings(),
    'settings.set': async (patch) => {
      if (patch.signing?.keyUri) await assertAgencyKeyChoice(context, patch.signing.keyUri);
      const settings = patchSettings(context.settings(), patch);
      context.database.transaction(() => {
        writeSettings(context.database, settings);
        audit.append({ actor, action: 'settings.changed', subject: 'settings', data: { ...patch } });
      });
      await parts.settingsChanged();
      return settings;
    },
    'update.stage': async ({ path }) => {
      const { manifest, installerPath } = await stageUpdate(context.folder, path, {
        version: parts.version,
        keys: pinnedReleaseKeys(),
      });
      return { version: manifest.version, notes: manifest.notes, installerPath };
    },
    'backup.snapshot': async () => ({ path: await snapshotRegister(context) }),
    'backup.record': (made) => {
      recordBackup(context, made);
      return {};
    },
    'backup.last': () => ({ last: lastBackup(context) }),
    'audit.list': (query) => ({ entries: audit.list(query) }),
    'audit.rows': ({ afterSequence, limit }) => ({ rows: audit.rowsAfter(afterSequence, limit) }),
    'audit.verify': ({ noted }) => audit.verify(noted),

    'intake.list': ({ states, limit }) => ({
      items: intake.list({ states, limit }),
      candidates: watch.candidates(),
    }),
    'intake.elsewhere': async () => ({ folders: await foldersElsewhere(context) }),
    'intake.get': ({ id }) => withSameDocument(context, intake.get(id)),
    'intake.add': async ({ paths }) => {
      const { ids, failed } = await addFiles(context, paths, () => `command:${newId()}`);
      return { items: ids.map((id) => intake.get(id)), failed };
    },
    'intake.accept': (input) => acceptIntake(context, input),
    'intake.verify': async ({ id }) => {
      const item = intake.get(id);
      if (item.state !== 'proposed') throw new AnThuError('register.not-acceptable', { state: item.state });
      await rejudgeIntake(context, item, 'always');
      return intake.get(id);
    },
    'intake.judgements': ({ id }) => ({ judgements: intake.judgements(id) }),
    'intake.dismiss': ({ id, reason }) => {
      const item = dismissIntake(context, id, reason);
      sync.kick();
      return item;
    },
    'intake.retry': ({ id }) => {
      const item = intake.get(id);
      if (jobs.retry(id) === 0) throw new AnThuError('register.not-acceptable', { state: item.state });
      return intake.get(id);
    },

    'register.registers': () => ({
      registers: listRegisters(context.database).map((row) => ({
        id: row.id,
        agencyId: row.agency_id,
        kind: 'arrival' as const,
        name: row.name,
        years: register.years(row.id),
      })),
    }),
    'register.list': (query) =>
      register.list({ ...query, registerId: requireRegister(context.database, query.registerId).id }),
    'register.get': ({ id }) => register.get(id),
    'register.void': ({ id, reason }) => entryChanged(() => register.void(id, reason, actor)),
    'register.correct': ({ id, fields, reason }) =>
      entryChanged(() => register.correct(id, fields, reason, actor)),
    'register.transfer': ({ id, ...to }) => entryChanged(() => register.transfer(id, to, actor)),
    'register.enter': (input) => enterWithoutFile(context, input),
    'register.gaps': () => ({
      gaps: openGaps(context.database).map((gap) => ({
        ...gap,
        ranges: [...gap.ranges],
        missing: [...gap.missing],
      })),
    }),
    'register.print': (input) => printRegister(context, input),
    'register.export': (input) => exportRegister(context, input),
    'report.arrivals': (input) => reportArrivals(context, input),
    'register.duplicates': (fields) => ({ rows: register.duplicates(fields) }),

    'document.get': ({ id }) => documentDetail(context, id),
    'document.object-path': ({ sha256 }) => {
      const file = documents.file(sha256);
      if (!file) throw new AnThuError('store.object-missing', { sha256 });
      return { path: context.objects.path(sha256), ...file };
    },
    'document.retry': ({ id }) => {
      // Whoever asks wants the timestamp server to be asked now.
      context.tsaPatience.forget();
      jobs.retry(id);
      return { jobs: jobs.forSubjects([id]) };
    },
    'document.acknowledge': ({ id, reason }) => ({ jobs: acknowledgeArrival(context, id, reason) }),
    'document.verify': ({ id }) => verifyDocument(context, id),
    'verification.sheet': (input) => verificationSheet(context, input),
    'revision.open': (input) => parts.revisions.open(input),
    'revision.page': (input) => parts.revisions.page(input),
    'trust.list': () => parts.trust.list(),
    'trust.read-file': (input) => parts.trust.readFile(input),
    'trust.accept': (input) => parts.trust.accept(input),
    'trust.remove': (input) => parts.trust.remove(input),
    'archive.export': (input) => mediaTurn(() => exportArchive(context, input)),
    'archive.retain': (input) => retainTurn(() => retainArchive(context, input)),
    'archive.check': ({ limit }) => checkArchive(context, limit),

    'sync.status': () => sync.status(),
    'sync.list': (options) => ({ entries: outbox.list(options) }),
    'sync.run': async ({ retryBlocked }) => {
      outbox.hurry({ blockedToo: retryBlocked });
      const result = await sync.run();
      return { ...result, status: sync.status() };
    },
    'sync.export': async (input) => {
      const result = await mediaTurn(() => exportQueue(context, input));
      context.emit('sync.changed', sync.status());
      return result;
    },
    'sync.import': async ({ path }) => {
      const result = await mediaTurn(() => importAnswers(context, path));
      context.emit('sync.changed', sync.status());
      return result;
    },
    'sync.retry': ({ id }) => {
      const entry = outbox.retry(id);
      sync.kick();
      return entry;
    },

    'sealing.list': ({ limit }) => listSealing(context, limit),
    'sealing.hold': () => queueChanged(holdSealing(context)),
    'sealing.go': () => queueChanged(goOnSealing(context)),

    'token.choices': async ({ purpose }) => ({ choices: await tokenChoices(context, purpose) }),
    'token.sessions': () => context.tokenActivity.view(),
    'token-register.list': (query) => ({ entries: context.tokenRegister.list(query) }),
    'token-register.get': ({ id }) => context.tokenRegister.get(id),
    'token-register.add': async (input) => tokensChanged(await registerKey(context, input)),
    'token-register.change': ({ id, reason, ...patch }) =>
      tokensChanged(context.tokenRegister.change(id, patch, reason, actor)),
    'token-register.hand-over': ({ id, ...handover }) =>
      tokensChanged(context.tokenRegister.handOver(id, handover, actor)),
    'token-register.retire': ({ id, reason }) =>
      tokensChanged(context.tokenRegister.retire(id, reason, actor)),

    'token.list': async () => ({
      modules: [...(await context.tokens.list({ patienceMs: LIST_PATIENCE_MS }))],
    }),
    'token.pin-key': ({ keyUri }) => context.tokens.pinKey(keyUri),
    'token.unlock': async ({ keyUri, sealedPin, lastTryConfirmed }) => {
      await context.tokens.unlock(keyUri, sealedPin ?? null, {
        lastTry: lastTryConfirmed ? 'confirmed' : 'refuse',
      });
      jobs.wake(waitsFor.token);
      return {};
    },
    'token.try-key': (input) => tryKey(context, input),
    'token.lock': async ({ keyUri }) => {
      await context.tokens.lock(keyUri);
      return {};
    },
    'tokens.diagnose': async () => {
      const diagnosis = await diagnoseAll(context);
      // Who checks again wants what is new to be usable too, not only listed.
      context.tokens.lookAnew();
      return diagnosis;
    },
    'tokens.add-module': async ({ path }) => {
      const modules = await addModule(context, path);
      await parts.settingsChanged();
      return { modules };
    },
    'tokens.remove-module': async ({ path }) => {
      const modules = removeModule(context, path);
      await parts.settingsChanged();
      return { modules };
    },
  };
}

const SETTLE_POLL_MS = 15;

/** Waits until nothing is taken in, worked on or sent. */
async function settled(parts: HandlerParts, timeoutMs: number): Promise<boolean> {
  const { clock, jobs } = parts.context;
  const deadline = clock.monotonic() + timeoutMs;
  for (;;) {
    await atMost(deadline - clock.monotonic(), parts.watch.idle());
    if (jobs.settled && !parts.sync.running) return true;
    if (clock.monotonic() >= deadline) return false;
    await pause(SETTLE_POLL_MS);
  }
}

/** Waits for `work`, but no longer than `ms`; leaves no timer behind, which would keep the process alive. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([work, pause(ms, ended.signal)]);
  } finally {
    ended.abort();
  }
}

function pause(ms: number, until?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, ms));
    until?.addEventListener('abort', () => clearTimeout(timer));
  });
}

/** Adds what may be the same document: packages with its document id, register entries with its number and issuer. */
function withSameDocument(context: EngineContext, item: IntakeItem): IntakeItem {
  if (item.state !== 'proposed') return item;
  const packages = context.inbox.sameDocument(item.id).map((id) => context.intake.get(id));
  return {
    ...item,
    duplicates: [
      ...item.duplicates,
      ...packages.map((other) => ({
        kind: 'same-document' as const,
        intakeId: other.id,
        arrivalId: other.arrivalId,
        label: other.originalName,
        number: null,
      })),
      ...registeredAlready(context, item).map((arrival) => ({
        kind: 'same-document' as const,
        intakeId: null,
        arrivalId: arrival.id,
        label: `số đến ${arrival.number}${arrival.suffix}/${arrival.year}, ngày ${shownDate(arrival.arrivalDate)}`,
        number: `${arrival.number}${arrival.suffix}/${arrival.year}`,
      })),
    ],
  };
}

function registeredAlready(context: EngineContext, { proposal }: IntakeItem): Arrival[] {
  if (!proposal?.docNumber || !proposal.issuer) return [];
  return context.register.duplicates({
    docNumber: proposal.docNumber.value,
    docNotation: proposal.docNotation?.value ?? '',
    issuer: proposal.issuer.value,
    docDate: proposal.docDate?.value ?? null,
  });
}

function documentDetail(context: EngineContext, id: string): DocumentDetail {
  const { documents, register, intake, audit, outbox, jobs } = context;
  documents.state(id);
  const intakeId = intake.forDocument(id);
  const subjects = intakeId ? [id, intakeId] : [id];
  const objects = documents.objects(id);
  return {
    id,
    arrival: register.forDocument(id),
    intakeId,
    view:
      (
        objects.findLast((object) => object.role === 'sealed') ??
        objects.findLast((object) => object.role === 'working-pdf')
      )?.sha256 ?? null,
    objects: objects.map((object) => ({
      sha256: object.sha256,
      role: object.role,
      mediaType: object.media_type,
      name: object.name,
      bytes: object.bytes,
      storedAt: object.stored_at,
    })),
    checks: documents.checks(id),
    level: documentLevel(context, id),
    history: audit.forSubjects(subjects),
    outbox: outbox.forDocument(id),
    jobs: jobs.forSubjects(subjects),
  };
}
