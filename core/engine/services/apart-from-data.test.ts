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
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function refusalOf(output: string): Promise<AnThuError> {
  const outcome: unknown = await refuseInsideData(join(home, 'data'), output).catch(
    (error: unknown) => error,
  );
  return outcome as AnThuError;
}

it('refuses an output in the data folder and says why in the language of who asks', async () => {
  const output = join(home, 'data', 'so.pdf');
  const { code, detail } = await refusalOf(output);
  expect(code).toBe('general.invalid-input');
  expect(sentenceFor('general.invalid-input', detail)).toContain(`${output} nằm trong thư mục dữ liệu`);
  expect(sentenceFor('general.invalid-input', detail, 'en')).toContain(`${output} lies in the data folder`);
});

it('refuses it behind a link, too', async () => {
  symlinkSync(join(home, 'data'), join(home, 'link'));
  expect(await refusalOf(join(home, 'link', 'so.pdf'))).toMatchObject({ code: 'general.invalid-input' });
});

it('takes one in a neighbour whose name begins alike', async () => {
  await refuseInsideData(join(home, 'data'), join(home, 'data-2', 'so.pdf'));
});
