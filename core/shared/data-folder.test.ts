import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultDataFolder } from './data-folder.ts';

const home = join('/', 'home', 'hoa');

test('the data folder stays on this machine, in the place of the platform', () => {
  expect(defaultDataFolder({ platform: 'linux', env: {}, home })).toBe(
    join(home, '.local', 'share', 'an-thu'),
  );
  expect(defaultDataFolder({ platform: 'linux', env: { XDG_DATA_HOME: '/d' }, home })).toBe(
    join('/d', 'an-thu'),
  );
  expect(defaultDataFolder({ platform: 'darwin', env: {}, home })).toBe(
    join(home, 'Library', 'Application Support', 'An Thu'),
  );
  expect(defaultDataFolder({ platform: 'win32', env: { LOCALAPPDATA: '/l' }, home })).toBe(
    join('/l', 'An Thu'),
  );
});

test('an administrator may name another', () => {
  expect(defaultDataFolder({ platform: 'linux', env: { AN_THU_DATA: '/srv/kho' }, home })).toBe('/srv/kho');
});
