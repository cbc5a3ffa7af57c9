import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { shortenTexts } from './long-texts.ts';

const long = Buffer.alloc(80_000, 'Ab1+').toString('latin1');
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('base64');

it('stands a mark for long base64, and digests as though it stood there itself', () => {
  const document = `<a x="1"><b>${long}</b><c>Số</c><b>${long}\n${long}=</b></a>`;
  const shortened = shortenTexts(Buffer.from(document));
  expect(shortened.text.length).toBeLessThan(300);
  expect(shortened.digest('sha256', shortened.text)).toBe(sha256(document));
  // A part alone, as a canonical form of a reference has it.
  const part = /<b>.*?<\/b>/.exec(shortened.text)?.[0] ?? '';
  expect(shortened.digest('sha256', part)).toBe(sha256(`<b>${long}</b>`));
});

it('line ends are digested as a parser hands them on', () => {
  const shortened = shortenTexts(Buffer.from(`<a>${long}\r\n${long}\r${long}</a>`));
  expect(shortened.digest('sha256', shortened.text)).toBe(sha256(`<a>${long}\n${long}\n${long}</a>`));
});

it.each([
  ['short text', `<a>${'A'.repeat(60_000)}</a>`],
  ['an entity', `<a>${long}&amp;${long}</a>`],
  ['letters beyond base64', `<a>${long}ố</a>`],
  ['an attribute', `<a x="${long}"></a>`],
])('%s stays as it is', (_name, document) => {
  expect(shortenTexts(Buffer.from(document)).text).toBe(document);
});

it('what looks like a mark of another document is text', () => {
  const document = shortenTexts(Buffer.from(`<a>${long}</a>`)).text;
  expect(shortenTexts(Buffer.from(document)).digest('sha256', document)).toBe(sha256(document));
});
