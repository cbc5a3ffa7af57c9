import { describe, expect, it } from 'vitest';
import { requireLocalFolder, type PlaceHost } from './data-folder-place.ts';

const absent = async (): Promise<never> => {
  throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
};

function windows(names: Readonly<Record<string, string>> = {}): PlaceHost {
  return {
    platform: 'win32',
    fileSystemType: absent,
    realPath: async (path) => names[path] ?? absent(),
  };
}

function linux(types: Readonly<Record<string, number>>): PlaceHost {
  return { platform: 'linux', realPath: absent, fileSystemType: async (path) => types[path] ?? absent() };
}

describe('the place of the data folder', () => {
  it.each([
    '\\\\may-chu\\van-thu\\An Thu',
    '//may-chu/van-thu/An Thu',
    '\\\\?\\UNC\\may-chu\\van-thu\\An Thu',
  ])('is not the share %s', async (path) => {
    await expect(requireLocalFolder(path, windows())).rejects.toMatchObject({ code: 'store.network-folder' });
  });

  it('is not a drive letter behind which a share lies, even before the folder exists', async () => {
    const host = windows({ 'Z:\\': '\\\\may-chu\\van-thu\\' });
    await expect(requireLocalFolder('Z:\\An Thu\\du-lieu', host)).rejects.toMatchObject({
      code: 'store.network-folder',
      detail: { where: '\\\\may-chu\\van-thu\\' },
    });
  });

  it.each(['C:\\Users\\lan\\AppData\\Local\\An Thu', '\\\\?\\C:\\An Thu'])(
    'is a local disk: %s',
    async (path) => {
      await expect(requireLocalFolder(path, windows({ 'C:\\': 'C:\\' }))).resolves.toBeUndefined();
    },
  );

  it('is not so deep on Windows that programs in C could not open what lies in it', async () => {
    const deep = `C:\\${'thu-muc\\'.repeat(20)}`;
    await expect(requireLocalFolder(deep, windows())).rejects.toMatchObject({ code: 'store.path-too-long' });
  });

  it('is not a network file system on Linux, whose number may come back with its sign', async () => {
    await expect(requireLocalFolder('/mnt/x/an-thu', linux({ '/mnt': 0x6969 }))).rejects.toMatchObject({
      detail: { where: 'NFS' },
    });
    await expect(requireLocalFolder('/mnt/x', linux({ '/mnt/x': 0xff534d42 | 0 }))).rejects.toMatchObject({
      detail: { where: 'CIFS' },
    });
    await expect(requireLocalFolder('/home/x', linux({ '/': 0xef53 }))).resolves.toBeUndefined();
  });
});
