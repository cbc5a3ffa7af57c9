import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createHttpConnector } from '../../core/sync/http-connector.ts';
import { officeSchema } from '../../scripts/provincial-server/context.ts';

const main = fileURLToPath(new URL('../../scripts/provincial-server/main.ts', import.meta.url));

it('the server of the command line makes sample offices, serves them and ends on SIGTERM', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'an-thu-province-'));
  const child = spawn(process.execPath, [main, '--dir', dir], { stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    let warning = '';
    child.stderr.on('data', (chunk: Buffer) => (warning += chunk.toString()));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const started = z
      .object({ url: z.string(), testPartner: z.literal(true), offices: z.string() })
      .parse(JSON.parse(line.toString()));
    const offices = z.array(officeSchema).parse(JSON.parse(readFileSync(started.offices, 'utf8')));
    const [office] = offices;
    if (!office) throw new Error('no sample office');
    const connector = createHttpConnector({
      baseUrl: started.url,
      officeId: office.officeId,
      secret: office.secret,
    });
    expect((await connector.listInbox()).items).toEqual([]);
    expect(warning).toContain('THỬ NGHIỆM');
    expect(line.toString()).not.toContain(office.secret);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  } finally {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
});
