import { join } from 'node:path';
import { AnThuError } from '../shared/errors.ts';
import { REGISTER_FILE, type BackupTarget, setPath } from './layout.ts';
import { readManifest } from './manifest.ts';
import { registerGoesThrough } from './register-facts.ts';
import { listSets } from './target.ts';

/**
 * Name of the set that holds the latest state: by its name the newest, unless the log of another one goes on from it, as when a clock
 * that ran ahead made the name. Fails with `backup.no-set`.
 */
export async function newestSet(target: BackupTarget): Promise<string> {
  const [newest, ...others] = await listSets(target);
  if (newest === undefined) throw new AnThuError('backup.no-set', { name: '–', path: target.root });
  const audit = async (name: string) =>
    (await readManifest(target, name).catch(() => undefined))?.manifest.audit;
  let best = { name: newest, audit: await audit(newest) };
  for (const name of others) {
    const found = await audit(name);
    const head = best.audit?.head;
    if (!found || !best.audit || !head || found.entries <= best.audit.entries) continue;
    if (registerGoesThrough(join(setPath(target, name), REGISTER_FILE), head)) best = { name, audit: found };
  }
  return best.name;
}
