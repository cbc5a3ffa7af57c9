import { dialog } from 'electron';
import type { Asking } from './asking.ts';

/**
 * Lets the administrator choose a file of an authority's certificates. The path goes from the system's dialog to the engine; the
 * page learns only what the file holds, or null when nothing was chosen.
 */
export async function chooseAnchorFile({ window, callEngine }: Asking): Promise<unknown> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Chọn tệp chứng thư của cơ quan chứng thực',
    properties: ['openFile'],
    filters: [{ name: 'Chứng thư (CRT, CER, PEM, DER)', extensions: ['crt', 'cer', 'pem', 'der'] }],
  });
  const [path] = filePaths;
  return canceled || path === undefined ? null : await callEngine('trust.read-file', { path });
}
