import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a result that has no form between processes fails its call, and the program goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'an-thu-program-'));
  const program = join(folder, 'program.ts');
  writeFileSync(
    program,
    `import { z } from ${JSON.stringify(import.meta.resolve('zod'))};
     import { programMethod, serveProgram } from ${JSON.stringify(new URL('./program-server.ts', import.meta.url).href)};
     serveProgram({
       closure: programMethod(z.null(), () => () => undefined),
       number: programMethod(z.null(), () => 7),
     });`,
  );
  const child = fork(program, { serialization: 'advanced', execArgv: [], stdio: 'inherit' });
  try {
    const heard = new Map<number, unknown>();
    const all = new Promise<void>((resolve) => {
      child.on('message', (message) => {
        for (const reply of [message].flat()) heard.set((reply as { id: number }).id, reply);
        if (heard.size === 3) resolve();
      });
    });
    // At one moment: their answers would go together.
    for (const [id, method] of ['number', 'closure', 'number'].entries())
      child.send({ id, method, params: null });
    await Promise.race([all, once(child, 'exit')]);
    expect([0, 1, 2].map((id) => heard.get(id))).toMatchObject([
      { kind: 'result', value: 7 },
      { kind: 'error', error: { code: 'general.defect' } },
      { kind: 'result', value: 7 },
    ]);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
