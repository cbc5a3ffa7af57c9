import type { SigningKey } from '../../ports/signing-key.ts';
import { type AnThuError, asAnThuError } from '../../shared/errors.ts';
import { endsBatch, TokenGate, type TokenTimes } from './token-gate.ts';

/** Files in hand at once: enough that one is always ready for the token, few enough for small memory. */
const DEFAULT_PARALLEL = 6;

/** Requests with the token at once: the one that it works on and two on their way. No more may fail when the token is lost. */
export const TOKEN_DEPTH = 3;

/** What became of one file. */
export type BatchState =
  /** Signed now. */
  | 'signed'
  /** Found finished from an earlier run. */
  | 'resumed'
  /** Tried and not signed; see the error. */
  | 'failed'
  /** The token was not asked for this file: it was gone, or the batch was cancelled before. */
  | 'not-tried';

export interface BatchResult<F, T> {
  readonly file: F;
  /** Place in the list of files. */
  readonly index: number;
  readonly state: BatchState;
  /** What `signOne` or `findFinished` gave. */
  readonly value?: T;
  readonly error?: AnThuError;
  readonly ms: number;
}

export interface BatchProgress<F, T> {
  /** Files with a result so far. */
  readonly done: number;
  readonly total: number;
  readonly result: BatchResult<F, T>;
}

export interface SignBatchOptions<F, T> {
  readonly files: readonly F[];
  /** Unlocked once for the whole batch; the first files are prepared while it is being unlocked. */
  readonly key: SigningKey | Promise<SigningKey>;
  /** Signs one file from beginning to end with the key it is given; leaves nothing behind when it throws. */
  readonly signOne: (file: F, key: Promise<SigningKey>) => Promise<T>;
  /** What an earlier run has finished; undefined for a file that is still to be signed. Throws when in doubt. */
  readonly findFinished?: (file: F) => Promise<T | undefined>;
  /** Files in hand at once (default 6); bounds the memory. */
  readonly parallel?: number;
  /** Cancels: files whose signature is under way are finished, no other is begun. */
  readonly signal?: AbortSignal;
  /** Told of each file as it finishes, in the order in which they finish. */
  readonly onProgress?: (progress: BatchProgress<F, T>) => void;
}

export interface BatchReport<F, T> {
  /** One for each file, in the order of the files. */
  readonly results: readonly BatchResult<F, T>[];
  /** Why the batch ended before its end. */
  readonly stopped?: AnThuError;
  readonly token: TokenTimes;
}

/**
 * Signs many files under one login (issue 3, item 7). Several files are in hand at once, so that the next are read and hashed and
 * earlier ones checked and published while the token works. A file that fails never stops the rest; a token that
 * fails does: what was not asked of it yet is `not-tried` (`signing.batch-token-gone`), no request is repeated. The
 * finished outputs are the journal of a batch: see `findFinished`. Never throws for a file.
 */
export async function signBatch<F, T>(options: SignBatchOptions<F, T>): Promise<BatchReport<F, T>> {
  const { files, key, signal, parallel = DEFAULT_PARALLEL } = options;
  const gate = new TokenGate({ key, depth: TOKEN_DEPTH, signal });
  const results: BatchResult<F, T>[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      const result = await runFile(files[index]!, index, gate, options);
      results[index] = result;
      options.onProgress?.({ done: ++done, total: files.length, result });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, files.length)) }, work));
  const stopped = results.some(({ state }) => state === 'not-tried')
    ? (gate.tokenError ?? gate.closed)
    : undefined;
  return { results, ...(stopped && { stopped }), token: gate.times };
}

async function runFile<F, T>(
  file: F,
  index: number,
  gate: TokenGate,
  { signOne, findFinished }: SignBatchOptions<F, T>,
): Promise<BatchResult<F, T>> {
  const started = performance.now();
  const end = (rest: Pick<BatchResult<F, T>, 'state' | 'value' | 'error'>): BatchResult<F, T> => ({
    file,
    index,
    ...rest,
    ms: Math.round(performance.now() - started),
  });
  if (gate.closed) return end({ state: 'not-tried', error: gate.closed });
  try {
    const finished = await findFinished?.(file);
    if (finished !== undefined) return end({ state: 'resumed', value: finished });
    if (gate.closed) return end({ state: 'not-tried', error: gate.closed });
    return end({ state: 'signed', value: await signOne(file, gate.key) });
  } catch (thrown) {
    const error = asAnThuError(thrown);
    if (error.code === 'signing.batch-token-gone' || error.code === 'signing.batch-cancelled')
      return end({ state: 'not-tried', error });
    if (endsBatch(error)) gate.close(error);
    return end({ state: 'failed', error });
  }
}
