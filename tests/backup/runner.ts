import { createSet } from '../../core/backup/create-set.ts';
import { readManifest } from '../../core/backup/manifest.ts';
import { nothingSince } from '../../core/backup/last-numbers.ts';
import { restoreSet } from '../../core/backup/restore-set.ts';
import { listSets, openTarget } from '../../core/backup/target.ts';
import { systemClock } from '../../core/shared/clock.ts';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { Database } from '../../core/store/database.ts';
import { ObjectStore } from '../../core/store/object-store.ts';

/** `create DATA TARGET` or `restore DATA TARGET` in a process of its own, so that it can be killed at a failpoint. */
const [verb = '', data = '', targetPath = ''] = process.argv.slice(2);
const folder = dataFolderAt(data);
const version = '0.1.0';

if (verb === 'create') {
  const database = Database.open(folder.database);
  await createSet({
    folder,
    targetPath,
    snapshot: async () => {
      const path = new ObjectStore(folder).scratchPath('.backup-register');
      await database.snapshot(path);
      return path;
    },
    program: { version, highest: version },
    clock: systemClock,
    kind: 'as-due',
    begin: 'new',
    keep: 1,
  });
  database.close();
} else {
  const { target } = await openTarget(targetPath);
  const [name = ''] = await listSets(target);
  const { manifest } = await readManifest(target, name);
  await restoreSet({
    targetPath,
    folder,
    lastNumbers: nothingSince(manifest, systemClock.now()),
    damagedFiles: 'refuse',
    version,
    actor: 'test',
    clock: systemClock,
  });
}
process.stdout.write('done\n');
