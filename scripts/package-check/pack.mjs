import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeStandInElectron, repository } from './stand-in-electron.mjs';

/** Runs a program and throws with what it said when it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')}\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}`,
    );
  }
  return done.stdout;
}

/**
 * A project folder with the target's own dependencies: the repository has the binaries of this machine only. Kept until
 * the lock file changes. No install script runs, as it would compile for this machine.
 */
function foreignProject(platform, folder) {
  mkdirSync(folder, { recursive: true });
  const lock = readFileSync(join(repository, 'package-lock.json'));
  const stamp = `${createHash('sha256').update(lock).digest('hex')} ${platform}`;
  const stampFile = join(folder, '.dependencies');
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'electron-builder.yml']) {
    if (existsSync(join(repository, name))) cpSync(join(repository, name), join(folder, name));
  }
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    run(
      'npm',
      ['ci', `--os=${platform}`, '--cpu=x64', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
      {
        cwd: folder,
      },
    );
    writeFileSync(stampFile, stamp);
  }
  for (const name of ['build', 'resources']) {
    rmSync(join(folder, name), { recursive: true, force: true });
    cpSync(join(repository, name), join(folder, name), { recursive: true });
  }
  return folder;
}

/**
 * Packs for a platform against the stand-in Electron.
 *
 * @param {'linux' | 'win32'} platform
 * @returns the unpacked app's folder and its executable
 */
export function pack(platform, workFolder, electronVersion) {
  const electronDist = makeStandInElectron(
    platform,
    join(workFolder, `electron-${platform}`),
    electronVersion,
  );
  const project =
    platform === 'linux' ? repository : foreignProject(platform, join(workFolder, `project-${platform}`));
  const output = join(workFolder, `packed-${platform}`);
  rmSync(output, { recursive: true, force: true });
  const builder = join(repository, 'node_modules', '.bin', 'electron-builder');
  run(
    builder,
    [
      platform === 'linux' ? '--linux' : '--win',
      'dir',
      '--x64',
      '--publish=never',
      `--projectDir=${project}`,
      `--config=${join(repository, 'electron-builder.yml')}`,
      `-c.electronDist=${electronDist}`,
      `-c.electronVersion=${electronVersion}`,
      `-c.directories.output=${output}`,
      ...(platform === 'win32' ? ['-c.win.signAndEditExecutable=false'] : []),
    ],
    { cwd: project },
  );
  return platform === 'linux'
    ? { folder: join(output, 'linux-unpacked'), executable: join(output, 'linux-unpacked', 'an-thu') }
    : { folder: join(output, 'win-unpacked'), executable: join(output, 'win-unpacked', 'an-thu.exe') };
}
