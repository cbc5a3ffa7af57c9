import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { AnThuError } from '../../core/shared/errors.ts';

/**
 * Which of the package's data sets is used. At 150 dpi both read the samples alike and at the same speed; the
 * integer one is a third of the size.
 */
const variant = '4.0.0_best_int';

/** Version of the data as named in proposals. */
export const languageName = `vie ${variant}`;

/**
 * Folder of the Vietnamese data in its package. tesseract.js fetches data from the network when it is given no
 * folder of its own (findings/shell.md §6), so a folder without the file is refused here: `reading.engine-unavailable`.
 */
export function languageFolder(): string {
  const require = createRequire(import.meta.url);
  const packed = dirname(require.resolve('@tesseract.js-data/vie/package.json'));
  // A worker thread reads it with plain fs calls: outside the app's archive.
  const folder = join(packed.replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'), variant);
  return checkedLanguageFolder(folder);
}

/** Throws `reading.engine-unavailable` unless the folder is a local one that holds the data. */
export function checkedLanguageFolder(folder: string): string {
  if (!isAbsolute(folder) || !existsSync(join(folder, 'vie.traineddata.gz')))
    throw new AnThuError('reading.engine-unavailable', { reason: 'vie.traineddata.gz' });
  return folder;
}
