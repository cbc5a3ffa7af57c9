import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { z } from 'zod';
import { namespaces } from '../lib/namespaces.ts';
import {
  type cardContentSchema,
  type CardRequest,
  type CardState,
  cardStateSchema,
} from './card-protocol.ts';

const execFileAsync = promisify(execFile);

/** Where Debian puts OpenSC's module. */
export const openScModule = '/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so';

/** vpcd listens here, on every interface: inside a network of its own. */
const vpcdPort = 0x8c7b;

export interface CardReader {
  /** For the token host: where its smart card service listens, and OpenSC's settings. */
  readonly env: { readonly PCSCLITE_CSOCK_NAME: string; readonly OPENSC_CONF: string };
  /** Puts the card in; the smart card service looks for one every 0.4 s and shows it only then. */
  insert(): Promise<CardState>;
  /** Waits until the smart card service shows the card to a program that is not ours. */
  shown(): Promise<void>;
  /** Pulls the card out. */
  remove(): Promise<CardState>;
  /** From now on, milliseconds before every answer, and the instruction at which the card is pulled. */
  behave(manners: { delayMs?: number; pullAt?: number | null }): Promise<CardState>;
  /** What the authority does to a locked card. */
  unblock(): Promise<CardState>;
  look(): Promise<CardState>;
  close(): Promise<void>;
}

/**
 * In namespaces of its own: the machine's smart card service, its socket and its network are never touched. `lo` is brought up by
 * hand (SIOCSIFFLAGS, IFF_UP | IFF_RUNNING), as a fresh network has it down. vpcd writes a frame in two pieces and so waits 40 ms for
 * our acknowledgement each time; acknowledged at once (where `ip` is there to say so), the tests take a third of the time.
 */
const ownPlaces = `
set -e
mount -t tmpfs none /run
mkdir -p /run/pcscd
mount --bind "$1" /run/pcscd
python3 -c 'import fcntl, socket, struct; fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sH14x", b"lo", 0x41))'
ip route replace local 127.0.0.1 dev lo table local src 127.0.0.1 quickack 1 2>/dev/null || true
`;

/** Where no namespace may be made: the machine's own place, which nobody else may be using. */
const machinePlaces = `
set -e
mkdir -p /run/pcscd
rm -f /run/pcscd/pcscd.comm
`;

const start = `
pcscd --foreground --error --config "$2" >"$3" 2>&1 &
exec "$4" "$5"
`;

/** Starts pcscd with a virtual reader and a card that is not in it yet. `folder` is a scratch folder of the test. */
export async function startCardReader(
  folder: string,
  content: Omit<z.infer<typeof cardContentSchema>, 'port'>,
): Promise<CardReader> {
  const run = join(folder, 'pcscd');
  const config = join(folder, 'reader.conf.d');
  mkdirSync(run, { recursive: true });
  mkdirSync(config, { recursive: true });
  writeFileSync(
    join(config, 'vpcd'),
    [
      'FRIENDLYNAME "Virtual PCD"',
      `DEVICENAME /dev/null:0x${vpcdPort.toString(16)}`,
      'LIBPATH /usr/lib/pcsc/drivers/serial/libifdvpcd.so',
      `CHANNELID 0x${vpcdPort.toString(16)}`,
      '',
    ].join('\n'),
  );
  const openScConfig = join(folder, 'opensc.conf');
  writeFileSync(openScConfig, 'app default {\n  framework pkcs15 { use_file_caching = no; }\n}\n');
  const program = join(import.meta.dirname, 'card-program.ts');
  const { kind, command } = namespaces('--net');
  const [first = 'sh', ...args] = [
    ...command,
    'sh',
    '-c',
    (kind === 'own' ? ownPlaces : machinePlaces) + start,
    'reader',
  ];
  const child = spawn(first, [...args, run, config, join(folder, 'pcscd.log'), process.execPath, program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A group of its own, so that pcscd can be ended with it where there is no namespace to end.
    detached: true,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const socket = join(kind === 'own' ? run : '/run/pcscd', 'pcscd.comm');
  child.stdin.write(`${JSON.stringify({ ...content, port: vpcdPort })}\n`);
  await appears(socket, child);
  const ask = async (request: CardRequest): Promise<CardState> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the card program ended');
    return cardStateSchema.parse(JSON.parse(value));
  };
  const env = { PCSCLITE_CSOCK_NAME: socket, OPENSC_CONF: openScConfig };
  return {
    env,
    insert: () => ask({ do: 'insert' }),
    shown: () => cardShows(env),
    remove: () => ask({ do: 'remove' }),
    behave: ({ delayMs = 0, pullAt = null }) => ask({ do: 'behave', delayMs, pullAt }),
    unblock: () => ask({ do: 'unblock' }),
    look: () => ask({ do: 'look' }),
    close: () => end(child),
  };
}

async function appears(path: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!existsSync(path)) {
    if (child.exitCode !== null) throw new Error(`the reader ended with ${child.exitCode}`);
    if (performance.now() > deadline) throw new Error('pcscd did not start');
    await pause(20);
  }
}

async function cardShows(env: Readonly<Record<string, string>>): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { stdout } = await execFileAsync('opensc-tool', ['--list-readers'], {
      env: { ...process.env, ...env },
    });
    if (/^\d+ +Yes /m.test(stdout)) return;
    if (performance.now() > deadline) throw new Error(`pcscd shows no card:\n${stdout}`);
    await pause(20);
  }
}

/** Ends the card and pcscd: its process namespace ends with it, and its process group is killed. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  await gone;
}
