import { expect, it } from 'vitest';
import { columnSeparator } from './column-separator.ts';

it.each([
  ['vi', 'semicolon'],
  ['vi-VN', 'semicolon'],
  ['de-DE', 'semicolon'],
  ['en-US', 'comma'],
  ['en-GB', 'comma'],
])('a spreadsheet under %s takes a %s between columns', (locale, separator) => {
  expect(columnSeparator(locale)).toBe(separator);
});
