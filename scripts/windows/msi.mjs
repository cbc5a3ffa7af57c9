// Makes the MSI from a packed folder, on Linux, with wixl (Debian). The command for a release:
//   node scripts/windows/msi.mjs release/win-unpacked release/an-thu.msi
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { furtherTables, msiSource } from './msi-source.mjs';
import { repository } from './places.mjs';

/** Paths of all files below a folder, relative to it, `/` between folders, sorted. */
export const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();

/** The program's id on Windows, from the description of the packages; throws where that names none. */
export function appId() {
  const id = /^appId: (\S+)$/m.exec(readFileSync(join(repository, 'electron-builder.yml'), 'utf8'))?.[1];
  if (id === undefined) throw new Error('electron-builder.yml names no appId');
  return id;
}

/** Writes the installer of `packed` as `target`, for `version` (three numbers). */
export function makeMsi({ packed, version, target }) {
  const folder = mkdtempSync(join(tmpdir(), 'an-thu-msi-'));
  try {
    // wixl takes paths relative to its folder only.
    symlinkSync(resolve(packed), join(folder, 'packed'));
    cpSync(join(repository, 'resources', 'icons', 'icon.ico'), join(folder, 'icon.ico'));
    const description = msiSource({ version, packed: 'packed', files: filesIn(packed), icon: 'icon.ico' });
    writeFileSync(join(folder, 'an-thu.wxs'), description);
    run('wixl', ['--arch', 'x64', '--output', resolve(target), 'an-thu.wxs'], { cwd: folder });
    for (const { table, text } of furtherTables(appId())) {
      writeFileSync(join(folder, `${table}.idt`), text);
      run('msibuild', [resolve(target), '-i', `${table}.idt`], { cwd: folder });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [packed, target] = process.argv.slice(2);
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  makeMsi({ packed, version, target });
}
