import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { procedures } from '../core/contract/procedures.ts';
import type { EngineProcess } from './engine-process.ts';
import { startUrl } from './origin.ts';

const readyWithinMs = 15_000;
const settledWithinMs = 60_000;

/** Makes a picture of every screen, `01-inbox.png` and so on. @returns the files written. */
export async function takeScreenshots(
  window: BrowserWindow,
  engine: EngineProcess,
  folder: string,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  // Waiting scans are read first, so that the pictures show an office at work.
  await engine.call('engine.settled', { timeoutMs: settledWithinMs });
  const files: string[] = [];
  for (const [index, screen] of (await screens(engine)).entries()) {
    await window.webContents.executeJavaScript(`void (location.hash = ${JSON.stringify(`#${screen.path}`)})`);
    if (!(await screenReady(window))) throw new Error(`${startUrl}#${screen.path} was not ready in time`);
    const file = join(folder, `${String(index + 1).padStart(2, '0')}-${screen.name}.png`);
    await writeFile(file, (await window.webContents.capturePage()).toPNG());
    files.push(file);
  }
  return files;
}

interface Screen {
  readonly name: string;
  readonly path: string;
}

/** The screens of renderer/routes.ts; those of one document show the newest there is. */
async function screens(engine: EngineProcess): Promise<readonly Screen[]> {
  const list = procedures['register.list'].output.parse(await engine.call('register.list', { limit: 1 }));
  const inbox = procedures['intake.list'].output.parse(
    await engine.call('intake.list', { states: ['proposed'] }),
  );
  const documentId = list.rows[0]?.documentId;
  const intakeId = inbox.items[0]?.id;
  return [
    { name: 'inbox', path: intakeId === undefined ? '/inbox' : `/inbox/${encodeURIComponent(intakeId)}` },
    { name: 'register', path: '/register' },
    ...(documentId === undefined
      ? []
      : [{ name: 'document', path: `/document/${encodeURIComponent(documentId)}` }]),
    { name: 'sealing', path: '/sealing' },
    { name: 'sync', path: '/sync' },
    { name: 'devices', path: '/devices' },
    { name: 'diagnosis', path: '/diagnosis' },
    { name: 'tokens', path: '/tokens' },
    { name: 'audit', path: '/audit' },
    { name: 'settings', path: '/settings' },
  ];
}

/** Waits until the screen says that it shows its data, and has drawn it. */
async function screenReady(window: BrowserWindow): Promise<boolean> {
  const ready: unknown = await window.webContents.executeJavaScript(`new Promise((resolve) => {
    const deadline = Date.now() + ${readyWithinMs};
    const look = () => {
      if (document.documentElement.dataset.ready === '1') setTimeout(() => resolve(true), 700);
      else if (Date.now() > deadline) resolve(false);
      else setTimeout(look, 50);
    };
    setTimeout(look, 300);
  })`);
  return ready === true;
}
