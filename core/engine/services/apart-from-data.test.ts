import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sentenceFor } from '../../contract/sentences.ts';
import type { AnThuError } from '../../shared/errors.ts';
import { refuseInsideData } from './apart-from-data.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'an-thu-apart-'));
  mkdirSync(join(home, 'data'));
  symlinkSync(join(home, 'data'), join(home, 'link'), 'junction');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('refuses an output in the data folder, through a link too, and says why in the language of who asks', async () => {
  await refuseInsideData(join(home, 'data'), join(home, 'data-2', 'so.pdf'));
  const output = join(home, 'link', 'so.pdf');
  const error: unknown = await refuseInsideData(join(home, 'data'), output).catch(
    (thrown: unknown) => thrown,
  );
  const { code, detail } = error as AnThuError;
  expect(code).toBe('general.invalid-input');
  expect(sentenceFor('general.invalid-input', detail)).toContain(`${output} nằm trong thư mục dữ liệu`);
  expect(sentenceFor('general.invalid-input', detail, 'en')).toContain(`${output} lies in the data folder`);
});
