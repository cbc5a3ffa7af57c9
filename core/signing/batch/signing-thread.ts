import { parentPort, workerData } from 'node:worker_threads';
import type { KeyDescription, SigningKey, SignRequest } from '../../ports/signing-key.ts';
import { strictAssert } from '../../shared/assert.ts';
import { type AnThuError, fromErrorValue, toErrorValue } from '../../shared/errors.ts';
import { verifyPdf } from '../../verification/verify-pdf.ts';
import { signPdf } from '../sign-pdf.ts';
import type { CrewFile, CrewSetup, FromThread, ToThread } from './crew-messages.ts';
import { assertOwnSignature } from './own-signature.ts';

/*
 * One thread of a signing crew: everything that is to be done for a file but the signature itself, which the main thread
 * asks of the token. Several files are in hand at once, so that reading and judging one hides waiting for another.
 */
strictAssert(parentPort, 'runs as a thread of a signing crew');
const port = parentPort;
const setup = workerData as CrewSetup;

/** What a file waits for: its key first, then its signature. */
interface Waiting {
  readonly key: PromiseWithResolvers<KeyDescription>;
  signature: PromiseWithResolvers<Uint8Array> | undefined;
}

const files = new Map<number, Waiting>();
let lastKey: KeyDescription | undefined;

function say(message: FromThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  port.postMessage(message);
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'file') {
    void sign(message.id, message.file, message.key && lastKey);
    return;
  }
  const waiting = files.get(message.id);
  if (message.kind === 'key') {
    if (message.key !== 'same') lastKey = message.key;
    if (lastKey) waiting?.key.resolve(lastKey);
  } else if (message.kind === 'signature') waiting?.signature?.resolve(message.signature);
  else refuse(waiting, fromErrorValue(message.error));
});

/** All threads write into the same few folders; one sync serves them all. */
const leftToTheCrew = async (): Promise<void> => undefined;

function refuse(waiting: Waiting | undefined, error: AnThuError): void {
  if (waiting?.signature) waiting.signature.reject(error);
  else waiting?.key.reject(error);
}

async function sign(id: number, file: CrewFile, key: KeyDescription | undefined): Promise<void> {
  const waiting: Waiting = { key: Promise.withResolvers(), signature: undefined };
  if (key) waiting.key.resolve(key);
  waiting.key.promise.catch(() => undefined); // signPdf waits for it, unless the file fails before
  files.set(id, waiting);
  try {
    const signed = await signPdf({
      ...file,
      level: 'B-B',
      key: waiting.key.promise.then((told) => remoteKey(id, waiting, told)),
      syncName: leftToTheCrew,
      verify: async (path, readBack) => {
        const report = await verifyPdf(path, { ...setup, now: new Date() }, readBack);
        assertOwnSignature(report);
        return report;
      },
    });
    say({ kind: 'signed', id, signed });
  } catch (thrown) {
    say({ kind: 'failed', id, error: toErrorValue(thrown) });
  } finally {
    files.delete(id);
  }
}

function remoteKey(id: number, waiting: Waiting, key: KeyDescription): SigningKey {
  return {
    ...key,
    sign: (request: SignRequest) => {
      waiting.signature = Promise.withResolvers();
      say({ kind: 'sign', id, request });
      return waiting.signature.promise;
    },
  };
}
