import { flushCompileCache } from 'node:module';
import { setImmediate } from 'node:timers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type ProgramMethod, programMethod, serveProgram } from '../../core/shared/program-server.ts';
import type { ModuleDiagnosis } from '../pkcs11/diagnosis.ts';
import type { TokenBackend } from './backend.ts';
import { CallLine } from './call-line.ts';
import { endWithParent, keepOutOfCoreDumps } from './guards.ts';
import { IdleTimer } from './idle-timer.ts';
import { PinKeys } from './pin-keys.ts';
import { idleLockedName, lockInput, signInput, unlockInput, uriInput } from './protocol.ts';
import { assertSignatureFits } from './signature-check.ts';

const hostOptions = {
  module: { type: 'string' },
  soft: { type: 'string', multiple: true },
  'idle-lock-ms': { type: 'string', default: '300000' },
  'dies-with': { type: 'string' },
} as const;

/** More than a client has under way, so that none of its signatures waits for a turn in vain. */
const SIGNATURES_AT_ONCE = 4;

const idleLockInput = z.coerce.number().int().positive();

/**
 * The token host: `--module FILE` for one PKCS#11 module, or `--soft FILE…` for PKCS#12 files. The only process
 * in which a PIN is ever readable; its parent kills it after the last lock (docs/decisions/token-host-and-pin-sealing.md).
 * `--dies-with PID`: the system kills this process with that parent (`fork-program.ts`).
 */
export async function runTokenHost(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: hostOptions });
  // Ctrl-C goes to every process of the terminal: the batch that is to end in order still needs its token. We end with our parent.
  process.on('SIGINT', () => undefined);
  keepOutOfCoreDumps();
  await endWithParent(values['dies-with']);
  const idleLockMs = idleLockInput.parse(values['idle-lock-ms']);
  const host = new TokenHost({ module: values.module, soft: values.soft ?? [] }, idleLockMs);
  host.emit = serveProgram(host.methods());
}

interface HostTarget {
  readonly module: string | undefined;
  readonly soft: readonly string[];
}

/** Only the library of the kind in use is loaded: this program's start is part of every `an-thu sign`. */
async function openBackend({ module, soft }: HostTarget): Promise<TokenBackend> {
  if (module) {
    const { Pkcs11Backend } = await import('../pkcs11/backend.ts');
    return new Pkcs11Backend(module);
  }
  const { SoftTokenBackend } = await import('../soft-token/backend.ts');
  return new SoftTokenBackend(soft);
}

const nothing = z.object({});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** What the host does for its parent, one call after the other. */
class TokenHost {
  /** Tells the parent of something that it did not ask for. */
  emit: (name: string, value: unknown) => void = () => undefined;
  readonly #target: HostTarget;
  readonly #pinKeys = new PinKeys();
  readonly #line = new CallLine(SIGNATURES_AT_ONCE);
  readonly #idle: IdleTimer;
  #opening: Promise<TokenBackend> | undefined;
  #diagnosing: Promise<ModuleDiagnosis> | undefined;
  #codeIsKept = false;

  constructor(target: HostTarget, idleLockMs: number) {
    this.#target = target;
    this.#idle = new IdleTimer(idleLockMs, () => this.#line.run(() => this.#lockIdle()));
  }

  methods(): Readonly<Record<string, ProgramMethod<unknown, unknown>>> {
    return {
      list: this.#method(nothing, async () => await (await this.#backend()).list()),
      presence: this.#method(nothing, async () => {
        const backend = await this.#backend();
        const present = await backend.presence();
        return { present, unlocked: backend.unlocked() };
      }),
      pinKey: this.#method(uriInput, async ({ uri }) => {
        setImmediate(() => this.#prepare());
        return this.#pinKeys.create(uri);
      }),
      identify: this.#method(uriInput, async ({ uri }) => ({
        token: await (await this.#backend()).identify(uri),
      })),
      unlock: this.#method(
        unlockInput,
        async ({ sealedPin, ...request }) => {
          const backend = await this.#backend();
          const openPin = sealedPin && (() => this.#pinKeys.open(sealedPin, request.uri));
          const token = await backend.unlock({ ...request, openPin });
          return { token, unlocked: backend.unlocked() };
        },
        'counts',
      ),
      lock: this.#method(lockInput, async ({ uri }) => {
        const backend = await this.#backend();
        await backend.lock(uri);
        return { unlocked: backend.unlocked() };
      }),
      unlocked: this.#method(nothing, async () => ({ unlocked: (await this.#backend()).unlocked() })),
      key: this.#method(uriInput, async ({ uri }) => {
        const key = await (await this.#backend()).describe(uri);
        return { ...key, certificate: base64(key.certificate), chain: key.chain.map(base64) };
      }),
      // What a module says about itself and its tokens without a PIN; asked of a host that is started for nothing else.
      diagnoseModule: this.#method(nothing, async () => await (await this.#diagnosis()).info()),
      diagnoseSlots: this.#method(nothing, async () => await (await this.#diagnosis()).slots()),
      sign: programMethod(signInput, async ({ uri, digest, ...rest }) => {
        const request = { ...rest, digest: Buffer.from(digest, 'base64') };
        const backend = await this.#backend();
        const signed = await this.#line.runPiped(() => this.#used(() => backend.sign(uri, request)));
        assertSignatureFits(signed, request);
        this.#keepCompiledCode();
        return { signature: base64(signed.signature) };
      }),
    };
  }

  /** A method that takes its turn; what uses a login puts the idle lock off. */
  #method<I, O>(
    input: z.ZodType<I>,
    run: (input: I) => Promise<O>,
    use: 'counts' | 'silent' = 'silent',
  ): ProgramMethod<unknown, unknown> {
    return programMethod(input, (value: I) =>
      this.#line.run(() => (use === 'counts' ? this.#used(() => run(value)) : run(value))),
    );
  }

  async #used<O>(run: () => Promise<O>): Promise<O> {
    try {
      return await run();
    } finally {
      this.#idle.restart();
    }
  }

  /** Goes on while the PIN is sealed. */
  #prepare(): void {
    this.#line.run(async () => (await this.#backend()).prepare()).catch(() => undefined);
  }

  async #lockIdle(): Promise<void> {
    const backend = await this.#backend();
    const tokens = [...backend.unlocked()];
    if (tokens.length === 0) return;
    await backend.lock(null);
    this.emit(idleLockedName, { tokens });
  }

  #backend(): Promise<TokenBackend> {
    this.#opening ??= openBackend(this.#target);
    return this.#opening;
  }

  #diagnosis(): Promise<ModuleDiagnosis> {
    this.#diagnosing ??= import('../pkcs11/diagnosis.ts').then(
      ({ ModuleDiagnosis: Diagnosis }) => new Diagnosis(this.#target.module ?? ''),
    );
    return this.#diagnosing;
  }

  /** This program is killed, not ended, so what it has compiled is kept for the next start while it lives. */
  #keepCompiledCode(): void {
    if (this.#codeIsKept) return;
    this.#codeIsKept = true;
    setImmediate(() => flushCompileCache());
  }
}
