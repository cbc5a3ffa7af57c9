import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sealPin } from '../../core/contract/seal-pin.ts';
import { createNodeSpawner } from '../../core/engine/hosts/node-spawner.ts';
import type { ProgramHandle, ProgramSpawner } from '../../core/ports/program-spawner.ts';
import type { SignatureScheme, SigningKey } from '../../core/ports/signing-key.ts';
import type { TokenService, UnlockOptions } from '../../core/ports/token-service.ts';
import { AnThuError } from '../../core/shared/errors.ts';

/** The Node spawner, with every message to and from the hosts and every live process on record. */
export function recordingSpawner(): ProgramSpawner & {
  readonly traffic: unknown[];
  readonly handles: ProgramHandle[];
} {
  const inner = createNodeSpawner();
  const traffic: unknown[] = [];
  const handles: ProgramHandle[] = [];
  return {
    traffic,
    handles,
    spawn(name, options) {
      const handle = inner.spawn(name, options);
      handles.push(handle);
      handle.onMessage((message) => traffic.push(message));
      return {
        get pid() {
          return handle.pid;
        },
        post: (message) => {
          traffic.push(message);
          handle.post(message);
        },
        onMessage: (listener) => handle.onMessage(listener),
        onExit: (listener) => handle.onExit(listener),
        kill: () => handle.kill(),
      };
    },
  };
}

/** What a page or the command line does: ask for a one-time key, seal the PIN, unlock. */
export async function unlock(
  tokens: TokenService,
  uri: string,
  pin: string,
  options?: UnlockOptions,
): Promise<void> {
  await tokens.unlock(uri, await sealPin(await tokens.pinKey(uri), pin), options);
}

export const message = Buffer.from('Văn bản thử nghiệm');

export async function signMessage(
  key: SigningKey,
  scheme: SignatureScheme,
  digestAlgorithm: 'sha256' | 'sha384' = 'sha256',
): Promise<Uint8Array> {
  const digest = createHash(digestAlgorithm).update(message).digest();
  return await key.sign({ scheme, digestAlgorithm, digest });
}

/** The code of the error that a promise ends with; fails when it does not fail. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof AnThuError) return thrown.code;
    throw thrown;
  }
  throw new Error('expected an error');
}

/** Waits until it is so; `ms` is a guard against hanging. */
export async function until(condition: () => boolean, ms = 60_000): Promise<void> {
  const end = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whether the process runs; one that ended and that nobody has collected yet does not. */
export function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
