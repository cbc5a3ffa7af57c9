import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loopbackPort } from './loopback-port.ts';

const CLAMD_PATHS = [
  '/usr/sbin/clamd',
  '/usr/local/sbin/clamd',
  '/usr/bin/clamd',
  '/opt/homebrew/sbin/clamd',
];
const SYSTEM_DATABASE = '/var/lib/clamav';
/** A local socket's path must fit 108 bytes on Linux, 104 on macOS. */
const MAX_SOCKET_PATH = 100;

/** Said when no clamd can be had; the demo prints it and offers `--without-scanner`. */
export const CLAMD_MISSING = [
  'Không tìm thấy clamd (bộ quét vi-rút ClamAV) / clamd was not found.',
  'Debian, Ubuntu: apt-get install clamav-daemon · Fedora: dnf install clamd · macOS: brew install clamav',
  'hoặc chạy lại với --without-scanner / or run again with --without-scanner',
].join('\n');

type ClamdWhere = { readonly socketPath: string } | { readonly host: string; readonly port: number };

export type DemoClamd = ClamdWhere & {
  readonly pid: number;
  /** clamd's own answer to VERSION. */
  readonly version: string;
  /** `official` when /var/lib/clamav's sets are loaded, `eicar-only` for ours made by hand. */
  readonly databaseKind: 'official' | 'eicar-only';
  /** Ends the daemon (SIGKILL with `how: 'kill'`) and waits until it is gone. */
  stop(how?: 'term' | 'kill'): Promise<void>;
};

/** Path of clamd on this machine, or undefined. */
export function findClamd(): string | undefined {
  return CLAMD_PATHS.find((path) => existsSync(path));
}

/** The harmless test file of the antivirus makers, put together at run time so that no file of ours holds it. */
export function eicarBytes(): Buffer {
  return Buffer.from(
    ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-', 'ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
  );
}

/**
 * Starts clamd in `dir` for the demo and the tests, listening on a socket in that folder (loopback TCP when
 * the path would be too long). `system` uses the machine's official signatures when they are there and falls
 * back, visibly in `databaseKind`, to one hand-made signature that knows EICAR anywhere in a file.
 * Throws with {@link CLAMD_MISSING} when there is no clamd.
 */
export async function startDemoClamd(
  dir: string,
  options: {
    readonly signatures: 'eicar-only' | 'system';
    /** StreamMaxLength and MaxFileSize in MiB. */
    readonly maxMb?: number;
    readonly listen?: 'socket' | 'tcp';
  },
): Promise<DemoClamd> {
  const program = findClamd();
  if (!program) throw new Error(CLAMD_MISSING);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const official = options.signatures === 'system' && hasOfficialSets();
  const database = official ? SYSTEM_DATABASE : join(dir, 'signatures');
  if (!official) await writeEicarSignatures(database);
  const where = await chooseAddress(dir, options.listen);
  const config = join(dir, 'clamd.conf');
  await writeFile(config, configText({ where, database, maxMb: options.maxMb ?? 200 }));
  const child = spawn(program, ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const version = await waitForVersion(child, where, output);
  return {
    ...where,
    pid: child.pid ?? 0,
    version,
    databaseKind: official ? 'official' : 'eicar-only',
    stop: (how = 'term') => stopChild(child, how),
  };
}

function hasOfficialSets(): boolean {
  try {
    return readdirSync(SYSTEM_DATABASE).some((name) => /^(main|daily)\.c[vl]d$/u.test(name));
  } catch {
    return false;
  }
}

async function writeEicarSignatures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  // Extended signature: any file type (0), at any place (*), the bytes in hexadecimal.
  const line = `Eicar-Test-Signature:0:*:${eicarBytes().toString('hex')}\n`;
  await writeFile(join(folder, 'an-thu-demo.ndb'), line);
}

async function chooseAddress(dir: string, listen: 'socket' | 'tcp' | undefined): Promise<ClamdWhere> {
  const socketPath = join(dir, 'clamd.sock');
  const fits = Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH;
  if (listen !== 'tcp' && fits && process.platform !== 'win32') return { socketPath };
  return { host: '127.0.0.1', port: await loopbackPort() };
}

function configText(options: { where: ClamdWhere; database: string; maxMb: number }): string {
  const { where, database, maxMb } = options;
  const listen =
    'socketPath' in where
      ? [`LocalSocket ${where.socketPath}`, 'LocalSocketMode 600', 'FixStaleSocket yes']
      : [`TCPSocket ${where.port}`, `TCPAddr ${where.host}`];
  return [
    'Foreground yes',
    ...listen,
    `DatabaseDirectory ${database}`,
    'AlertExceedsMax yes',
    `StreamMaxLength ${maxMb}M`,
    `MaxFileSize ${maxMb}M`,
    `MaxScanSize ${maxMb * 2}M`,
    'SelfCheck 3600',
    'MaxThreads 4',
    '',
  ].join('\n');
}

async function waitForVersion(child: ChildProcess, where: ClamdWhere, output: string[]): Promise<string> {
  let exit: string | undefined;
  child.once('exit', (code, signal) => (exit = `exit ${code ?? signal}`));
  child.once('error', (error) => (exit = error.message));
  const deadline = performance.now() + 120_000;
  while (performance.now() < deadline) {
    if (exit !== undefined) throw new Error(`clamd did not start (${exit}): ${output.join('').slice(-500)}`);
    const answer = await ask(where, 'zVERSION\0').catch(() => '');
    if (answer.startsWith('ClamAV')) return answer;
    await sleep(25);
  }
  await stopChild(child, 'kill');
  throw new Error(`clamd gave no answer within 120 s: ${output.join('').slice(-500)}`);
}

function ask(where: ClamdWhere, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket =
      'socketPath' in where
        ? createConnection({ path: where.socketPath })
        : createConnection({ host: where.host, port: where.port });
    const chunks: Buffer[] = [];
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer')));
    socket.on('connect', () => socket.write(command));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('end', () => resolve(Buffer.concat(chunks).toString().replace(/\0$/u, '')));
  });
}

async function stopChild(child: ChildProcess, how: 'term' | 'kill'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(forced);
}
