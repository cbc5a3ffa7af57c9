import { expect, test } from 'vitest';
import { hashOf, parseHash } from './parse-hash.ts';

test('an address names a screen and what it shows', () => {
  expect(parseHash('#/inbox')).toEqual({ route: 'inbox', id: null });
  expect(parseHash(hashOf('document', 'a b'))).toEqual({ route: 'document', id: 'a b' });
});

test('an unknown address, or a document without its id, leads to the scan inbox', () => {
  expect(parseHash('')).toEqual({ route: 'inbox', id: null });
  expect(parseHash('#/nowhere')).toEqual({ route: 'inbox', id: null });
  expect(parseHash('#/document')).toEqual({ route: 'inbox', id: null });
});
