import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Documents } from '../../core/documents/documents.ts';
import { setUpAgency } from '../../core/engine/agency-setup.ts';
import { mainAgency } from '../../core/engine/context.ts';
import { type Engine, openEngine } from '../../core/engine/engine.ts';
import { readSettings, writeSettings } from '../../core/engine/settings.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { recordObject } from '../../core/store/object-rows.ts';
import { ObjectStore } from '../../core/store/object-store.ts';
import { Outbox } from '../../core/sync/outbox.ts';
import type { ArrivalRecord } from '../../core/sync/protocol.ts';
import { startProvincialServer, type ProvincialServer } from '../../scripts/provincial-server/server.ts';
import { arrivalRecord, commune, province } from './office.ts';
import { statusOf } from './packages.ts';

/** A stick, a commune's data folder with a queue, and provinces: all in one folder. */
export class MediaWorld {
  readonly dir = mkdtempSync(join(tmpdir(), 'an-thu-media-'));
  readonly data = join(this.dir, 'data');
  readonly #ends: (() => Promise<unknown>)[] = [];
  #files = 0;
  #folders = 0;

  /** Sets the commune up; `serverUrl` comes later with `settings.set`, or never. */
  async setUp(): Promise<void> {
    writeFileSync(join(this.dir, 'secret'), commune.secret);
    await setUpAgency(this.data, {
      agency: { name: commune.organName, organId: commune.organId, place: 'B', demo: true },
      registers: [{ name: 'Sổ văn bản đến' }],
      settings: {
        clerkName: 'chị Lan',
        scanner: { mode: 'left-out' },
        sync: { officeId: commune.officeId, everySeconds: 3600 },
      },
      serverSecretFile: join(this.dir, 'secret'),
    });
  }

  /** The same data folder once more: another fate of the same office, with the same operation ids. */
  copy(): string {
    const target = join(this.dir, `data-${++this.#folders}`);
    cpSync(this.data, target, { recursive: true });
    return target;
  }

  folder(): string {
    const path = join(this.dir, `stick-${++this.#folders}`);
    mkdirSync(path);
    return path;
  }

  async province(): Promise<ProvincialServer> {
    const dir = join(this.dir, `province-${++this.#folders}`);
    const server = await startProvincialServer({ dir, offices: [commune, province] });
    this.#ends.push(() => server.close());
    return server;
  }

  /** What only `agency.json` sets. */
  account(data: string, sync: { serverUrl?: string; officeId?: null }): void {
    const database = Database.open(dataFolderAt(data).database);
    const settings = readSettings(database);
    writeSettings(database, { ...settings, sync: { ...settings.sync, ...sync } });
    database.close();
  }

  async engine(data: string, mode: 'work' | 'idle' = 'idle'): Promise<Engine> {
    const engine = await openEngine({ dataDir: data, mode, spawner: createNodeSpawner() });
    this.#ends.push(() => engine.close());
    return engine;
  }

  /** Queues sealed arrivals as their registering would; `corrected` ones are followed by a record of a higher level. */
  async queue(data: string, numbers: readonly number[], corrected: readonly number[] = []): Promise<void> {
    const folder = dataFolderAt(data);
    const database = Database.open(folder.database);
    const documents = new Documents(database, systemClock);
    const objects = new ObjectStore(folder);
    const outbox = new Outbox(database, systemClock);
    for (const number of numbers) {
      const documentId = documents.create(mainAgency(database).id, 'sealed');
      const actions: ArrivalRecord['action'][] = corrected.includes(number)
        ? ['register', 'correct']
        : ['register'];
      for (const action of actions) {
        const path = join(this.dir, `sealed-${++this.#files}.pdf`);
        writeFileSync(path, `%PDF-1.7 ${number} ${action} ${'x'.repeat(3000)}`);
        const object = await objects.put(path);
        recordObject(database, { ...object, mediaType: 'application/pdf' }, systemClock.now());
        outbox.add({
          kind: 'arrival-record',
          label: `Số đến ${number}/2026`,
          documentId,
          objectSha256: object.sha256,
          effect: `record:${documentId}:${object.sha256}`,
          body: (id) => JSON.stringify({ ...arrivalRecord(id, number, { ...object, path }), action }),
        });
      }
    }
    database.close();
  }

  /** Queues status 01 about a document of the province. */
  queueStatus(data: string, documentId: string): void {
    const database = Database.open(dataFolderAt(data).database);
    new Outbox(database, systemClock).add({
      kind: 'edxml-status',
      label: `01 ${documentId}`,
      documentId: null,
      objectSha256: null,
      effect: `status:${documentId}`,
      body: () => JSON.stringify({ status: statusOf(commune, documentId, '01') }),
    });
    database.close();
  }

  async end(): Promise<void> {
    for (const end of this.#ends.toReversed()) await end().catch(() => undefined);
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** What a province holds, without when and in which row; records of different documents have no order among themselves. */
export const heldBy = (server: ProvincialServer) => ({
  records: server
    .records()
    .map(({ officeId, record }) => ({ officeId, record }))
    .toSorted((a, b) => a.record.operationId.localeCompare(b.record.operationId)),
  statuses: server.statuses().map(({ officeId, status }) => ({ officeId, status })),
});

/** What an office's queue says, without when. */
export const queueOf = async (engine: Engine) =>
  (await engine.call('sync.list', {})).entries.map(({ id, kind, state, error, receipt }) => ({
    id,
    kind,
    state,
    error: error?.code ?? null,
    receipt: receipt && { operationId: receipt.operationId, sha256: receipt.sha256 },
  }));
