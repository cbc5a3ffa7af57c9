import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('however many lanes a process has had, one listener waits for its end', () => {
  // In a process of its own: it ends itself with SIGKILL, as a host with a thread in a driver must.
  const words = `
    import { writeSync } from 'node:fs';
    import { SigningLane } from ${JSON.stringify(new URL('signing-lane.ts', import.meta.url).href)};
    const before = process.listenerCount('exit');
    for (let i = 0; i < 3; i++) new SigningLane('/no/such/module.so');
    writeSync(1, String(process.listenerCount('exit') - before));
    process.kill(process.pid, 'SIGKILL');
  `;
  let printed = '';
  try {
    printed = execFileSync(process.execPath, ['--input-type=module', '--eval', words], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (ended) {
    printed = String((ended as { stdout?: unknown }).stdout);
  }
  expect(printed).toBe('1');
});
