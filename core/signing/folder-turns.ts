import { dirname } from 'node:path';

const turns = new Map<string, Promise<unknown>>();

/**
 * Steps that change the names in one folder, one after another: the system lets them in one at a time anyhow, and those that
 * stood at its lock would hold a thread each, or turn round and round there. Settles as `step` does.
 */
export function inFolderTurn<T>(path: string, step: () => Promise<T>): Promise<T> {
  const folder = dirname(path);
  const before = turns.get(folder) ?? Promise.resolve();
  const turn: Promise<T> = before.then(step, step).finally(() => {
    if (turns.get(folder) === turn) turns.delete(folder);
  });
  turns.set(folder, turn);
  return turn;
}
