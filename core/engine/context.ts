import { z } from 'zod';
import type { TryCountStore } from '../../native/token-host/try-counts.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventName, EventValue } from '../contract/events.ts';
import type { Agency, Settings } from '../contract/system.ts';
import type { Documents } from '../documents/documents.ts';
import type { IntakeRecords } from '../intake/intake-records.ts';
import type { PageReader, PageRenderer } from '../ports/page-reader.ts';
import type { ProgramSpawner } from '../ports/program-spawner.ts';
import type { TokenService } from '../ports/token-service.ts';
import type { VirusScanner } from '../ports/virus-scanner.ts';
import type { ArrivalRegister } from '../register/arrival-register.ts';
import type { Clock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import type { DataFolder } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import type { JobQueue } from '../store/job-queue.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Inbox } from '../sync/inbox.ts';
import type { MediaLog } from '../sync/media/media-log.ts';
import type { Outbox } from '../sync/outbox.ts';
import type { ProvincialConnector } from '../sync/connector.ts';
import type { TokenRegister } from '../token-register/token-register.ts';
import type { DocumentWorker } from './document-worker-client.ts';
import type { ClockCheck } from '../signing/clock-check.ts';
import type { RevocationCheck } from '../signing/revocation-check.ts';
import type { TsaPatience } from '../signing/tsa-patience.ts';
import type { SealingDesk } from './services/sealing-desk.ts';
import type { TokenActivity } from './services/token-activity.ts';

/** The parts of a running engine, wired once in engine.ts and handed to the services. */
export interface EngineContext {
  readonly folder: DataFolder;
  readonly clock: Clock;
  /** Who acts, for the audit log. */
  readonly actor: string;
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly audit: AuditLog;
  readonly jobs: JobQueue;
  readonly intake: IntakeRecords;
  readonly documents: Documents;
  readonly register: ArrivalRegister;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly media: MediaLog;
  readonly worker: DocumentWorker;
  /** A reader without `renderPage` leaves places on the page unchecked. */
  readonly reader: PageReader & Partial<PageRenderer>;
  /** Ask for it anew each time: another list of modules makes another service. */
  readonly tokens: TokenService;
  /** Our own count of wrong PINs; one for the whole program, for what cannot be written lives only here. */
  readonly tryCounts: TryCountStore;
  readonly tsaPatience: TsaPatience;
  readonly clockCheck: ClockCheck;
  readonly revocationCheck: RevocationCheck;
  readonly tokenActivity: TokenActivity;
  readonly tokenRegister: TokenRegister;
  readonly sealing: SealingDesk;
  readonly spawner: ProgramSpawner;
  readonly scanner: () => VirusScanner | null;
  /** Null while no server is configured. */
  readonly connector: () => ProvincialConnector | null;
  readonly settings: () => Settings;
  readonly emit: <N extends EventName>(name: N, value: EventValue<N>) => void;
}

const agencyRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  parent_name: z.string(),
  organ_id: z.string(),
  place: z.string(),
  demo: z.number(),
});

export function listAgencies(database: Database): Agency[] {
  return database.all(agencyRowSchema, 'SELECT * FROM agency ORDER BY created_at, id').map((row) => ({
    id: row.id,
    name: row.name,
    parentName: row.parent_name,
    organId: row.organ_id,
    place: row.place,
    demo: row.demo === 1,
  }));
}

/** The agency whose folders and registers are used unless another is named. */
export function mainAgency(database: Database): Agency {
  const [agency] = listAgencies(database);
  if (!agency) throw new AnThuError('store.damaged', { reason: 'no agency' });
  return agency;
}

/** The agency that a register belongs to. */
export function agencyOf(database: Database, register: { readonly agency_id: string }): Agency {
  return listAgencies(database).find(({ id }) => id === register.agency_id) ?? mainAgency(database);
}

const registerRowSchema = z.object({
  id: z.string(),
  agency_id: z.string(),
  name: z.string(),
  position: z.number(),
});

export function listRegisters(database: Database): z.infer<typeof registerRowSchema>[] {
  return database.all(
    registerRowSchema,
    'SELECT id, agency_id, name, position FROM register ORDER BY position, id',
  );
}

/** The named register, or the first. Fails with `register.unknown-register`. */
export function requireRegister(database: Database, id?: string): z.infer<typeof registerRowSchema> {
  const registers = listRegisters(database);
  const found = id === undefined ? registers[0] : registers.find((register) => register.id === id);
  if (!found) throw new AnThuError('register.unknown-register', { id: id ?? '' });
  return found;
}
