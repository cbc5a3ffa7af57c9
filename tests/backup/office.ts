import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSet, type CreateOptions, type CreatedSet } from '../../core/backup/create-set.ts';
import { restoreSet, type RestoreOptions, type RestoredSet } from '../../core/backup/restore-set.ts';
import { listSets, openTarget } from '../../core/backup/target.ts';
import { type SetVerdict, verifySet, withheldIn } from '../../core/backup/verify-set.ts';
import { dataFolderAt, prepareDataFolder } from '../../core/store/data-folder.ts';
import { recordObject } from '../../core/store/object-rows.ts';
import { ObjectStore } from '../../core/store/object-store.ts';
import { SampleOffice } from '../lib/sample-office.ts';

const NEVER_NEWER = { version: '0.1.0', highest: '0.1.0' };

/** A sample office with some stored files, and folders beside it to back up into and restore to. */
export class BackedUpOffice {
  readonly office: SampleOffice;
  readonly objects: ObjectStore;
  /** For targets, new data folders and whatever a test needs. */
  readonly dir = mkdtempSync(join(tmpdir(), 'an-thu-backup-'));
  #files = 0;
  #folders = 0;

  static async open(now = '2026-11-20T02:00:00Z'): Promise<BackedUpOffice> {
    const office = await SampleOffice.open(now);
    await prepareDataFolder(office.folder);
    return new BackedUpOffice(office);
  }

  private constructor(office: SampleOffice) {
    this.office = office;
    this.objects = new ObjectStore(office.folder);
  }

  /** Takes in a file; each has another content. Returns its SHA-256. */
  async store(content = `bản quét ${++this.#files}`): Promise<string> {
    const path = join(this.dir, 'incoming');
    writeFileSync(path, content);
    const object = await this.objects.put(path);
    recordObject(this.office.database, { ...object, mediaType: 'application/pdf' }, this.office.clock.now());
    return object.sha256;
  }

  /** Puts a stored file into quarantine, as the reader does with a secret. */
  async quarantine(sha256: string): Promise<void> {
    await this.objects.quarantine(sha256);
    this.office.database.run('UPDATE object SET quarantined = 1 WHERE sha256 = @sha256', { sha256 });
  }

  /** A path for a folder that is not there yet. */
  newPath(): string {
    return join(this.dir, `thư mục ${++this.#folders}`);
  }

  newTarget(): string {
    const path = this.newPath();
    mkdirSync(path);
    return path;
  }

  create(targetPath: string, more: Partial<CreateOptions> = {}): Promise<CreatedSet> {
    const { folder, clock, database } = this.office;
    // Sets of one second are told apart by chance; of different ones they sort.
    clock.advance(1000);
    return createSet({
      folder,
      targetPath,
      snapshot: async () => {
        const path = this.objects.scratchPath('.backup-register');
        await database.snapshot(path);
        return path;
      },
      program: NEVER_NEWER,
      clock,
      kind: 'as-due',
      begin: 'new',
      ...more,
    });
  }

  restore(
    targetPath: string,
    more: Partial<RestoreOptions> & { readonly to?: string } = {},
  ): Promise<RestoredSet> {
    const { to = this.newPath(), lastNumbers = this.nothingSince(), ...options } = more;
    return restoreSet({
      targetPath,
      folder: dataFolderAt(to),
      lastNumbers,
      damagedFiles: 'refuse',
      version: '0.1.0',
      actor: 'quản trị',
      clock: this.office.clock,
      ...options,
    });
  }

  /** The last numbers as the office has them now, of both its registers. */
  nothingSince() {
    const { register, arrivals, secondRegister } = this.office;
    return [arrivals, secondRegister].map((id) => {
      const { rows } = register.list({ registerId: id, query: '', year: 2026, offset: 0, limit: 1 });
      return { register: id, year: 2026, number: rows[0]?.number ?? 0 };
    });
  }

  close(): void {
    this.office.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Verdicts of every set, newest first. */
export async function verdictsOf(targetPath: string): Promise<SetVerdict[]> {
  const { target } = await openTarget(targetPath);
  const shared = { withheld: await withheldIn(target), seen: new Map() };
  const verdicts = [];
  for (const name of await listSets(target)) verdicts.push(await verifySet(target, name, shared));
  return verdicts;
}

/** The problems of the newest set. */
export const problemsOf = async (targetPath: string) => (await verdictsOf(targetPath))[0]?.problems ?? [];
