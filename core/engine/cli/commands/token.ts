import { resolve } from 'node:path';
import { AnThuError } from '../../../shared/errors.ts';
import { systemClock, vietnamIso } from '../../../shared/clock.ts';
import { trySignature } from '../../../signing/try-signature.ts';
import { createTokenService } from '../../../../native/token-host/client.ts';
import { createNodeSpawner } from '../../hosts/node-spawner.ts';
import { type CommandArguments, parseCommand, text, usage } from '../arguments.ts';
import { withEngine } from '../connect.ts';
import { note, type Outcome, printLine } from '../output.ts';
import { lastTryOf, pinOptions, readPin, sealedPin } from '../pin.ts';
import { lookAtTokens, moduleOption, modulesToWatch } from '../token-source.ts';
import { diagnosisLines, hasProblem, softTokenLines } from '../token-words.ts';
import { knownTries, softTokenWarnings, tokensNamedByUri } from '../tokens.ts';

/** Of `token watch`; `list` takes the module alone. */
export const tokenWatchOptions = { ...moduleOption, seconds: { type: 'string' } } as const;

export const tokenTestOptions = { key: { type: 'string' }, ...pinOptions } as const;

/** `an-thu token list | watch | test --key URI | add-module FILE | remove-module FILE | register …` (design/cli.md). */
export async function tokenCommand(argv: readonly string[]): Promise<Outcome> {
  const [verb, ...rest] = argv;
  switch (verb) {
    case 'list':
      return listTokens(rest);
    case 'watch':
      return watchTokens(rest);
    case 'test':
      return testToken(rest);
    case 'register':
      return (await import('./token-register.ts')).tokenRegisterCommand(rest);
    case 'add-module':
    case 'remove-module':
      return changeModules(verb, rest);
    default:
      throw usage('token list | watch | test --key URI | add-module FILE | remove-module FILE | register …');
  }
}

async function listTokens(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, moduleOption);
  const { modules, diagnosis } = await lookAtTokens(args);
  return {
    json: { modules, diagnosis },
    text: [...diagnosisLines(diagnosis, await knownTries(args.dataDir)), ...softTokenLines(modules)],
    status: hasProblem(diagnosis) || modules.some(({ error }) => error !== null) ? 1 : 0,
  };
}

/** Tells what is there, plugged in and pulled out, until interrupted or for `--seconds`. */
async function watchTokens(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, tokenWatchOptions);
  const seconds = secondsOf(args);
  const modules = await modulesToWatch(args);
  if (modules.length === 0) throw new AnThuError('token.not-present', { uri: '' });
  const tokens = createTokenService({
    spawner: createNodeSpawner(),
    modules: modules.map((path) => ({ path })),
    softTokens: [],
  });
  const words = { present: 'Đang cắm', plugged: 'Vừa cắm', unplugged: 'Vừa rút' } as const;
  const seen: object[] = [];
  try {
    tokens.onEvent(({ kind, path, tokenId }) => {
      if (kind !== 'present' && kind !== 'plugged' && kind !== 'unplugged') return;
      const event = { event: kind, time: vietnamIso(systemClock.now()), path, token: tokenId };
      seen.push(event);
      if (args.mode === 'json-lines') printLine(event);
      else if (args.mode === 'text')
        process.stdout.write(`${event.time}  ${words[kind]}: ${tokenId ?? path}\n`);
    });
    tokens.watch();
    note(`Đang theo dõi ${modules.length} thư viện. Nhấn Ctrl+C để dừng.`);
    await interrupted(seconds);
  } finally {
    tokens.close();
  }
  return { json: { events: seen }, text: [], status: 0, lines: 'told' };
}

function secondsOf(args: CommandArguments): number | undefined {
  const given = text(args, 'seconds');
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (!(seconds > 0) || seconds > 86_400) throw usage('--seconds cần một số giây');
  return seconds;
}

function interrupted(seconds: number | undefined): Promise<void> {
  return new Promise((end) => {
    // Something must keep the process alive: the watch's own timers do not.
    const timer = setInterval(() => undefined, 60_000);
    const stop = (): void => {
      clearInterval(timer);
      end();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    if (seconds !== undefined) setTimeout(stop, seconds * 1000);
  });
}

/** One signature, checked with the certificate's public key. */
async function testToken(argv: readonly string[]): Promise<Outcome> {
  const args = parseCommand(argv, tokenTestOptions);
  const keyUri = text(args, 'key');
  if (keyUri === undefined) throw usage('thiếu --key');
  const tokens = tokensNamedByUri(args.dataDir);
  try {
    const started = performance.now();
    const pin = await sealedPin(await readPin(args), () => tokens.pinKey(keyUri));
    await tokens.unlock(keyUri, pin, { lastTry: lastTryOf(args) });
    const key = await tokens.key(keyUri);
    await trySignature(key);
    const ms = Math.round(performance.now() - started);
    const warnings = softTokenWarnings(keyUri);
    return {
      json: { ok: true, key: key.uri, keyType: key.keyType, bits: key.bits, ms, warnings },
      text: [
        `Ký thử thành công: ${key.label} (${key.keyType.toUpperCase()} ${key.bits}), ${ms} ms`,
        ...warnings.map(({ message }) => message),
      ],
      status: 0,
    };
  } finally {
    tokens.close();
  }
}

/** The administrator's list of libraries; adding one loads it once in a process of its own. */
async function changeModules(
  verb: 'add-module' | 'remove-module',
  argv: readonly string[],
): Promise<Outcome> {
  const args = parseCommand(argv, {});
  const [file] = args.positionals;
  if (file === undefined) throw usage(`token ${verb} FILE`);
  return withEngine(args.dataDir, 'idle', async (engine) => {
    const result = await engine.call(`tokens.${verb}`, { path: resolve(file) });
    return {
      json: result,
      text: ['Thư viện được dùng:', ...result.modules.map((path) => `  ${path}`)],
      status: 0,
    };
  });
}
