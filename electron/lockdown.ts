import { app, session, type WebContents } from 'electron';
import { isOurUrl } from './origin.ts';

/** Rules for everything that could show a page: no way out of our own page, nothing from outside, no permission. */
export function lockDown(): void {
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url) }));
}

function lockDownContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Our own page, what it made itself, and the developer tools of a checkout. */
function mayLoad(url: string): boolean {
  return isOurUrl(url) || url.startsWith('blob:app://') || url.startsWith('data:') || isDeveloperTool(url);
}

function isDeveloperTool(url: string): boolean {
  return !app.isPackaged && url.startsWith('devtools://');
}
