import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimByRename, listClaimed } from '../../core/intake/claim-store.ts';
import { type ElsewhereClaims, type FolderOwner, listElsewhere } from '../../core/intake/folder-owner.ts';
import type { AnThuError } from '../../core/shared/errors.ts';
import { base, claimed, folder, root, smallPdf, states, stoppableClock, us } from './scan-folder.ts';

const them: FolderOwner = { id: 'so-may-khac', session: 'a', computer: 'MAY-2', dataFolder: '/du-lieu-2' };
/** A second run of the program with our register: a copy of our data folder. */
const copyOfUs: FolderOwner = { ...us, session: 'lan-2', computer: 'MAY-3' };

const claimFolder = () => join(root, '.an-thu');

async function drop(name: string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, smallPdf);
  return path;
}

describe('several computers on one scan folder', () => {
  it('take up their own left-overs, and leave each other’s alone', async () => {
    await claimByRename(root, await drop('theirs.pdf'), them.id);
    await claimByRename(root, await drop('ours.pdf'), us.id);
    const held: (readonly ElsewhereClaims[])[] = [];
    await folder.watch({ onElsewhere: (claims) => void held.push(claims) }).idle();
    expect(claimed.map(({ originalName }) => originalName)).toEqual(['ours.pdf']);
    expect((await listClaimed(root, them.id)).map(({ originalName }) => originalName)).toEqual([
      'theirs.pdf',
    ]);
    expect(held.at(-1)).toMatchObject([{ owner: them.id, files: [{ originalName: 'theirs.pdf' }] }]);
  });

  it('leave word who they are, for the administrator who must find the one that never came back', async () => {
    const gone = folder.watch({ owner: them });
    await gone.idle();
    await gone.close();
    await claimByRename(root, await drop('a.pdf'), them.id);
    expect(await listElsewhere(root, us.id)).toMatchObject([
      { owner: them.id, computer: 'MAY-2', dataFolder: '/du-lieu-2', files: [{ originalName: 'a.pdf' }] },
    ]);
    // What docs/scan-folders.md says: the file is moved back, and is then anybody's.
    const [file] = await listClaimed(root, them.id);
    await rename(file?.path ?? '', join(root, 'a.pdf'));
    await folder.watch().idle();
    expect(claimed.map(({ originalName }) => originalName)).toEqual(['a.pdf']);
  });

  it('do not touch claims of an earlier version, which say nothing of their owner', async () => {
    const claim = join(claimFolder(), '0193f0aa-1111-7222-8333-444455556666');
    await mkdir(claim, { recursive: true });
    await writeFile(join(claim, 'a.pdf'), smallPdf);
    await mkdir(join(claimFolder(), 'da-nhan', '2026-11-20'), { recursive: true });
    const held: (readonly ElsewhereClaims[])[] = [];
    await folder.watch({ onElsewhere: (claims) => void held.push(claims) }).idle();
    expect(claimed).toEqual([]);
    expect(await readFile(join(claim, 'a.pdf'))).toEqual(smallPdf);
    expect(held.at(-1)).toMatchObject([{ owner: null, files: [{ originalName: 'a.pdf' }] }]);
  });

  it('are never two with one register: the one that came first takes nothing more, and says so', async () => {
    const told: (AnThuError | undefined)[] = [];
    const first = folder.watch({ onFolder: (error) => void told.push(error) });
    await first.idle();
    const second = folder.watch({ owner: copyOfUs, onClaimed: async () => {} });
    await second.idle();
    await second.close();
    await first.rescan();
    expect(told.map((error) => error?.code)).toEqual(['intake.folder-overtaken']);
    expect(told[0]?.detail).toMatchObject({ computer: 'MAY-3' });
    await drop('a.pdf');
    await first.rescan();
    await first.idle();
    expect(claimed).toEqual([]);
    // Whoever is started again is the one who works here.
    await first.close();
    await folder.watch({ owner: { ...us, session: 'lan-3' } }).idle();
    expect(claimed).toHaveLength(1);
  });

  it('wait for no pipe that somebody put in the place of their notes', async () => {
    const claim = join(claimFolder(), them.id, '0193f0aa-1111-7222-8333-444455556666');
    await mkdir(claim, { recursive: true });
    await writeFile(join(claim, 'a.pdf'), smallPdf);
    for (const path of [join(claim, '.nguon.json'), join(claimFolder(), them.id, 'noi-nhan.json')])
      if (process.platform === 'win32') await mkdir(path);
      else execFileSync('mkfifo', [path]);
    expect(await listElsewhere(root, us.id)).toMatchObject([
      { owner: them.id, computer: null, files: [{ originalName: 'a.pdf' }] },
    ]);
  });

  it('do not copy out what they cannot move when another takes files, for both would register it', async () => {
    await mkdir(join(claimFolder(), them.id), { recursive: true });
    // A file in the place of our folder: nothing can be moved there.
    await writeFile(join(claimFolder(), us.id), '');
    await drop('a.pdf');
    const copyFolder = join(base, 'copies');
    await folder.watch({ copyFolder, mode: 'polling', rescanMs: 100 }).idle();
    expect(states.at(-1)?.error?.code).toBe('intake.shared-not-movable');
    expect(claimed).toEqual([]);
    await rm(join(claimFolder(), them.id), { recursive: true });
    await folder.until(() => claimed.length === 1);
    expect(claimed[0]?.copiedFrom?.path).toBe(join(root, 'a.pdf'));
  });

  it('may belong to several users: the folder around all claims is as open as the scan folder', async () => {
    await chmod(root, 0o2775);
    await mkdir(claimFolder(), { mode: 0o700 });
    await claimByRename(root, await drop('a.pdf'), us.id);
    expect((await stat(claimFolder())).mode & 0o7777).toBe(0o2775);
    expect((await stat(join(claimFolder(), us.id))).mode & 0o777).toBe(0o700);
  });
});

describe('left-overs', () => {
  it('of a share that was away when the program started are taken up when it is there', async () => {
    await claimByRename(root, await drop('a.pdf'), us.id);
    await rename(root, join(base, 'away'));
    const watched = folder.watch({ mode: 'polling', rescanMs: 3_600_000 });
    await watched.idle();
    expect(claimed).toEqual([]);
    await rename(join(base, 'away'), root);
    await watched.rescan();
    await watched.idle();
    expect(claimed.map(({ originalName }) => originalName)).toEqual(['a.pdf']);
  });

  it('lie alone in their claim, whatever a file manager left beside them', async () => {
    const outcome = await claimByRename(root, await drop('a.pdf'), us.id);
    const claim = dirname(outcome.kind === 'claimed' ? outcome.file.path : '');
    for (const name of ['.DS_Store', '._a.pdf', 'Thumbs.db']) await writeFile(join(claim, name), 'x');
    await folder.watch().idle();
    expect(claimed.map(({ originalName }) => originalName)).toEqual(['a.pdf']);
  });

  it('of which two lie in one claim are told and left, for the register knows one file a claim', async () => {
    const outcome = await claimByRename(root, await drop('a.pdf'), us.id);
    const claim = dirname(outcome.kind === 'claimed' ? outcome.file.path : '');
    await writeFile(join(claim, 'b.pdf'), smallPdf);
    const watched = folder.watch();
    await watched.idle();
    await watched.rescan();
    await watched.idle();
    expect(claimed).toEqual([]);
    expect(states.map(({ name, state, error }) => [name, state, error?.detail['reason']])).toEqual([
      ['a.pdf', 'failed', 'claim.several-files'],
      ['b.pdf', 'failed', 'claim.several-files'],
    ]);
    // One of them moved back is taken as any file is, and nothing is left of what was told.
    await rename(join(claim, 'b.pdf'), join(root, 'b.pdf'));
    await watched.rescan();
    await folder.until(() => claimed.length === 2);
    await watched.idle();
    expect(folder.stagesOf('a.pdf').at(-1)).toBe('claimed');
    const ofClaim = states.filter(({ path }) => path === join(claim, 'b.pdf'));
    expect(ofClaim.map(({ state }) => state)).toEqual(['failed', 'gone']);
  });

  it('that stand there as failed are told no more when another takes the folder over', async () => {
    await claimByRename(root, await drop('a.pdf'), us.id);
    const outcome = await claimByRename(root, await drop('b.pdf'), us.id);
    await writeFile(join(dirname(outcome.kind === 'claimed' ? outcome.file.path : ''), 'c.pdf'), smallPdf);
    const watched = folder.watch({
      onClaimed: () => Promise.reject(Object.assign(new Error(), { code: 'ENOSPC' })),
    });
    await watched.idle();
    expect(states.map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
    const other = folder.watch({ owner: copyOfUs, onClaimed: async () => {}, onState: () => {} });
    await other.idle();
    await other.close();
    await watched.rescan();
    await watched.idle();
    for (const name of ['a.pdf', 'b.pdf', 'c.pdf']) expect(folder.stagesOf(name)).toEqual(['failed', 'gone']);
  });

  it('that cannot be handed over are offered again, until somebody takes them away', async () => {
    await claimByRename(root, await drop('a.pdf'), us.id);
    const clock = stoppableClock();
    const watched = folder.watch({
      clock,
      mode: 'polling',
      rescanMs: 3_600_000,
      onClaimed: () => Promise.reject(Object.assign(new Error(), { code: 'ENOSPC' })),
    });
    await watched.idle();
    expect(states.map(({ state }) => state)).toEqual(['failed']);
    // Not because their time has come, but because somebody asks.
    clock.stop();
    await rm(claimFolder(), { recursive: true });
    await watched.rescan();
    await folder.until(() => states.at(-1)?.state === 'gone');
  });

  it('are taken up when the folder was removed and made anew meanwhile', async () => {
    const watched = folder.watch({ mode: 'polling', rescanMs: 3_600_000 });
    await watched.idle();
    await rm(root, { recursive: true });
    await watched.rescan();
    await mkdir(root);
    await drop('a.pdf');
    await watched.rescan();
    await folder.until(() => claimed.length === 1);
    expect(await readdir(join(claimFolder(), us.id))).toContain('noi-nhan.json');
  });
});
