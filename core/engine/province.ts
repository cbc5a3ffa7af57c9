import { readFileSync } from 'node:fs';
import type { Settings } from '../contract/system.ts';
import type { DataFolder } from '../store/data-folder.ts';
import type { ProvincialConnector } from '../sync/connector.ts';
import { createHttpConnector } from '../sync/http-connector.ts';

/** The office's account at the province, or null while it is not fully configured. */
export function connectorFor(settings: Settings, folder: DataFolder): ProvincialConnector | null {
  const { serverUrl, officeId } = settings.sync;
  if (serverUrl === null || officeId === null) return null;
  const secret = serverSecret(folder);
  if (secret === null) return null;
  return createHttpConnector({ baseUrl: serverUrl, officeId, secret });
}

/** The secret that office and province share; null while there is none. */
export function serverSecret(folder: DataFolder): string | null {
  try {
    return readFileSync(folder.serverSecret, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
