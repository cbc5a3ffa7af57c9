import { connect } from 'node:net';
import type { ProcedureOutput } from '../../contract/procedures.ts';
import { asAnThuError, errorMessage } from '../../shared/errors.ts';
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
      text: 'Không kiểm tra vi-rút (chế độ mẫu, đã chọn bỏ qua).',
      detail: {},
    };
  }
  const version = await scanner.version();
  if ('unavailable' in version) {
    const text = errorMessage('scanner.unavailable', { reason: version.unavailable });
    return { name: 'scanner', state: 'unavailable', text, detail: { reason: version.unavailable } };
  }
  return {
    name: 'scanner',
    state: 'ok',
    text: `${version.engine}, ${databaseWords(version)}.`,
    detail: {
      engine: version.engine,
      database: version.database,
      databaseDate: version.databaseDate ?? null,
    },
  };
}

async function serverState(context: EngineContext): Promise<ServiceState> {
  const connector = context.connector();
  if (!connector)
    return { name: 'server', state: 'off', text: 'Chưa cấu hình máy chủ của tỉnh.', detail: {} };
  try {
    const health = await connector.health();
    return {
      name: 'server',
      state: 'ok',
      text: health.serverName,
      detail: { serverName: health.serverName, testPartner: health.testPartner },
    };
  } catch (thrown) {
    const error = asAnThuError(thrown);
    return {
      name: 'server',
      state: 'unavailable',
      text: errorMessage(error.code, error.detail),
      detail: { code: error.code },
    };
  }
}

/** Opens a connection and closes it: a real request would count against a TSA's daily limits (signing-peers.md §2.4). */
async function tsaState(context: EngineContext): Promise<ServiceState> {
  const { level, tsaUrl } = context.settings().signing;
  if (tsaUrl === null || level === 'B-B') {
    return { name: 'tsa', state: 'off', text: 'Ký không kèm dấu thời gian.', detail: {} };
  }
  const waiting = context.jobs.countOpen(jobKinds.extend);
  const reachable = await canConnect(tsaUrl);
  return {
    name: 'tsa',
    state: reachable ? 'ok' : 'unavailable',
    text: `${
      reachable
        ? 'Kết nối được máy chủ dấu thời gian.'
        : 'Không kết nối được máy chủ dấu thời gian; văn bản vẫn được ký, dấu thời gian được bổ sung sau.'
    }${waiting > 0 ? ` ${waiting} văn bản đang chờ dấu thời gian hoặc bằng chứng.` : ''}`,
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
      text: problem?.message ?? 'Chưa cắm thiết bị lưu khóa bí mật.',
      detail: { modules: modules.length },
    };
  }
  const unlocked = tokens.filter((token) => token.unlocked).length;
  return {
    name: 'token',
    state: 'ok',
    text: unlocked > 0 ? 'Đã mở khóa thiết bị ký.' : 'Đã nhận thiết bị, chưa nhập mã PIN.',
    detail: { tokens: tokens.length, unlocked },
  };
}

function databaseWords(version: ScannerVersion): string {
  if (version.database === '') return 'cơ sở dữ liệu không ghi phiên bản';
  const day = version.databaseDate?.slice(0, 10).split('-').toReversed().join('/');
  return `cơ sở dữ liệu ${version.database}${day === undefined ? '' : ` ngày ${day}`}`;
}
