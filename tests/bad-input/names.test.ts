import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { displayName } from '../../core/shared/file-names.ts';
import { letterPdf } from '../kill/stimuli.ts';
import { Office } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await Office.create();
});
afterAll(() => office.close());

const names: readonly (readonly [string, string])[] = [
  ['a line break and an escape sequence', 'công\nvăn\u001b[31m.pdf'],
  ['a right-to-left override', 'hoa-don\u202Efdp.exe.pdf'],
  ['a Windows device', 'CON.pdf'],
  ['a Windows stream', 'cong-van.pdf:ẩn.pdf'],
  ['a trailing dot and space', 'cong-van. .pdf. '],
  ['255 bytes', `${'ấ'.repeat(83)}xx.pdf`],
  ['decomposed letters', 'cộng hòa.pdf'.normalize('NFD')],
  ['quotes and a command', `"; rm -rf $HOME; '.pdf`],
  ['a percent sequence', '%2e%2e%2fcong-van.pdf'],
];

describe('a hostile file name', () => {
  it.for(names)('with %s is taken in, shown without harm and gone from the folder', async ([, name]) => {
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    const bytes = await letterPdf(names.findIndex(([, other]) => other === name) + 500);
    await office.drop(name, bytes);
    const item = await office.item(displayName(name));
    expect(item.state, item.error?.message).toBe('proposed');
    expect(item.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    // oxlint-disable-next-line no-control-regex -- that is what must not be there
    expect(item.originalName).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
    expect(readdirSync(office.workplace.scanFolder)).not.toContain(name);
    const { path } = await office.engine.call('document.object-path', { sha256: item.sha256 });
    expect(path.startsWith(join(office.workplace.dataDir, 'objects'))).toBe(true);
  });
});
