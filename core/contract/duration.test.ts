import { expect, test } from 'vitest';
import { durationInWords } from './duration.ts';

test.each([
  ['100', '1 giây', '1 second'],
  ['30000', '30 giây', '30 seconds'],
  ['61500', '1 phút 2 giây', '1 minute 2 seconds'],
  ['180000', '3 phút', '3 minutes'],
  ['?', '?', '?'],
])('%s ms are «%s»', (milliseconds, vi, en) => {
  expect([durationInWords(milliseconds, 'vi'), durationInWords(milliseconds, 'en')]).toEqual([vi, en]);
});
