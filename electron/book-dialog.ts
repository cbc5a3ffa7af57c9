import { join } from 'node:path';
import { app, dialog, shell } from 'electron';
import { procedures } from '../core/contract/procedures.ts';
import type { Asking } from './asking.ts';
import type { BookRequest } from './channels.ts';
import { columnSeparator } from './column-separator.ts';

/**
 * Lets the clerk say where the register's book goes, has the engine write it there and opens a PDF in the system's own reader,
 * which prints it. The page never names a file; it learns what was written, or null when nothing was chosen.
 */
export async function saveBook(
  { window, t, callEngine }: Asking,
  { kind, range, volume }: BookRequest,
): Promise<unknown> {
  const ending = kind === 'print' ? 'pdf' : 'csv';
  const name = t('book.name', { year: range.year ?? '' }).replace(/-$/, '');
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: t('book.save'),
    defaultPath: join(app.getPath('documents'), `${name}.${ending}`),
    filters: [{ name: kind === 'print' ? t('book.pdf-files') : t('book.csv-files'), extensions: [ending] }],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  });
  if (canceled || filePath === '') return null;
  // The system's dialog has asked whether a file that is there may go.
  const target = { ...range, path: filePath, existing: 'replace' } as const;
  if (kind === 'export') {
    const separator = columnSeparator(app.getSystemLocale());
    return callEngine('register.export', { ...target, format: 'csv', separator });
  }
  const book = procedures['register.print'].output.parse(
    await callEngine('register.print', { ...target, volume }),
  );
  // A machine without a reader for PDF has its book all the same.
  await shell.openPath(book.path);
  return book;
}
