import { readFileSync } from 'node:fs';
import type { Settings } from '../contract/system.ts';
import type { DataFolder } from '../store/data-folder.ts';
import type { ProvincialConnector } from '../sync/connector.ts';
import { createHttpConnector } from '../sync/http-connector.ts';

/** The office's account at the province, or null while it is not fully configured. */
export function connectorFor(settings: Settings, folder: DataFolder): ProvincialConnector | null {
  const { serverUrl, officeId } = settings.sync;
  if (serverUrl === null || officeId === null) return null;
  const secret = readSecret(folder.serverSecret);
  if (secret === null) return null;
  return createHttpConnector({ baseUrl: serverUrl, officeId, secret });
}

function readSecret(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
