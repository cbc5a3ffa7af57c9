import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, shell } from 'electron';
import { procedures } from '../core/contract/procedures.ts';
import { AnThuError } from '../core/shared/errors.ts';
import type { MachineSettings } from '../core/shared/machine-settings.ts';
import type { Asking } from './asking.ts';
import { feedFileName, feedIsChecked } from './feed-check.ts';
import type { ShellTranslate } from './messages.ts';

type Policy = MachineSettings['policy'];

/**
 * From the person's choice of a bundle to its installer: the engine checks it, the person agrees, the system's own installer
 * takes over and the program ends. Resolves with the version, or null when the person did not go on.
 */
export async function installUpdateFromFile(
  policy: Policy,
  { window, t, callEngine }: Asking,
): Promise<string | null> {
  if (policy.updates === 'off') throw new AnThuError('update.not-allowed', {});
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: t('update.choose'),
    properties: ['openFile'],
    filters: [{ name: t('update.bundles'), extensions: ['an-thu-update'] }],
  });
  const [path] = filePaths;
  if (canceled || path === undefined) return null;
  const { version, notes, installerPath } = procedures['update.stage'].output.parse(
    await callEngine('update.stage', { path }),
  );
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: t('update.title'),
    message: t('update.install-question', { version }),
    detail: t('update.install-detail', { notes }).trim(),
    buttons: [t('update.install'), t('update.later')],
    defaultId: 0,
    cancelId: 1,
  });
  if (response !== 0) return null;
  const refusal = await shell.openPath(installerPath);
  if (refusal !== '') throw new AnThuError('update.cannot-start', { path: installerPath, reason: refusal });
  app.quit();
  return version;
}

/**
 * Offices with a line: asks the feed that the administrator named, once at start. Only what electron-builder's installers put
 * in place can be updated this way; downloads begin when the person agrees, and the installation at the next quit. A feed whose
 * installers nobody would check is not asked.
 */
export async function watchUpdateFeed(policy: Policy, speak: () => Promise<ShellTranslate>): Promise<void> {
  if (!app.isPackaged || policy.updates !== 'feed' || policy.updateFeed === undefined) return;
  if (!feedIsChecked(process.platform, packedFeedFile())) return;
  const { default: updater } = await import('electron-updater');
  const { autoUpdater } = updater;
  autoUpdater.setFeedURL({ provider: 'generic', url: policy.updateFeed });
  autoUpdater.autoDownload = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.on('error', () => undefined);
  const found = await autoUpdater.checkForUpdates().catch(() => null);
  if (!found?.isUpdateAvailable) return;
  const t = await speak();
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: t('update.title'),
    message: t('update.available', { version: found.updateInfo.version }),
    detail: t('update.available-detail'),
    buttons: [t('update.download'), t('update.later')],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) await autoUpdater.downloadUpdate().catch(() => []);
}

function packedFeedFile(): string | undefined {
  try {
    return readFileSync(join(process.resourcesPath, feedFileName), 'utf8');
  } catch {
    return undefined;
  }
}
