import { join, sep } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundlePath } from './bundle-path.ts';

const root = join('/', 'srv', 'renderer');

test('names files of the build', () => {
  expect(bundlePath(root, '/')).toBe(join(root, 'index.html'));
  expect(bundlePath(root, '/assets/main-B1_x.js')).toBe(join(root, 'assets', 'main-B1_x.js'));
});

test('refuses every way upwards or aside', () => {
  for (const path of [
    '/..',
    '/../x',
    '/a/../../x',
    '/%2e%2e/x',
    '/..%2fx',
    '/..%5cx',
    '/a\\..\\x',
    '/a/./x',
    '//etc/passwd',
    '/c:/x',
    '/x::$DATA',
    '/%00',
    '/a%0a',
    '/%E0%A4%A',
    '/.env',
    'x',
    '',
  ]) {
    expect([path, bundlePath(root, path)]).toEqual([path, undefined]);
  }
});

test('never leaves the folder, whatever is asked', () => {
  const piece = fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', '%5c', 'a', ':', '%', '%00', '~');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const path = bundlePath(root, `/${pieces.join('')}`);
      return path === undefined || path.startsWith(`${root}${sep}`);
    }),
  );
});
