import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { announce, type FolderOwner, isOvertaken } from '../../core/intake/folder-owner.ts';
import { syncFolderTogether } from '../../core/shared/durable-fs.ts';
import { writeFolderWhole } from '../../core/shared/whole-folder.ts';

/** What flushing a folder fails with, as on a share that knows no such call. */
const refusal = vi.hoisted(() => ({ code: '' }));

vi.mock(import('node:fs/promises'), async (original) => {
  const real = await original();
  const open: typeof real.open = async (...given) => {
    const handle = await real.open(...given);
    if ((await handle.stat()).isDirectory())
      handle.sync = () => Promise.reject(Object.assign(new Error('fsync'), { code: refusal.code }));
    return handle;
  };
  return { ...real, open };
});

vi.mock(import('node:fs'), async (original) => {
  const real = await original();
  const fsync = (fd: number, done: (error: NodeJS.ErrnoException | null) => void): void => {
    if (!real.fstatSync(fd).isDirectory()) return real.fsync(fd, done);
    done(Object.assign(new Error('fsync'), { code: refusal.code }));
  };
  return { ...real, fsync: fsync as typeof real.fsync };
});

const write = async (code: string): Promise<string[]> => {
  refusal.code = code;
  const parent = mkdtempSync(join(tmpdir(), 'an-thu-share-'));
  try {
    await writeFolderWhole({
      parent,
      name: 'gói',
      draftPrefix: '.draft~',
      files: [{ name: 'a/1', content: Buffer.from('1') }],
    });
    return readdirSync(parent);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
};

it.each(['EINVAL', 'EOPNOTSUPP', 'ENOSYS'])(
  'a share that cannot flush folders (%s) takes a package',
  async (code) => {
    expect(await write(code)).toEqual(['gói']);
  },
);

it('a drive that fails takes none', async () => {
  await expect(write('EIO')).rejects.toMatchObject({ code: 'store.folder-write-failed' });
});

it('a signed file has its name there', async () => {
  refusal.code = 'EINVAL';
  await expect(syncFolderTogether(tmpdir())).resolves.toBeUndefined();
  refusal.code = 'EIO';
  await expect(syncFolderTogether(tmpdir())).rejects.toMatchObject({ code: 'EIO' });
});

it('two programs with one register see each other on such a share', async () => {
  refusal.code = 'EINVAL';
  const root = mkdtempSync(join(tmpdir(), 'an-thu-share-'));
  const [first, second] = ['lan-1', 'lan-2'].map((session) => ({
    id: 'so-may',
    session,
    computer: 'MAY-1',
    dataFolder: '/du-lieu',
  })) as [FolderOwner, FolderOwner];
  try {
    expect([await announce(root, first), await announce(root, second)]).toEqual([true, true]);
    expect(await isOvertaken(root, first)).toMatchObject({ session: 'lan-2' });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
