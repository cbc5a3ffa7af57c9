import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { digestInfo } from '../../native/pkcs11/signature-formats.ts';
import type { SoftHsm } from '../lib/softhsm.ts';
import { timed } from './statistics.ts';

/**
 * What `count` signatures take in a bare loop around C_SignInit and C_Sign in one session (the callback and promise kinds are
 * slower). Sets SOFTHSM2_CONF of this process, which SoftHSM2 reads when it is loaded.
 */
export async function bareSignatures(hsm: SoftHsm, count: number): Promise<{ ms: number; cpuMs: number }> {
  process.env['SOFTHSM2_CONF'] = hsm.env.SOFTHSM2_CONF;
  const { default: pkcs11js } = await import('pkcs11js');
  const module = new pkcs11js.PKCS11();
  module.load(hsm.modulePath);
  module.C_Initialize({ flags: pkcs11js.CKF_OS_LOCKING_OK });
  try {
    const slot = module
      .C_GetSlotList(true)
      .find((id) => module.C_GetTokenInfo(id).label.trim() === hsm.tokenLabel);
    if (!slot) throw new Error('the token is not there');
    const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
    module.C_Login(session, pkcs11js.CKU_USER, hsm.pin);
    module.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_PRIVATE_KEY }]);
    const [key] = module.C_FindObjects(session, 1);
    module.C_FindObjectsFinal(session);
    if (!key) throw new Error('the key is not there');
    const input = Buffer.from(digestInfo('sha256', createHash('sha256').update('bench').digest()));
    return await timed(() => {
      for (let i = 0; i < count; i++) {
        module.C_SignInit(session, { mechanism: pkcs11js.CKM_RSA_PKCS }, key);
        module.C_Sign(session, input, Buffer.alloc(1024));
      }
    });
  } finally {
    module.C_Finalize();
    module.close();
  }
}

/** What each of the two workers does with its half of the files. */
const workerSource = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { createHash } = require('node:crypto');
  const fs = require('node:fs');
  const { files } = workerData;
  parentPort.once('message', () => {
    for (const { input, output } of files) {
      const bytes = fs.readFileSync(input);
      createHash('sha256').update(bytes).digest();
      const file = fs.openSync(output, 'w');
      fs.writeSync(file, bytes);
      fs.fsyncSync(file);
      fs.closeSync(file);
    }
    parentPort.postMessage('done');
  });
`;

/** A file, and what is made of it. */
export interface InOut {
  readonly input: string;
  readonly output: string;
}

/** What two bare workers take to read, hash, write and fsync all the files; the workers' own start is left out. */
export async function bareFiles(files: readonly InOut[]): Promise<{ ms: number; cpuMs: number }> {
  const workers = [0, 1].map(
    (half) =>
      new Worker(workerSource, {
        eval: true,
        workerData: { files: files.filter((_, index) => index % 2 === half) },
      }),
  );
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('online', resolve))));
  const taken = await timed(() =>
    Promise.all(
      workers.map((worker) => {
        const done = new Promise((resolve) => worker.once('message', resolve));
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage('go');
        return done;
      }),
    ),
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
  return taken;
}
