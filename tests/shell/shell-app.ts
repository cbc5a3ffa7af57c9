import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { build, type BuildOptions } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '..', '..');

export interface ShellApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  readonly folder: string;
  /** Everything the app wrote to its standard error. */
  readonly log: () => string;
  close(): Promise<void>;
}

/**
 * The real main process and preload, bundled as for release, around a small page and engine of the tests. Runs on the
 * stand-in, or on the real Electron where ELECTRON_BINARY names its folder.
 */
export async function startShellApp(options: { args?: readonly string[] } = {}): Promise<ShellApp> {
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-shell-'));
  const dataFolder = join(folder, 'data');
  await buildShellApp(folder);
  await mkdir(dataFolder, { mode: 0o700 });
  // Playwright asks the electron package, in this process, where the executable is.
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = electronFolder();
  const electron = await _electron.launch({
    args: [folder, '--data', dataFolder, ...(options.args ?? [])],
    cwd: repository,
    env: environment(),
  });
  let log = '';
  electron.process().stderr?.on('data', (chunk) => {
    log += String(chunk);
  });
  const page = await electron.firstWindow();
  await page.waitForFunction(() => document.documentElement.dataset['ready'] === '1');
  return {
    electron,
    page,
    dataFolder,
    folder,
    log: () => log,
    async close() {
      await electron.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function electronFolder(): string {
  return process.env['ELECTRON_BINARY'] ?? join(repository, 'scripts', 'electron-host');
}

function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  // Headless whatever desktop the developer sits at.
  return Object.fromEntries(entries.filter(([name]) => name !== 'DISPLAY' && name !== 'WAYLAND_DISPLAY'));
}

/** Puts the app into `folder` as a checkout has it: package.json and build/. */
export async function buildShellApp(folder: string): Promise<void> {
  const output = join(folder, 'build');
  const common: BuildOptions = { bundle: true, logLevel: 'error', platform: 'node', external: ['electron'] };
  await build({
    ...common,
    entryPoints: [join(repository, 'electron', 'main.ts')],
    outfile: join(output, 'main.mjs'),
    format: 'esm',
  });
  await build({
    ...common,
    entryPoints: [join(repository, 'electron', 'preload.ts')],
    outfile: join(output, 'preload.cjs'),
    format: 'cjs',
    define: { AN_THU_VERSION: '"9.9.9"' },
  });
  await cp(join(here, 'fixture'), output, { recursive: true });
  const manifest = { name: 'shell-test', version: '9.9.9', type: 'module', main: 'build/main.mjs' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
}
