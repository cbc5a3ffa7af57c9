import { copyFile, mkdtemp, rename, rm, writeFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { _electron, expect, type ElectronApplication, type Page } from '@playwright/test';
import { vietnamDate } from '../../core/shared/clock.ts';
import { sendEDocument } from '../../scripts/demo/electronic-arrival.ts';
import { createWorkplace, DEMO_PIN, type Workplace } from '../../scripts/demo/workplace.ts';
import { eicarBytes } from '../../scripts/lib/clamd.ts';
import { makeSampleScans, makeSecretScan } from '../../scripts/samples/index.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const pictures = join(root, 'out', 'screenshots');

/** A sample office with its window open. */
export interface Office {
  readonly workplace: Workplace;
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly pin: string;
  /** Sample letters, not yet scanned. */
  readonly letters: readonly string[];
  readonly virus: string;
  readonly secret: string;
  /** The province sends a signed e-document to the office's inbox. */
  sendElectronic(): Promise<void>;
  /** Puts a file into the watched folder as a scanner does. */
  scan(path: string): Promise<void>;
  /** Goes to a screen by its address and waits until it shows its data. */
  show(hash: string): Promise<void>;
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

interface OfficeOptions {
  readonly scanner?: 'clamd' | 'left-out';
  /** Environment of the program, beside ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Changes the office before its window opens. */
  readonly prepare?: (workplace: Workplace, folder: string) => Promise<void>;
}

/** Real engine, real services on loopback, the window on Electron or its stand-in. */
export async function openOffice({
  scanner = 'clamd',
  env = {},
  prepare,
}: OfficeOptions = {}): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-e2e-'));
  const workplace = await createWorkplace({ root: folder, key: 'soft-token', scanner });
  await prepare?.(workplace, folder);
  const samples = join(folder, 'letters');
  await mkdir(samples, { recursive: true });
  await mkdir(pictures, { recursive: true });
  const options = {
    seed: 77,
    today: vietnamDate(new Date()),
    names: { commune: 'Hòa Thịnh', province: 'An Lạc' },
    truthDir: join(folder, 'truth'),
  };
  const letters = (await makeSampleScans(samples, options)).map((letter) => letter.path);
  const secret = (await makeSecretScan(samples, options)).path;
  const virus = join(samples, 'thu-co-vi-rut.pdf');
  await writeFile(virus, eicarBytes());
  const app = await launch(workplace, env);
  const page = await app.firstWindow();
  await ready(page);
  return {
    workplace,
    app,
    page,
    pin: DEMO_PIN,
    letters,
    secret,
    virus,
    async sendElectronic() {
      await sendEDocument(workplace, join(folder, 'province-sends'), 78);
    },
    async scan(path) {
      const target = join(workplace.scanFolder, basename(path));
      await copyFile(path, `${target}.part`);
      await rename(`${target}.part`, target);
    },
    async show(hash) {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.waitForTimeout(150);
      await ready(page);
    },
    async picture(name) {
      await ready(page);
      // Notices go away by themselves; the picture is of the screen.
      await expect(page.locator('.mantine-Notification-root')).toHaveCount(0);
      await page.waitForTimeout(200);
      await page.screenshot({ path: join(pictures, `${name}.png`) });
    },
    async close() {
      await app.close();
      await workplace.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function launch(workplace: Workplace, env: Readonly<Record<string, string>>): Promise<ElectronApplication> {
  const standIn = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'scripts', 'electron-host');
  process.env['ELECTRON_OVERRIDE_DIST_PATH'] = standIn;
  return _electron.launch({
    args: [root, '--data', workplace.dataDir],
    cwd: root,
    env: { ...definedEnvironment(), ELECTRON_OVERRIDE_DIST_PATH: standIn, ...env },
  });
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function ready(page: Page): Promise<void> {
  await expect(page.locator('html[data-ready="1"]')).toBeAttached();
}
