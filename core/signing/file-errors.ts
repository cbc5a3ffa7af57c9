import { basename } from 'node:path';
import { AnThuError } from '../shared/errors.ts';
import { outputNameOf } from './part-name.ts';

/** Runs a writing step; what the system says against it becomes `signing.write-failed`. */
export async function wrapWriteErrors<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    throw asWriteFailure(path, cause);
  }
}

/** What the system said against a writing step, as `signing.write-failed`; errors of ours stay what they are. */
export function asWriteFailure(path: string, cause: unknown): AnThuError {
  if (cause instanceof AnThuError) return cause;
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new AnThuError('signing.write-failed', { path: outputNameOf(basename(path)), reason }, { cause });
}
