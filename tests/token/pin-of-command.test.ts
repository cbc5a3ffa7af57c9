import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parseCommand } from '../../core/engine/cli/arguments.ts';
import { endStarted, startHostFor } from '../../core/engine/cli/early-host.ts';
import { pinOptions, readPin } from '../../core/engine/cli/pin.ts';

// What Linux shows of a process in /proc.
const folder = mkdtempSync(join(tmpdir(), 'an-thu-pin-of-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a command that has read a PIN leaves no memory in a core dump', async () => {
  const filter = '/proc/self/coredump_filter';
  const before = readFileSync(filter, 'utf8').trim();
  const file = join(folder, 'pin');
  writeFileSync(file, '123456', { mode: 0o600 });
  try {
    writeFileSync(filter, '0x33');
    await readPin(parseCommand(['--pin-file', file], pinOptions));
    expect(Number.parseInt(readFileSync(filter, 'utf8'), 16)).toBe(0);
  } finally {
    writeFileSync(filter, `0x${before}`);
  }
});

test.each([[['--pin-env', 'AN_THU_EARLY_PIN']], [['--pin-env=AN_THU_EARLY_PIN']]])(
  'the token host that starts ahead has no PIN in its environment: %j',
  (words) => {
    process.env['AN_THU_EARLY_PIN'] = 'mat-khau-som';
    const key = 'pkcs11:token=an-thu?module-path=/usr/lib/khong-co.so';
    const host = startHostFor(['a.pdf', '--key', key, ...words]);
    try {
      const environment = readFileSync(`/proc/${host?.child.pid}/environ`, 'utf8');
      expect(environment).toContain('PATH=');
      expect(environment).not.toContain('mat-khau-som');
      // The command itself still reads it.
      expect(process.env['AN_THU_EARLY_PIN']).toBe('mat-khau-som');
    } finally {
      delete process.env['AN_THU_EARLY_PIN'];
      if (host) endStarted(host);
    }
  },
);
