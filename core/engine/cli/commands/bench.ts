import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AnThuError } from '../../../shared/errors.ts';
import type { Outcome } from '../output.ts';

/**
 * `an-thu bench [NAME…]`: the benchmarks live in a checkout only (scripts/bench, with what they need to make samples)
 * and run in a process of their own that writes to our output. Fails with `general.usage` outside a checkout.
 */
export async function benchCommand(argv: readonly string[]): Promise<Outcome> {
  const script = findScript(import.meta.dirname);
  if (script === undefined) {
    throw new AnThuError('general.usage', {
      reason: 'lệnh bench chỉ chạy trong thư mục mã nguồn (cần scripts/bench)',
    });
  }
  const child = spawn(process.execPath, [script, ...argv], { stdio: ['ignore', 'inherit', 'inherit'] });
  const status = await new Promise<number>((end, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => end(code ?? 70));
  });
  return { json: undefined, text: [], status };
}

/** scripts/bench/main.ts in the folder of the bundle or of the source, or in one above. */
function findScript(folder: string): string | undefined {
  const script = join(folder, 'scripts/bench/main.ts');
  if (existsSync(script)) return script;
  const parent = dirname(folder);
  return parent === folder ? undefined : findScript(parent);
}
