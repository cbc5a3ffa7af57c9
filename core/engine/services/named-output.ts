import { realpath, rm } from 'node:fs/promises';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { asWriteError, hashFile, renameDurably, syncForeignFolder } from '../../shared/durable-fs.ts';
import { AnThuError } from '../../shared/errors.ts';
import { type ExistingOutput, refuseExisting } from '../../signing/output-file.ts';
import { partPathFor, removeDeadParts } from '../../signing/part-name.ts';
import type { EngineContext } from '../context.ts';

interface NamedOutput {
  /** Absolute: the caller may stand in another folder than the engine. */
  readonly path: string;
  readonly existing: ExistingOutput;
}

/**
 * Writes a file that a person named, whole or not at all: `write` makes it beside its name, then it is hashed and renamed. Nothing
 * of the data folder can be named. Errors: `general.output-exists`, `general.invalid-input`, `store.cannot-write`,
 * `store.disk-full`, and what `write` throws.
 */
export async function writeNamedOutput<T extends object>(
  { folder }: Pick<EngineContext, 'folder'>,
  { path, existing }: NamedOutput,
  write: (partPath: string) => Promise<T>,
): Promise<T & { readonly sha256: string; readonly bytes: number }> {
  if (!isAbsolute(path)) throw new AnThuError('general.invalid-input', { reason: path });
  await refuseInside(folder.root, path);
  await refuseExisting(path, existing);
  await removeDeadParts(dirname(path));
  const partPath = partPathFor(path);
  try {
    const made = await write(partPath);
    const { sha256, bytes } = await hashFile(partPath);
    await refuseExisting(path, existing);
    await renameDurably(partPath, path, syncForeignFolder);
    return { ...made, sha256, bytes };
  } catch (thrown) {
    await rm(partPath, { force: true });
    throw (thrown as NodeJS.ErrnoException).syscall === undefined ? thrown : asWriteError(thrown, path);
  }
}

async function refuseInside(root: string, path: string): Promise<void> {
  const real = (each: string): Promise<string> => realpath(each).catch(() => each);
  const way = relative(await real(root), await real(dirname(path)));
  const outside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  if (!outside) throw new AnThuError('general.invalid-input', { reason: `${path}: thư mục dữ liệu` });
}
