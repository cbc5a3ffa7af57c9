import { expect, test } from 'vitest';
import { feedIsChecked } from './feed-check.ts';

const packed = (publisher: string): string =>
  `provider: generic\nurl: https://updates.invalid/an-thu\n${publisher}updaterCacheDirName: an-thu-updater\n`;

test.each([
  ['names nobody', packed('')],
  ['names nobody after all', packed('publisherName:\n')],
  ['has an empty list', packed('publisherName: []\n')],
  ['is not there', undefined],
])('on Windows a feed is not asked where the package %s: its installers would run unchecked', (_, text) => {
  expect(feedIsChecked('win32', text)).toBe(false);
});

test.each([
  ['a name', packed('publisherName: Ấn Thư\n')],
  ['a list', packed('publisherName:\r\n  - Ấn Thư\r\n')],
  ['a list in one line', packed('publisherName: [An Thu]\n')],
])('on Windows a package that gives %s lets its signature be checked', (_, text) => {
  expect(feedIsChecked('win32', text)).toBe(true);
});

test('elsewhere only an administrator can name a feed', () => {
  expect(feedIsChecked('linux', undefined)).toBe(true);
});
