import { expect, test } from 'vitest';
import { mediaTypeOfName } from './media-type.ts';

test.each([
  ['cong-van.PDF', 'application/pdf'],
  ['phu luc.ký.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['khong-duoi', 'application/octet-stream'],
  ['ban-ve.constructor', 'application/octet-stream'],
])('the media type of %s is %s', (name, type) => {
  expect(mediaTypeOfName(name)).toBe(type);
});
