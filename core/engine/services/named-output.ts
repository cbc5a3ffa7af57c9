import { rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { asWriteError, hashFile, renameDurably, syncForeignFolder } from '../../shared/durable-fs.ts';
import { AnThuError } from '../../shared/errors.ts';
import { type ExistingOutput, refuseExisting } from '../../signing/output-file.ts';
import { partPathFor, removeDeadParts } from '../../signing/part-name.ts';
import { refuseInsideData } from './apart-from-data.ts';

export interface NamedOutput {
  /** Absolute: the caller may stand in another folder than the engine. */
  readonly path: string;
  readonly existing: ExistingOutput;
}

/** Told before the work for an output begins. Errors: `general.output-exists`, `general.invalid-input`, `store.cannot-write`. */
export async function refuseOutput(dataFolder: string, { path, existing }: NamedOutput): Promise<void> {
  if (!isAbsolute(path)) throw new AnThuError('general.invalid-input', { reason: path });
  await refuseInsideData(dataFolder, path);
  await refuseExisting(path, existing);
  // A pipe or a device (`/dev/stdout`) would be taken away and a file stand in its place.
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile()) throw new AnThuError('store.cannot-write', { path, reason: 'not-a-file' });
}

/**
 * Writes a file that a person named, whole or not at all: `write` makes it beside its name, then it is hashed and renamed. Nothing
 * of the data folder can be named. Errors: those of {@link refuseOutput}, `store.disk-full`, and what `write`
 * throws.
 */
export async function writeNamedOutput<T extends object>(
  dataFolder: string,
  output: NamedOutput,
  write: (partPath: string) => Promise<T>,
): Promise<T & { readonly sha256: string; readonly bytes: number }> {
  const { path, existing } = output;
  await refuseOutput(dataFolder, output);
  await removeDeadParts(dirname(path));
  const partPath = partPathFor(path);
  try {
    const made = await write(partPath);
    const { sha256, bytes } = await hashFile(partPath);
    await refuseExisting(path, existing);
    await renameDurably(partPath, path, syncForeignFolder);
    return { ...made, sha256, bytes };
  } catch (thrown) {
    // What cannot be removed on a failing disk must not stand in the place of why.
    await rm(partPath, { force: true }).catch(() => undefined);
    throw (thrown as NodeJS.ErrnoException).syscall === undefined ? thrown : asWriteError(thrown, path);
  }
}

/** {@link writeNamedOutput} of what is at hand; only its owner reads it. */
export async function writeNamedFile(
  dataFolder: string,
  output: NamedOutput,
  content: string | Uint8Array,
): Promise<void> {
  await writeNamedOutput(dataFolder, output, async (partPath) => {
    await writeFile(partPath, content, { mode: 0o600, flag: 'wx', flush: true });
    return {};
  });
}
