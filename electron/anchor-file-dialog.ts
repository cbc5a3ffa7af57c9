import { dialog } from 'electron';
import type { Asking } from './asking.ts';

/**
 * Lets the administrator choose a file of an authority's certificates. The path goes from the system's dialog to the engine; the
 * page learns only what the file holds, or null when nothing was chosen.
 */
export async function chooseAnchorFile({ window, t, callEngine }: Asking): Promise<unknown> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: t('anchor.choose'),
    properties: ['openFile'],
    filters: [{ name: t('anchor.files'), extensions: ['crt', 'cer', 'pem', 'der'] }],
  });
  const [path] = filePaths;
  return canceled || path === undefined ? null : await callEngine('trust.read-file', { path });
}
