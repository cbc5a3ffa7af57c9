import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataFolderAt, hasData } from '../../core/store/data-folder.ts';
import { backupFailpoints } from '../kill/failpoints.ts';
import { BackedUpOffice, verdictsOf } from './office.ts';

let world: BackedUpOffice;
let target: string;
beforeAll(async () => {
  world = await BackedUpOffice.open(new Date().toISOString());
  world.office.enter();
  await world.store();
  target = world.newTarget();
  await world.create(target);
});
afterAll(() => world.close());

/** Runs a backup or restore in a process of its own; with a failpoint it dies there. */
function run(verb: 'create' | 'restore', data: string, failpoint = ''): Promise<'done' | 'killed'> {
  const runner = join(import.meta.dirname, 'runner.ts');
  return new Promise((resolve, reject) => {
    const env = { ...process.env, AN_THU_FAILPOINT: failpoint };
    const child = execFile(
      process.execPath,
      [runner, verb, data, target],
      { env },
      (error, stdout, stderr) => {
        if (stdout.includes('done')) resolve('done');
        else if (child.signalCode === 'SIGKILL') resolve('killed');
        else reject(error ?? new Error(stderr));
      },
    );
  });
}

/** Everything that is no finished set, pool or marker. */
const unfinished = () =>
  readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('.part-'));

describe('making a backup, killed', () => {
  it.for(backupFailpoints.create)('at %s leaves the earlier sets whole', async (failpoint) => {
    // Something new each time, so that every place is passed.
    await world.store();
    const before = readdirSync(join(target, 'sets')).filter((name) => !name.startsWith('.'));
    expect(await run('create', world.office.folder.root, failpoint)).toBe('killed');
    const verdicts = await verdictsOf(target);
    expect(verdicts.map(({ ok }) => ok)).not.toContain(false);
    expect(verdicts.length).toBeGreaterThanOrEqual(Math.min(1, before.length));
  });

  it('is made up for by the next one, which clears away what is left over', async () => {
    expect(await run('create', world.office.folder.root)).toBe('done');
    expect(unfinished()).toEqual([]);
    const [newest] = await verdictsOf(target);
    expect(newest).toMatchObject({ ok: true });
    expect(newest?.manifest?.objects).toHaveLength(1 + backupFailpoints.create.length);
  });
});

describe('restoring, killed', () => {
  it.for(backupFailpoints.restore)('at %s leaves no office, and begins anew', async (failpoint) => {
    const to = world.newPath();
    expect(await run('restore', to, failpoint)).toBe('killed');
    expect(await hasData(dataFolderAt(to))).toBe(false);
    expect(await run('restore', to)).toBe('done');
    expect(await hasData(dataFolderAt(to))).toBe(true);
    expect(existsSync(join(to, 'restoring.json'))).toBe(false);
  });
});
