import { mkdir } from 'node:fs/promises';
import { arch, platform } from 'node:process';
import { join } from 'node:path';
import type { DataFolder } from '../store/data-folder.ts';
import {
  checkBundle,
  extractInstaller,
  requireFit,
  type ReleaseKeys,
  type UpdateManifest,
} from './update-bundle.ts';
import { readVersionRecord } from './version-record.ts';

/** A bundle that may be installed on this machine. */
export interface StagedUpdate {
  readonly manifest: UpdateManifest;
  /** The installer, checked, in the data folder. */
  readonly installerPath: string;
}

/** Checks a bundle against its signature, this machine and what the data has seen; changes nothing. */
export async function checkUpdate(
  folder: DataFolder,
  bundlePath: string,
  options: { readonly version: string; readonly keys: ReleaseKeys },
): Promise<UpdateManifest> {
  return (await fittingBundle(folder, bundlePath, options)).manifest;
}

/** Checks a bundle and lays its installer ready below `updates/`; starting it is the person's step. */
export async function stageUpdate(
  folder: DataFolder,
  bundlePath: string,
  options: { readonly version: string; readonly keys: ReleaseKeys },
): Promise<StagedUpdate> {
  const checked = await fittingBundle(folder, bundlePath, options);
  const shelf = join(folder.root, 'updates', checked.manifest.version);
  await mkdir(shelf, { recursive: true, mode: 0o700 });
  const installerPath = join(shelf, checked.manifest.installer.name);
  await extractInstaller(bundlePath, checked, installerPath);
  return { manifest: checked.manifest, installerPath };
}

async function fittingBundle(
  folder: DataFolder,
  bundlePath: string,
  { version, keys }: { readonly version: string; readonly keys: ReleaseKeys },
) {
  const checked = await checkBundle(bundlePath, keys);
  const record = await readVersionRecord(folder);
  requireFit(checked.manifest, { version, highest: record?.highest ?? version, platform, arch });
  return checked;
}
