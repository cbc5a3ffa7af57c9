import '../../core/shared/zod-jitless.ts';
import { flushCompileCache } from 'node:module';
import { setImmediate } from 'node:timers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { programMethod, serveProgram } from '../../core/shared/program-server.ts';
import type { ModuleDiagnosis } from '../pkcs11/diagnosis.ts';
import type { TokenBackend } from './backend.ts';
import { endWithParent, keepOutOfCoreDumps } from './guards.ts';
import { IdleTimer } from './idle-timer.ts';
import { PinKeys } from './pin-keys.ts';
import { idleLockedName, lockInput, signInput, unlockInput, uriInput } from './protocol.ts';
import { SerialQueue } from './serial-queue.ts';
import { assertSignatureFits } from './signature-check.ts';

/*
 * The token host: `--module FILE` for one PKCS#11 module, or `--soft FILE…` for PKCS#12 files. The only process
 * in which a PIN is ever readable; its parent kills it after the last lock (docs/decisions/token-host-and-pin-sealing.md).
 */
const { values } = parseArgs({
  options: {
    module: { type: 'string' },
    soft: { type: 'string', multiple: true },
    'idle-lock-ms': { type: 'string', default: '300000' },
  },
});

// Ctrl-C goes to every process of the terminal: the batch that is to end in order still needs its token. We end with our parent.
process.on('SIGINT', () => undefined);

keepOutOfCoreDumps();
endWithParent();

const idleLockMs = z.coerce.number().int().positive().parse(values['idle-lock-ms']);
const backend = await openBackend();
const pinKeys = new PinKeys();
const queue = new SerialQueue();
let diagnosing: Promise<ModuleDiagnosis> | undefined;
const idle = new IdleTimer(idleLockMs, () => queue.run(lockIdle));

/** Only the library of the kind in use is loaded: this program's start is part of every `an-thu sign`. */
async function openBackend(): Promise<TokenBackend> {
  if (values.module) {
    const { Pkcs11Backend } = await import('../pkcs11/backend.ts');
    return new Pkcs11Backend(values.module);
  }
  const { SoftTokenBackend } = await import('../soft-token/backend.ts');
  return new SoftTokenBackend(values.soft ?? []);
}

async function openDiagnosis(): Promise<ModuleDiagnosis> {
  const { ModuleDiagnosis } = await import('../pkcs11/diagnosis.ts');
  return new ModuleDiagnosis(values.module ?? '');
}

function diagnosis(): Promise<ModuleDiagnosis> {
  diagnosing ??= openDiagnosis();
  return diagnosing;
}

async function lockIdle(): Promise<void> {
  const tokens = [...backend.unlocked()];
  if (tokens.length === 0) return;
  await backend.lock(null);
  emit(idleLockedName, { tokens });
}

/** One after the other; what uses a login puts the idle lock off. */
function takeTurn<O>(run: () => Promise<O>, use: 'counts' | 'silent'): Promise<O> {
  return queue.run(async () => {
    try {
      return await run();
    } finally {
      if (use === 'counts') idle.restart();
    }
  });
}

/** A method that takes its turn. */
function method<I, O>(
  input: z.ZodType<I>,
  run: (input: I) => Promise<O>,
  use: 'counts' | 'silent' = 'silent',
) {
  return programMethod(input, (value: I) => takeTurn(() => run(value), use));
}

let codeIsKept = false;

/** This program is killed, not ended, so what it has compiled is kept for the next start while it lives. */
function keepCompiledCode(): void {
  codeIsKept = true;
  setImmediate(() => flushCompileCache());
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const emit = serveProgram({
  list: method(z.object({}), async () => await backend.list()),
  presence: method(z.object({}), async () => {
    const present = await backend.presence();
    return { present, unlocked: backend.unlocked() };
  }),
  pinKey: method(uriInput, async ({ uri }) => pinKeys.create(uri)),
  unlock: method(
    unlockInput,
    async ({ uri, sealedPin, lastTry, failedTries }) => {
      const openPin = sealedPin && (() => pinKeys.open(sealedPin, uri));
      const token = await backend.unlock({ uri, openPin, lastTry, failedTries });
      return { token, unlocked: backend.unlocked() };
    },
    'counts',
  ),
  lock: method(lockInput, async ({ uri }) => {
    await backend.lock(uri);
    return { unlocked: backend.unlocked() };
  }),
  unlocked: method(z.object({}), async () => ({ unlocked: backend.unlocked() })),
  key: method(uriInput, async ({ uri }) => {
    const key = await backend.describe(uri);
    return { ...key, certificate: base64(key.certificate), chain: key.chain.map(base64) };
  }),
  // What a module says about itself and its tokens without a PIN; asked of a host that is started for nothing else.
  diagnoseModule: method(z.object({}), async () => await (await diagnosis()).info()),
  diagnoseSlots: method(z.object({}), async () => await (await diagnosis()).slots()),
  sign: programMethod(signInput, async ({ uri, digest, ...rest }) => {
    const request = { ...rest, digest: Buffer.from(digest, 'base64') };
    const signed = await takeTurn(() => backend.sign(uri, request), 'counts');
    assertSignatureFits(signed, request);
    if (!codeIsKept) keepCompiledCode();
    return { signature: base64(signed.signature) };
  }),
});
