import { connect } from 'node:net';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import type { Warning } from '../../contract/common.ts';
import { sentenceFor } from '../../contract/sentences.ts';
import type { ServiceSentenceCode } from '../../contract/service-sentences.ts';
import { asAnThuError, type ErrorDetail, toErrorValue } from '../../shared/errors.ts';
import { LIST_PATIENCE_MS } from '../../ports/token-service.ts';
import type { ScannerVersion } from '../../ports/virus-scanner.ts';
import { jobKinds } from './job-kinds.ts';
import type { EngineContext } from '../context.ts';

type ServiceState = ProcedureOutput<'services.status'>['services'][number];

/** Asks every outside part how it is; none of them can hold up the others. */
export async function serviceStates(context: EngineContext): Promise<ProcedureOutput<'services.status'>> {
  return {
    services: await Promise.all([
      scannerState(context),
      serverState(context),
      tsaState(context),
      tokenState(context),
    ]),
  };
}

async function scannerState(context: EngineContext): Promise<ServiceState> {
  const scanner = context.scanner();
  if (!scanner) {
    return {
      name: 'scanner',
      state: 'off',
      said: [said('service.scanner-off')],
      detail: {},
    };
  }
  const version = await scanner.version();
  if ('unavailable' in version) {
    const reason = version.unavailable;
    const sentence = said('scanner.unavailable', { reason });
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
  if (!connector) return { name: 'server', state: 'off', said: [said('service.server-off')], detail: {} };
  try {
    const health = await connector.health();
    return {
      name: 'server',
      state: 'ok',
      said: [said('service.server-ready', { serverName: health.serverName })],
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
    return { name: 'tsa', state: 'off', said: [said('service.tsa-off')], detail: {} };
  }
  const waiting = context.jobs.countOpen(jobKinds.extend);
  const reachable = await canConnect(tsaUrl);
  return {
    name: 'tsa',
    state: reachable ? 'ok' : 'unavailable',
    said: [
      said(reachable ? 'service.tsa-ready' : 'service.tsa-away'),
      ...(waiting > 0 ? [said('service.level-waiting', { waiting })] : []),
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
      said: [problem ?? said('service.token-absent')],
      detail: { modules: modules.length },
    };
  }
  const unlocked = tokens.filter((token) => token.unlocked).length;
  return {
    name: 'token',
    state: 'ok',
    said: [said(unlocked > 0 ? 'service.token-unlocked' : 'service.token-locked')],
    detail: { tokens: tokens.length, unlocked },
  };
}

function versionSaid({ engine, database, databaseDate }: ScannerVersion): Warning {
  if (database === '') return said('service.scanner-unversioned', { engine });
  const date = databaseDate?.slice(0, 10).split('-').toReversed().join('/');
  return date === undefined
    ? said('service.scanner-undated', { engine, database })
    : said('service.scanner-ready', { engine, database, date });
}

function said(code: ServiceSentenceCode | 'scanner.unavailable', detail: ErrorDetail = {}): Warning {
  return { code, message: sentenceFor(code, detail), detail };
}
