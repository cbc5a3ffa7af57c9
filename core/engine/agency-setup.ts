import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AuditLog } from '../audit/audit-log.ts';
import { settingsSchema } from '../contract/system.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { AnThuError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import {
  dataFolderAt,
  type DataFolder,
  lockDataFolder,
  mayHaveData,
  prepareDataFolder,
} from '../store/data-folder.ts';
import { Database } from '../store/database.ts';
import { acceptAnchor, loadCertificates } from '../trust/anchors.ts';
import { assertKeyAddress } from './services/key-address.ts';
import { patchSettings, readSettings, writeSettings } from './settings.ts';

const settingsShape = settingsSchema.shape;

/** `agency.json` of `an-thu agency init` (design/cli.md). Relative paths mean the folder of the file. */
export const agencyFileSchema = z.strictObject({
  agency: z.strictObject({
    name: z.string().trim().min(1).max(200),
    parentName: z.string().trim().max(200).default(''),
    /** Mã định danh (domain/vietnam.md §4). */
    organId: z
      .string()
      .max(35)
      .regex(/^[0-9A-Z]+(\.[0-9A-Z]+)*$/),
    place: z.string().trim().max(100).default(''),
    demo: z.boolean().default(false),
  }),
  registers: z.array(z.strictObject({ name: z.string().trim().min(1).max(200) })).min(1),
  settings: z
    .strictObject({
      watchedFolders: settingsShape.watchedFolders,
      scanner: settingsShape.scanner.partial(),
      signing: settingsShape.signing.partial(),
      sync: settingsShape.sync.partial(),
      settle: settingsShape.settle.partial(),
      language: settingsShape.language,
      clerkName: settingsShape.clerkName,
    })
    .partial()
    .default({}),
  /** PEM files of trust anchors and of further CA certificates. */
  anchors: z.array(z.string()).default([]),
  tsaAnchors: z.array(z.string()).default([]),
  certificates: z.array(z.string()).default([]),
  /** File that holds the secret of the office's account at the province. */
  serverSecretFile: z.string().optional(),
});
export type AgencyFile = z.input<typeof agencyFileSchema>;
export type AgencySettings = z.output<typeof agencyFileSchema>['settings'];

/**
 * Sets up a data folder for an agency: database, registers, settings, anchors. Fails with `store.exists` when
 * there is one already, `verification.demo-anchor-refused` for a sample anchor in a real agency, `token.uri-invalid` and
 * `token.pin-value-refused` for the address of its key; whatever fails on the way leaves no half-made data behind.
 */
export async function setUpAgency(
  dataDir: string,
  input: AgencyFile,
  clock: Clock = systemClock,
): Promise<void> {
  const config = agencyFileSchema.parse(input);
  if (config.settings.signing?.keyUri) assertKeyAddress(config.settings.signing.keyUri);
  const folder = dataFolderAt(dataDir);
  // Before anything is touched: preparing a folder empties the scratch of the engine that may run on it.
  await refuseData(folder);
  await refuseSampleAnchors(config);
  const secret = await readSecret(config.serverSecretFile);
  await prepareDataFolder(folder);
  const lock = lockDataFolder(folder);
  try {
    await refuseData(folder);
    for (const [paths, target] of [
      [config.anchors, folder.anchors],
      [config.tsaAnchors, folder.tsaAnchors],
      [config.certificates, folder.certificates],
    ] as const) {
      await mkdir(target, { recursive: true, mode: 0o700 });
      for (const path of paths) await copyFile(path, join(target, basename(path)));
    }
    if (secret !== undefined) await writeFile(folder.serverSecret, secret, { mode: 0o600 });
    try {
      fillDatabase(folder.database, config, clock);
    } catch (error) {
      for (const suffix of ['', '-wal', '-shm']) await rm(`${folder.database}${suffix}`, { force: true });
      throw error;
    }
  } finally {
    lock.release();
  }
}

async function refuseData(folder: DataFolder): Promise<void> {
  if (await mayHaveData(folder)) throw new AnThuError('store.exists', { path: folder.root });
}

/** What `an-thu trust import` would refuse is refused here too (`verification.demo-anchor-refused`, …). */
async function refuseSampleAnchors(config: z.output<typeof agencyFileSchema>): Promise<void> {
  const kind = config.agency.demo ? 'sample' : 'real';
  for (const certificate of await loadCertificates(config.anchors))
    acceptAnchor(certificate, 'signature', kind);
  for (const certificate of await loadCertificates(config.tsaAnchors)) {
    acceptAnchor(certificate, 'timestamp', kind);
  }
  await loadCertificates(config.certificates);
}

async function readSecret(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new AnThuError('general.no-such-input', { path }, { cause: error });
  }
}

function fillDatabase(path: string, config: z.output<typeof agencyFileSchema>, clock: Clock): void {
  const database = Database.open(path);
  try {
    database.transaction(() => {
      const now = clock.now();
      const agencyId = newId(now);
      const { agency } = config;
      database.run(
        `INSERT INTO agency (id, name, parent_name, organ_id, place, demo, created_at)
         VALUES (@id, @name, @parentName, @organId, @place, @demo, @now)`,
        {
          id: agencyId,
          name: agency.name.normalize('NFC'),
          parentName: agency.parentName.normalize('NFC'),
          organId: agency.organId,
          place: agency.place.normalize('NFC'),
          demo: agency.demo ? 1 : 0,
          now: now.toISOString(),
        },
      );
      for (const [position, register] of config.registers.entries()) {
        database.run(
          `INSERT INTO register (id, ordinal, agency_id, kind, name, position)
           SELECT @id, coalesce(max(ordinal), 0) + 1, @agencyId, 'arrival', @name, @position FROM register`,
          { id: newId(now), agencyId, name: register.name.normalize('NFC'), position },
        );
      }
      writeSettings(database, patchSettings(readSettings(database), config.settings));
      new AuditLog(database, clock).append({
        actor: 'an-thu agency init',
        action: 'agency.created',
        subject: agencyId,
        data: { organId: agency.organId, demo: agency.demo, registers: config.registers.length },
      });
    });
  } finally {
    database.close();
  }
}
