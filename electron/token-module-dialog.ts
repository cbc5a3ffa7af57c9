import { dialog, type BrowserWindow } from 'electron';
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
export async function addTokenModule({ window, callEngine }: Asking): Promise<unknown> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Chọn thư viện PKCS#11 của thiết bị ký',
    properties: ['openFile'],
    filters: [
      {
        name: 'Thư viện chương trình',
        extensions: [...(libraryEndings[process.platform] ?? ['so'])],
      },
    ],
  });
  const [path] = filePaths;
  if (canceled || path === undefined) return null;
  const agreed = await confirmed(window, {
    message: 'Thêm thư viện của thiết bị ký?',
    detail:
      `${path}\n\nThư viện này sẽ chạy trong một tiến trình riêng mỗi khi dùng thiết bị ký và nhận mã PIN của thiết bị. ` +
      'Chỉ thêm thư viện do phần mềm của nhà cung cấp thiết bị cài vào máy.',
    button: 'Thêm thư viện',
  });
  return agreed ? await callEngine('tokens.add-module', { path }) : null;
}

/** Takes a library out of the list after asking; null when the person changed their mind. */
export async function removeTokenModule({ window, callEngine }: Asking, path: string): Promise<unknown> {
  const agreed = await confirmed(window, {
    message: 'Bỏ thư viện của thiết bị ký?',
    detail: `${path}\n\nCác thiết bị dùng thư viện này sẽ được khóa lại và không dùng để ký được cho đến khi thêm lại thư viện.`,
    button: 'Bỏ thư viện',
  });
  return agreed ? await callEngine('tokens.remove-module', { path }) : null;
}

async function confirmed(
  window: BrowserWindow,
  { message, detail, button }: { message: string; detail: string; button: string },
): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Ấn Thư',
    message,
    detail,
    buttons: ['Hủy', button],
    cancelId: 0,
    defaultId: 0,
  });
  return response === 1;
}
