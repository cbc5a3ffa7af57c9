import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolderAt } from '../../core/store/data-folder.ts';
import { pinnedReleaseKeys } from '../../core/updates/release-keys.ts';
import { checkUpdate, stageUpdate } from '../../core/updates/stage-update.ts';
import { bundleHeader, checkBundle, type UpdateManifest } from '../../core/updates/update-bundle.ts';
import { writeVersionRecord } from '../../core/updates/version-record.ts';

const release = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const keys = new Map([['release-1', release.publicKey]]);
const installer = Buffer.from(`MSI ${'x'.repeat(300_000)}`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'an-thu-updates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function manifest(changes: Partial<UpdateManifest> = {}): UpdateManifest {
  const { platform, arch } = process;
  if (platform !== 'linux' && platform !== 'win32' && platform !== 'darwin') throw new Error(platform);
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(arch);
  return {
    version: '1.2.0',
    minimumFrom: '1.0.0',
    platform,
    arch,
    madeAt: '2026-11-22T00:00:00.000Z',
    notes: 'Sửa lỗi in sổ.',
    installer: {
      name: 'an-thu-1.2.0.msi',
      bytes: installer.length,
      sha256: createHash('sha256').update(installer).digest('hex'),
    },
    ...changes,
  };
}

function bundle(
  changes: Partial<UpdateManifest> = {},
  key = release.privateKey,
  payload = installer,
): string {
  const path = join(folder, 'an-thu.an-thu-update');
  writeFileSync(path, Buffer.concat([bundleHeader(manifest(changes), 'release-1', key), payload]));
  return path;
}

const data = () => dataFolderAt(folder);
const at = (version: string) => ({ version, keys });

describe('an update bundle', () => {
  it('that is whole, signed and newer is laid ready, byte for byte', async () => {
    const staged = await stageUpdate(data(), bundle(), at('1.1.0'));
    expect(readFileSync(staged.installerPath).equals(installer)).toBe(true);
    expect(staged.manifest.notes).toBe('Sửa lỗi in sổ.');
  });

  it('is believed in nothing when any byte of it was changed', async () => {
    const path = bundle();
    const whole = readFileSync(path);
    const headerEnd = whole.length - installer.length;
    const places = [20, 60, headerEnd - 40, headerEnd - 2, headerEnd, headerEnd + 5, whole.length - 1];
    for (const place of places) {
      const changed = Buffer.from(whole);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      writeFileSync(path, changed);
      await expect(checkBundle(path, keys), `byte ${place}`).rejects.toMatchObject({
        code: expect.stringMatching(/^update\.(bad-signature|damaged|not-a-bundle)$/u) as string,
      });
    }
    writeFileSync(path, whole);
    await expect(checkBundle(path, keys)).resolves.toMatchObject({ keyId: 'release-1' });
  });

  it.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, -1), 'update.damaged'],
    [
      'with something behind it',
      (whole: Buffer) => Buffer.concat([whole, Buffer.from('x')]),
      'update.damaged',
    ],
    ['that is empty', () => Buffer.alloc(0), 'update.not-a-bundle'],
    ['that is a PDF', () => Buffer.from('%PDF-1.7\n'), 'update.not-a-bundle'],
    [
      'whose header never ends',
      () => Buffer.from(`AN-THU-UPDATE 1\n${'a'.repeat(100_000)}`),
      'update.not-a-bundle',
    ],
  ])('%s is refused', async (_name, change, code) => {
    const path = bundle();
    writeFileSync(path, change(readFileSync(path)));
    await expect(checkBundle(path, keys)).rejects.toMatchObject({ code });
  });

  it('signed by a stranger, or by a key of a name that is not ours, is refused', async () => {
    await expect(checkBundle(bundle({}, stranger.privateKey), keys)).rejects.toMatchObject({
      code: 'update.bad-signature',
    });
    const other = new Map([['release-2', release.publicKey]]);
    await expect(checkBundle(bundle(), other)).rejects.toMatchObject({ code: 'update.bad-signature' });
  });

  it('is refused by a program that was built without a release key, as this one is', async () => {
    expect(pinnedReleaseKeys().size).toBe(0);
    await expect(
      stageUpdate(data(), bundle(), { version: '1.1.0', keys: pinnedReleaseKeys() }),
    ).rejects.toMatchObject({ code: 'update.no-key' });
  });

  it.each([
    ['the same version', '1.2.0', {}, 'update.not-newer'],
    ['an older version', '1.3.0', {}, 'update.not-newer'],
    ['a step that is missing', '0.9.0', {}, 'update.step-missing'],
    [
      'another machine',
      '1.1.0',
      { arch: process.arch === 'x64' ? 'arm64' : 'x64' } as const,
      'update.other-platform',
    ],
  ])('for %s is refused', async (_name, version, changes, code) => {
    await expect(checkUpdate(data(), bundle(changes), at(version))).rejects.toMatchObject({ code });
    expect(existsSync(join(folder, 'updates'))).toBe(false);
  });

  it('does not go below the newest version that the data has seen, whatever is installed', async () => {
    await writeVersionRecord(data(), {
      format: 1,
      highest: '1.2.0',
      lastStarted: '1.1.0',
      rolledBackTo: '1.1.0',
      backups: [],
    });
    await expect(checkUpdate(data(), bundle(), at('1.1.0'))).rejects.toMatchObject({
      code: 'update.not-newer',
    });
    await expect(checkUpdate(data(), bundle({ version: '1.2.1' }), at('1.1.0'))).resolves.toBeDefined();
  });

  it('compares versions as numbers, not as words', async () => {
    await expect(checkUpdate(data(), bundle({ version: '1.10.0' }), at('1.9.0'))).resolves.toBeDefined();
  });

  it('whose installer names a path is not a manifest', () => {
    for (const name of ['../evil.msi', 'con.msi', 'a/b.msi', 'x.msi. ']) {
      expect(() => bundle({ installer: { ...manifest().installer, name } })).toThrow();
    }
  });

  it('leaves no half an installer when the stick is pulled after the check', async () => {
    const path = bundle();
    const { extractInstaller } = await import('../../core/updates/update-bundle.ts');
    const checked = await checkBundle(path, keys);
    const whole = readFileSync(path);
    whole.writeUInt8(whole.readUInt8(whole.length - 1) ^ 1, whole.length - 1);
    writeFileSync(path, whole);
    const target = join(folder, 'installer.msi');
    await expect(extractInstaller(path, checked, target)).rejects.toMatchObject({ code: 'update.damaged' });
    expect(readdirSync(folder)).not.toContain('installer.msi');
    expect(readdirSync(folder)).not.toContain('installer.msi.part');
  });
});
