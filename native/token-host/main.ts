import { parseArgs } from 'node:util';
import { z } from 'zod';
import { programMethod, serveProgram } from '../../core/shared/program-server.ts';
import { Pkcs11Backend } from '../pkcs11/backend.ts';
import { SoftTokenBackend } from '../soft-token/backend.ts';
import { IdleTimer } from './idle-timer.ts';
import { PinKeys } from './pin-keys.ts';
import { idleLockedName, lockInput, signInput, unlockInput, uriInput } from './protocol.ts';
import { SerialQueue } from './serial-queue.ts';

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

const idleLockMs = z.coerce.number().int().positive().parse(values['idle-lock-ms']);
const backend = values.module ? new Pkcs11Backend(values.module) : new SoftTokenBackend(values.soft ?? []);
const pinKeys = new PinKeys();
const queue = new SerialQueue();
const idle = new IdleTimer(idleLockMs, () => queue.run(lockIdle));

async function lockIdle(): Promise<void> {
  const tokens = [...backend.unlocked()];
  if (tokens.length === 0) return;
  await backend.lock(null);
  emit(idleLockedName, { tokens });
}

/** A method that takes its turn; those that use a login put the idle lock off. */
function method<I, O>(
  input: z.ZodType<I>,
  run: (input: I) => Promise<O>,
  use: 'counts' | 'silent' = 'silent',
) {
  return programMethod(input, async (value: I) => {
    return await queue.run(async () => {
      try {
        return await run(value);
      } finally {
        if (use === 'counts') idle.restart();
      }
    });
  });
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
    async ({ uri, sealedPin, lastTry }) => {
      const openPin = sealedPin && (() => pinKeys.open(sealedPin, uri));
      const token = await backend.unlock({ uri, openPin, lastTry });
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
  sign: method(
    signInput,
    async ({ uri, digest, ...request }) => ({
      signature: base64(await backend.sign(uri, { ...request, digest: Buffer.from(digest, 'base64') })),
    }),
    'counts',
  ),
});
