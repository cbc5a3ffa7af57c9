import { z } from 'zod';
import type { ProcedureName } from '../core/contract/procedures.ts';
import { AnThuError } from '../core/shared/errors.ts';

const addedFilesSchema = z.object({ paths: z.array(z.string()) });
const folderPatchSchema = z.object({ watchedFolders: z.array(z.object({ path: z.string() })).optional() });

/**
 * Paths that the person chose in a dialog. The page may name only these, and folders that are watched already: a page
 * gone wrong could otherwise have any file of the disk taken in and sent.
 */
export class ChosenPaths {
  readonly #paths = new Set<string>();

  remember(paths: readonly string[]): void {
    for (const path of paths) this.#paths.add(path);
  }

  /**
   * Lets a call pass or throws `general.invalid-input`.
   *
   * @param watchedNow asks the engine which folders it watches
   */
  async check(
    procedure: ProcedureName,
    input: unknown,
    watchedNow: () => Promise<readonly string[]>,
  ): Promise<void> {
    if (procedure === 'intake.add') this.#demand(addedFilesSchema.parse(input).paths, []);
    if (procedure !== 'settings.set') return;
    const folders = folderPatchSchema.parse(input).watchedFolders?.map((folder) => folder.path) ?? [];
    const unknown = folders.filter((path) => !this.#paths.has(path));
    if (unknown.length > 0) this.#demand(unknown, await watchedNow());
  }

  #demand(paths: readonly string[], alsoAllowed: readonly string[]): void {
    const stranger = paths.find((path) => !this.#paths.has(path) && !alsoAllowed.includes(path));
    if (stranger !== undefined) {
      throw new AnThuError('general.invalid-input', { reason: `not chosen in a dialog: ${stranger}` });
    }
  }
}
