import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildMissingLibrary } from '../windows/build-helpers.mjs';
import { windowsNode } from '../windows/parts.mjs';
import { places, winPath } from '../windows/places.mjs';
import { preparePrefix, runUnderWine } from '../windows/wine.mjs';

/**
 * Loads each add-on of the Windows package under Wine, in Windows Node under the name of our own executable: an add-on
 * that looks for its host by the name node.exe fails here, as it would in Electron.
 *
 * @param {readonly string[]} paths of the `.node` files
 * @returns {Promise<string[]>} complaints
 */
export async function loadAddonsUnderWine(paths) {
  await preparePrefix(places.prefix, [await buildMissingLibrary()]);
  const folder = join(places.out, 'renamed');
  mkdirSync(folder, { recursive: true });
  const renamed = join(folder, 'an-thu.exe');
  copyFileSync(windowsNode, renamed);
  const complaints = [];
  for (const path of paths) {
    // The host's functions are bound at their first use, so loading alone proves little: what it exports is asked too.
    const script = `const m = { exports: {} }; process.dlopen(m, ${JSON.stringify(winPath(path))}); console.log(process.execPath.endsWith('an-thu.exe') && Object.keys(m.exports).length);`;
    const { status, stdout, stderr } = await runUnderWine(renamed, ['-e', script]);
    if (status !== 0 || !(Number(stdout) > 0))
      complaints.push(
        `${basename(path)}: does not load in an-thu.exe: ${/Error: .*/.exec(stderr)?.[0] ?? stdout + stderr}`,
      );
  }
  return complaints;
}
