import { expect, it } from 'vitest';
import { columnSeparator } from './column-separator.ts';

it.each([
  ['vi', 'semicolon'],
  ['vi-VN', 'semicolon'],
  ['de-DE', 'semicolon'],
  ['en-US', 'comma'],
  ['en-GB', 'comma'],
  ['en-US@posix', 'comma'],
  ['vi-VN@rg=vnzzzz', 'semicolon'],
  ['vi_VN.UTF-8', 'semicolon'],
])('a spreadsheet under %s takes a %s between columns', (locale, separator) => {
  expect(columnSeparator(locale)).toBe(separator);
});

it.each(['', 'C', 'POSIX', '*'])(
  'a system that calls its locale «%s» keeps nobody from a CSV file',
  (locale) => {
    expect(['comma', 'semicolon']).toContain(columnSeparator(locale));
  },
);
