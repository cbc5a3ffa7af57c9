import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import en from '../../resources/messages/en.json' with { type: 'json' };
import vi from '../../resources/messages/vi.json' with { type: 'json' };
import { messages as shellMessages } from '../../electron/messages.ts';
import { translator } from '../../renderer/i18n/catalogue.ts';

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)
      ? [readFileSync(path, 'utf8')]
      : [];
  });

/** Names that are the same in every language. */
const allowed = ['Ấn Thư', 'Tiếng Việt', '[đĐ]'];

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

test('Vietnamese and English have the same messages with the same values', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
  const differing = Object.entries(vi).filter(
    ([key, text]) => placeholders(text).join() !== placeholders(en[key as keyof typeof en]).join(),
  );
  expect(differing).toEqual([]);
});

test('what the shell says, it says in both languages with the same values', () => {
  const differing = Object.entries(shellMessages).filter(
    ([, said]) => placeholders(said.vi).join() !== placeholders(said.en).join(),
  );
  expect(differing).toEqual([]);
});

test('no message is unused', () => {
  const unusedIn = (folder: string, keys: readonly string[]): string[] => {
    const code = sources(folder)
      .join('\n')
      .replaceAll(/^ +'[\w.-]+': \{/gm, '');
    return keys.filter((key) => !code.includes(`'${key}'`) && !code.includes(`"${key}"`));
  };
  expect(unusedIn('renderer', Object.keys(vi))).toEqual([]);
  expect(unusedIn('electron', Object.keys(shellMessages))).toEqual([]);
});

test('texts for people stand in the catalogue, not in the code', () => {
  const withMarks = [...sources('renderer'), ...sources('electron')]
    .filter((text) => !text.includes('export const messages = {'))
    .flatMap((text) => text.split('\n'))
    .filter((line) => /[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]/.test(line))
    .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line));
  const foreign = withMarks.filter((line) => !allowed.some((word) => line.includes(word)));
  expect(foreign.map((line) => line.trim())).toEqual([]);
});

test('values are put in their places', () => {
  const t = translator('vi');
  expect(t('duplicate.same-document', { n: 12, d: '05/11/2026' })).toBe(
    'Văn bản có thể trùng: cùng số, ký hiệu và cơ quan ban hành với số đến 12 ngày 05/11/2026.',
  );
});
