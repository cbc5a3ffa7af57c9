import { dialog } from 'electron';
import type { Asking } from './asking.ts';

/** What a system's program libraries end with. */
const libraryEndings: Readonly<Record<string, readonly string[]>> = {
  win32: ['dll'],
  darwin: ['dylib', 'so'],
};

/**
 * Lets the administrator choose a PKCS#11 library and says what adding it means. The path goes from the system's dialog to the
 * engine; the page learns only the list that results, or null when the person changed their mind.
 */
export async function addTokenModule(asking: Asking): Promise<unknown> {
  const { window, t, callEngine } = asking;
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: t('module.choose'),
    properties: ['openFile'],
    filters: [
      {
        name: t('module.files'),
        extensions: [...(libraryEndings[process.platform] ?? ['so'])],
      },
    ],
  });
  const [path] = filePaths;
  if (canceled || path === undefined) return null;
  const agreed = await confirmed(asking, {
    message: t('module.add-question'),
    detail: t('module.add-detail', { path }),
    button: t('module.add'),
  });
  return agreed ? await callEngine('tokens.add-module', { path }) : null;
}

/** Takes a library out of the list after asking; null when the person changed their mind. */
export async function removeTokenModule(asking: Asking, path: string): Promise<unknown> {
  const { t, callEngine } = asking;
  const agreed = await confirmed(asking, {
    message: t('module.remove-question'),
    detail: t('module.remove-detail', { path }),
    button: t('module.remove'),
  });
  return agreed ? await callEngine('tokens.remove-module', { path }) : null;
}

async function confirmed(
  { window, t }: Asking,
  { message, detail, button }: { message: string; detail: string; button: string },
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Ấn Thư',
    message,
    detail,
    buttons: [t('action.cancel'), button],
    cancelId: 0,
    defaultId: 0,
  });
  return response === 1;
}
