import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openObject, sendFrom } from './object-source.ts';
import { sha256Hex } from './protocol.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'an-thu-object-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

it('a file that changes while it is sent never leaves whole', async () => {
  const content = Buffer.alloc(1_000_000, 'a sealed scan ');
  const path = join(dir, 'sealed.pdf');
  writeFileSync(path, content);
  const object = { sha256: sha256Hex(content), path, bytes: content.length };
  const file = await openObject(object);
  let sent = 0;
  const sending = (async () => {
    for await (const chunk of sendFrom(file, object, 0)) {
      if (sent === 0) writeFileSync(path, Buffer.alloc(1_000_000, 'another content'));
      sent += chunk.length;
    }
  })();
  await expect(sending).rejects.toMatchObject({ code: 'sync.object-changed' });
  expect(sent).toBeLessThan(content.length);
  await file.close();
});
