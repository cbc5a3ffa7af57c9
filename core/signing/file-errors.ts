import { basename } from 'node:path';
import { AnThuError } from '../shared/errors.ts';

/** Runs a writing step; what the system says against it becomes `signing.write-failed`. */
export async function wrapWriteErrors<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof AnThuError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AnThuError('signing.write-failed', { path: basename(path), reason }, { cause });
  }
}
