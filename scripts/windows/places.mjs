// Where the Windows checks keep what they make. Nothing of it is in git; everything can be deleted at any time.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const out = join(repository, 'out', 'windows');

export const places = {
  out,
  /** Windows Node and the headers for add-ons, from the small lock file beside this script. */
  parts: join(out, 'parts'),
  /** A copy of the sources beside the packages of the lock file for win32. */
  project: join(out, 'project'),
  /** WINEPREFIX. */
  prefix: join(out, 'prefix'),
  /** What the cross compiler makes. */
  modules: join(out, 'modules'),
  results: join(repository, 'out', 'test-results'),
  /** Add-ons that electron-builder.yml puts into the Windows package. */
  addons: join(repository, 'build', 'native', 'win32-x64'),
};

/** A path of this machine as a program under Wine sees it. */
export const winPath = (path) => `Z:${path.replaceAll('/', '\\')}`;
