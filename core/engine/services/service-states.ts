import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import type { Warning } from '../../contract/common.ts';
import { shownDate } from '../../shared/clock.ts';
import { inTime } from '../../shared/in-time.ts';
import { AnThuError, asAnThuError, toErrorValue } from '../../shared/errors.ts';
import { warning } from '../../shared/warning.ts';
import { LIST_PATIENCE_MS } from '../../ports/token-service.ts';
import type { ScannerVersion } from '../../ports/virus-scanner.ts';
import { backupState } from './backup-state.ts';
import { jobKinds } from './job-kinds.ts';
import type { EngineContext } from '../context.ts';
import { foldersElsewhere } from './held-elsewhere.ts';

type ServiceState = ProcedureOutput<'services.status'>['services'][number];

type FolderElsewhere = ProcedureOutput<'intake.elsewhere'>['folders'][number];

/** A share that is away may keep a look waiting for minutes. */
const FOLDER_PATIENCE_MS = 2_000;

/** Asks every outside part how it is; none of them can hold up the others. */
export async function serviceStates(context: EngineContext): Promise<ProcedureOutput<'services.status'>> {
  return {
    services: await Promise.all([
      scannerState(context),
      serverState(context),
      tsaState(context),
      tokenState(context),
      foldersState(context),
      backupState(context),
    ]),
  };
}

async function scannerState(context: EngineContext): Promise<ServiceState> {
  const scanner = context.scanner();
  if (!scanner) {
    return {
      name: 'scanner',
      state: 'off',
      said: [warning('service.scanner-off')],
      detail: {},
    };
  }
  const version = await scanner.version();
  if ('unavailable' in version) {
    const reason = version.unavailable;
    const sentence = warning('scanner.unavailable', { reason });
    return { name: 'scanner', state: 'unavailable', said: [sentence], detail: { reason } };
  }
  return {
    name: 'scanner',
    state: 'ok',
    said: [versionSaid(version)],
    detail: {
      engine: version.engine,
      database: version.database,
      databaseDate: version.databaseDate ?? null,
    },
  };
}

async function serverState(context: EngineContext): Promise<ServiceState> {
  const connector = context.connector();
  if (!connector) return { name: 'server', state: 'off', said: [warning('service.server-off')], detail: {} };
  try {
    const health = await connector.health();
    return {
      name: 'server',
      state: 'ok',
      said: [warning('service.server-ready', { serverName: health.serverName })],
      detail: { serverName: health.serverName, testPartner: health.testPartner },
    };
  } catch (thrown) {
    const error = asAnThuError(thrown);
    return {
      name: 'server',
      state: 'unavailable',
      said: [toErrorValue(error)],
      detail: { code: error.code },
    };
  }
}

/** Opens a connection and closes it: a real request would count against a TSA's daily limits (signing-peers.md §2.4). */
async function tsaState(context: EngineContext): Promise<ServiceState> {
  const { level, tsaUrl } = context.settings().signing;
  if (tsaUrl === null || level === 'B-B') {
    return { name: 'tsa', state: 'off', said: [warning('service.tsa-off')], detail: {} };
  }
  const waiting = context.jobs.countOpen(jobKinds.extend);
  const reachable = await canConnect(tsaUrl);
  return {
    name: 'tsa',
    state: reachable ? 'ok' : 'unavailable',
    said: [
      warning(reachable ? 'service.tsa-ready' : 'service.tsa-away'),
      ...(waiting > 0 ? [warning('service.level-waiting', { waiting })] : []),
    ],
    detail: { url: tsaUrl, waiting },
  };
}

const CONNECT_DEADLINE_MS = 2_000;

function canConnect(address: string): Promise<boolean> {
  const url = URL.parse(address);
  if (!url) return Promise.resolve(false);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return new Promise((resolve) => {
    const socket = connect({ host: url.hostname, port, timeout: CONNECT_DEADLINE_MS });
    const end = (reachable: boolean) => {
      socket.destroy();
      resolve(reachable);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

async function tokenState(context: EngineContext): Promise<ServiceState> {
  const modules = await context.tokens.list({ patienceMs: LIST_PATIENCE_MS });
  const tokens = modules.flatMap((module) => module.tokens);
  const problem = modules.find((module) => module.error)?.error;
  if (tokens.length === 0) {
    return {
      name: 'token',
      state: 'unavailable',
      said: [problem ?? warning('service.token-absent')],
      detail: { modules: modules.length },
    };
  }
  const unlocked = tokens.filter((token) => token.unlocked).length;
  return {
    name: 'token',
    state: 'ok',
    said: [warning(unlocked > 0 ? 'service.token-unlocked' : 'service.token-locked')],
    detail: { tokens: tokens.length, unlocked },
  };
}

async function foldersState(context: EngineContext): Promise<ServiceState> {
  const paths = [...new Set(context.settings().watchedFolders.map(({ path }) => path))];
  if (paths.length === 0)
    return { name: 'folders', state: 'off', said: [warning('service.folders-off')], detail: {} };
  const shut = (await Promise.all(paths.map(shutFolder))).filter((error) => error !== undefined);
  const elsewhere = await foldersElsewhere(context);
  const others = [...new Set(elsewhere.flatMap((other) => nameOf(other)))].join('; ');
  const held = elsewhere.flatMap(({ files }) => files).length;
  const folders = paths.length - shut.length;
  return {
    name: 'folders',
    state: shut.length > 0 ? 'unavailable' : 'ok',
    said: [
      ...shut.map((error) => toErrorValue(error)),
      ...(folders > 0 ? [warning('service.folders-ready', { folders })] : []),
      ...(others === '' ? [] : [warning('service.folders-shared', { others })]),
      ...(held > 0 ? [warning('service.folders-held', { held })] : []),
    ],
    detail: { folders: paths.length },
  };
}

/** Claims of an earlier version are nobody's by name. */
function nameOf({ owner, computer, dataFolder }: FolderElsewhere): string[] {
  if (owner === null) return [];
  return [computer === null ? owner : `${computer} (${dataFolder})`];
}

async function shutFolder(path: string): Promise<AnThuError | undefined> {
  const silent = Object.assign(new Error(), { code: 'ETIMEDOUT' });
  try {
    await inTime(readdir(path), FOLDER_PATIENCE_MS, silent);
    return undefined;
  } catch (thrown) {
    const reason = (thrown as NodeJS.ErrnoException).code ?? String(thrown);
    return new AnThuError('intake.folder-missing', { path, reason });
  }
}

function versionSaid({ engine, database, databaseDate }: ScannerVersion): Warning {
  if (database === '') return warning('service.scanner-unversioned', { engine });
  const date = databaseDate && shownDate(databaseDate.slice(0, 10));
  return date === undefined
    ? warning('service.scanner-undated', { engine, database })
    : warning('service.scanner-ready', { engine, database, date });
}
