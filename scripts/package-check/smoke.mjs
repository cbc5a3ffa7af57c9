import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractAll } from '@electron/asar';
import { _electron } from '@playwright/test';
import { run } from './pack.mjs';
import { checkPrograms } from './programs.mjs';
import { repository } from './stand-in-electron.mjs';

const sampleAgency = {
  agency: { name: 'UBND xã Mẫu', organId: 'H01.2.3', demo: true },
  registers: [{ name: 'Sổ văn bản đến' }],
};

/**
 * Runs the packed app on the stand-in host from an empty folder outside the repository, where a file that was left out
 * cannot be found by accident: the page must come up and the engine must answer.
 *
 * @returns facts of the run, and what is wrong
 */
export async function smokeRun(archive) {
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-packed-'));
  try {
    const app = join(folder, 'app');
    const dataFolder = join(folder, 'data');
    extractAll(archive, app);
    const agencyFile = join(folder, 'agency.json');
    await writeFile(agencyFile, JSON.stringify(sampleAgency));
    const cli = join(app, 'build', 'an-thu.mjs');
    run(process.execPath, [cli, 'agency', 'init', '--file', agencyFile, '--data', dataFolder], {
      cwd: folder,
    });
    process.env.ELECTRON_OVERRIDE_DIST_PATH = join(repository, 'scripts', 'electron-host');
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    const electron = await _electron.launch({
      args: [app, '--data', dataFolder],
      cwd: folder,
      env,
      timeout: 30_000,
    });
    try {
      const page = await electron.firstWindow();
      await page.waitForFunction(() => document.documentElement.dataset.ready === '1', undefined, {
        timeout: 30_000,
      });
      const facts = await page.evaluate(async () => {
        const { anThu } = globalThis;
        const status = await anThu.call('engine.status', {});
        const services = await anThu.call('services.status', {});
        const tokens = await anThu.call('token.list', {});
        return {
          version: status.version,
          services: services.services.map(({ name, state }) => `${name} ${state}`),
          tokenModules: tokens.modules.length,
        };
      });
      return { facts, complaints: await checkPrograms(app, folder) };
    } finally {
      await electron.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
