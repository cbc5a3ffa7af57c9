import type { SigningKey } from '../../../ports/signing-key.ts';
import type { TokenService } from '../../../ports/token-service.ts';
import { AnThuError } from '../../../shared/errors.ts';
import { type CommandArguments, parseCommand, text, usage } from '../arguments.ts';
import { endStarted, type StartedHost } from '../early-host.ts';
import { levelOptions } from '../level-options.ts';
import { lookOptions } from '../look-options.ts';
import { workHard } from '../lean-process.ts';
import { longWork } from '../long-work.ts';
import { isOutputFolder } from '../output-folder.ts';
import { note, type Outcome } from '../output.ts';
import { lastTryOf, pinOptions, readPin, sealedPin } from '../pin.ts';
import { refuseInsideData } from '../../services/apart-from-data.ts';
import { signatureOptions, signFiles } from '../sign-files.ts';
import { softTokenWarnings, tokensNamedByUri } from '../tokens.ts';

export const signOptions = {
  out: { type: 'string' },
  key: { type: 'string' },
  level: { type: 'string', default: 'B-B' },
  certify: { type: 'string' },
  field: { type: 'string' },
  reason: { type: 'string' },
  location: { type: 'string' },
  digest: { type: 'string' },
  scheme: { type: 'string', default: 'auto' },
  force: { type: 'boolean' },
  'refuse-risks': { type: 'boolean' },
  resume: { type: 'boolean' },
  time: { type: 'string' },
  ...levelOptions,
  ...lookOptions,
  ...pinOptions,
} as const;

/**
 * `an-thu sign` (design/cli.md): every level, invisible or with a look of the decree. Many files are one batch
 * under one login. The token host starts first and the signing parts are loaded meanwhile, for both take as long.
 */
export async function signCommand(argv: readonly string[], started?: StartedHost): Promise<Outcome> {
  try {
    return await sign(argv, started);
  } finally {
    // One that nobody asked for goes as well.
    if (started) endStarted(started);
  }
}

async function sign(argv: readonly string[], started: StartedHost | undefined): Promise<Outcome> {
  const args = parseCommand(argv, signOptions);
  if (args.positionals.length === 0) throw usage('cần ít nhất một tệp');
  const out = text(args, 'out');
  const keyUri = text(args, 'key');
  if (out === undefined) throw usage('thiếu --out');
  if (keyUri === undefined) throw usage('thiếu --key');
  const work = longWork(args.positionals);
  if (work) workHard(work);
  const tokens = tokensNamedByUri(args.dataDir, started);
  const interrupt = new Interrupt();
  try {
    await refuseInsideData(args.dataDir, out);
    const pin = await readPin(args);
    const pinKey = pin === undefined ? undefined : tokens.pinKey(keyUri);
    pinKey?.catch(() => undefined); // awaited when the options are known to be right
    const common = signatureOptions(args, await timeOf(args, keyUri));
    const toFolder = await isOutputFolder(out);
    if (!toFolder && args.positionals.length > 1) throw usage('nhiều tệp thì --out phải là thư mục');
    const key = unlockedKey(tokens, keyUri, { lastTry: lastTryOf(args), signal: interrupt.signal }, () =>
      sealedPin(pin, async () => (await pinKey) ?? (await tokens.pinKey(keyUri))),
    );
    key.catch(() => undefined); // signFiles waits for it
    if (args.mode === 'text') for (const { message } of softTokenWarnings(keyUri)) note(message);
    return await signFiles({ args, common, key, toFolder, signal: interrupt.signal });
  } finally {
    interrupt.end();
    tokens.close();
  }
}

/** `--time` is rare: what it takes is loaded only then. */
async function timeOf(args: CommandArguments, keyUri: string): Promise<Date | undefined> {
  if (text(args, 'time') === undefined) return undefined;
  const { givenTime } = await import('../given-time.ts');
  return givenTime(args, keyUri);
}

async function unlockedKey(
  tokens: TokenService,
  keyUri: string,
  { lastTry, signal }: { readonly lastTry: 'confirmed' | 'refuse'; readonly signal: AbortSignal },
  sealed: () => ReturnType<typeof sealedPin>,
): Promise<SigningKey> {
  const pin = await sealed();
  // Nothing will be signed: no try is spent.
  if (signal.aborted) throw new AnThuError('signing.batch-cancelled');
  await tokens.unlock(keyUri, pin, { lastTry });
  return tokens.key(keyUri);
}

/** Ctrl-C ends the batch after the files in hand; a second one ends the process at once (`--resume` goes on from there). */
class Interrupt {
  readonly #controller = new AbortController();
  readonly #stop = (): void => {
    note('Đang dừng: hoàn tất các tệp đang ký rồi thôi. Ctrl-C lần nữa để dừng ngay.');
    this.#controller.abort();
  };

  constructor() {
    process.once('SIGINT', this.#stop);
    process.once('SIGTERM', this.#stop);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    process.removeListener('SIGINT', this.#stop);
    process.removeListener('SIGTERM', this.#stop);
  }
}
