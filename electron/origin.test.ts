import { expect, test } from 'vitest';
import { isOurUrl } from './origin.ts';

test('our own page is ours', () => {
  for (const url of ['app://bundle/', 'app://bundle/index.html#/inbox', 'app://bundle/object/ab?x=1']) {
    expect([url, isOurUrl(url)]).toEqual([url, true]);
  }
});

test('what only looks like it is not', () => {
  for (const url of [
    'app://bundle.evil/',
    'app://evil/bundle/',
    'app://x@bundle/',
    'app://x:y@bundle/',
    'app://bundle:81/',
    'app:bundle/',
    'app:///bundle/',
    'https://bundle/',
    'https://evil.example/?next=app://bundle/',
    'https://evil.example/#app://bundle/',
    'apps://bundle/',
    'file:///app://bundle/',
    'javascript:app://bundle/',
    'blob:app://bundle/1',
    'about:blank',
    '',
    'bundle',
  ]) {
    expect([url, isOurUrl(url)]).toEqual([url, false]);
  }
});
