import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forkProgram } from '../hosts/fork-program.ts';
import type { SpawnOptions } from '../../ports/program-spawner.ts';

/** A token host that was started before it was asked for. */
export interface StartedHost {
  readonly args: readonly string[];
  readonly child: ChildProcess;
}

/** As the token service has it; another value only means that this start was for nothing. */
const IDLE_LOCK_MS = 300_000;

/**
 * Starts the token host that `--key` names, ahead of the program that will ask for it; undefined where that cannot be
 * told from the words alone. Whether it is the right one is decided by who asks (`hostFor`): it knows nothing yet and
 * has touched no token.
 */
export function startHostFor(argv: readonly string[]): StartedHost | undefined {
  const place = argv.indexOf('--key');
  const uri = place < 0 ? undefined : argv[place + 1];
  const own = uri === undefined ? undefined : hostArguments(uri);
  if (!own) return undefined;
  const args = [...own, '--idle-lock-ms', String(IDLE_LOCK_MS)];
  const child = forkProgram('token-host', { args }, environmentWithoutPin(argv));
  child.on('error', () => undefined); // told by the absence of a process, see hostFor
  return { args, child };
}

/** The variable of `--pin-env` is taken out of our environment only later (`readPin`); this host and its driver must not have it. */
function environmentWithoutPin(argv: readonly string[]): NodeJS.ProcessEnv {
  const same = (name: string): string => (process.platform === 'win32' ? name.toUpperCase() : name);
  const option = '--pin-env';
  const named = argv.flatMap((word, place) =>
    word === option
      ? (argv[place + 1] ?? [])
      : word.startsWith(`${option}=`)
        ? word.slice(option.length + 1)
        : [],
  );
  if (named.length === 0) return process.env;
  const pins = new Set(named.map(same));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !pins.has(same(name))));
}

function hostArguments(uri: string): readonly string[] | undefined {
  try {
    if (uri.startsWith('file:')) return ['--soft', fileURLToPath(uri)];
    const module = uri.startsWith('pkcs11:') ? /[?&]module-path=([^&]+)/.exec(uri)?.[1] : undefined;
    return module === undefined ? undefined : ['--module', resolve(decodeURIComponent(module))];
  } catch {
    return undefined; // the command will say what is wrong with it
  }
}

/** The started host when it is what `options` ask for; any other is ended. Used up by the first who asks. */
export function hostFor(
  started: StartedHost,
  { args = [], env, memoryMb }: SpawnOptions,
): ChildProcess | undefined {
  const same = args.length === started.args.length && args.every((arg, index) => arg === started.args[index]);
  const { child } = started;
  const lives = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (same && lives && !env && memoryMb === undefined) return child;
  endStarted(started);
  return undefined;
}

/** Ends a host that nobody asked for. */
export function endStarted({ child }: StartedHost): void {
  child.kill('SIGKILL');
}
