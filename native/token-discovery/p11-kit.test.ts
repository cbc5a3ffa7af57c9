import { describe, expect, test } from 'vitest';
import { p11KitModules, type P11KitPlaces, parseP11KitFile } from './p11-kit.ts';

const system = '/usr/share/p11-kit/modules';
const user = '/home/lan/.config/pkcs11/modules';

function places(files: Readonly<Record<string, string>>): P11KitPlaces {
  return {
    read: (path) => files[path] ?? null,
    list: (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    userConfig: '/home/lan/.config',
    moduleFolders: ['/usr/lib/x86_64-linux-gnu/pkcs11', '/usr/lib/pkcs11'],
  };
}

const paths = (files: Readonly<Record<string, string>>): string[] =>
  p11KitModules(places(files)).map(({ path }) => path);

test('a file is names and values; comments stand on lines of their own', () => {
  const text =
    '\uFEFF# comment\r\n module : /usr/lib/x.so # not a comment\n\nnonsense\npriority: 3\npriority:4\n';
  expect([...parseP11KitFile(text)]).toEqual([
    ['module', '/usr/lib/x.so # not a comment'],
    ['priority', '4'],
  ]);
});

describe('the modules of p11-kit', () => {
  test('are found by absolute path, or by name in the module folder that holds them', () => {
    expect(
      paths({
        [`${system}/a.module`]: 'module: /opt/maker/a.so',
        [`${system}/b.module`]: 'module: b.so',
        [`${system}/c.module`]: 'module: c.so',
        '/usr/lib/pkcs11/c.so': '',
        [`${system}/notes.txt`]: 'module: /x.so',
      }),
    ).toEqual(['/opt/maker/a.so', '/usr/lib/x86_64-linux-gnu/pkcs11/b.so', '/usr/lib/pkcs11/c.so']);
  });

  test('come by priority, then by name', () => {
    expect(
      paths({
        [`${system}/a.module`]: 'module: /a.so',
        [`${system}/b.module`]: 'module: /b.so\npriority: 10',
        '/etc/pkcs11/modules/c.module': 'module: /c.so',
      }),
    ).toEqual(['/b.so', '/a.so', '/c.so']);
  });

  test('leave out what is blank, remote, trust policy, or for other programs', () => {
    expect(
      paths({
        [`${system}/blank.module`]: 'module:',
        [`${system}/remote.module`]: 'remote: |ssh host p11-kit remote x.so\nmodule: /r.so',
        [`${system}/trust.module`]: 'module: /t.so\ntrust-policy: yes',
        [`${system}/only.module`]: 'module: /o.so\nenable-in: ssh, firefox',
        [`${system}/ours.module`]: 'module: /ours.so\nenable-in: ssh an-thu',
        [`${system}/not.module`]: 'module: /n.so\ndisable-in: an-thu',
      }),
    ).toEqual(['/ours.so']);
  });

  test('of the user count only where the system says so, and override field by field', () => {
    const files = {
      [`${system}/a.module`]: 'module: /a.so\npriority: 5',
      [`${user}/a.module`]: 'module: /mine.so',
      [`${user}/b.module`]: 'module: /b.so',
    };
    const config = '/etc/pkcs11/pkcs11.conf';
    expect(paths(files)).toEqual(['/a.so']);
    expect(paths({ ...files, [config]: 'user-config: merge' })).toEqual(['/mine.so', '/b.so']);
    expect(paths({ ...files, [config]: 'user-config: only' })).toEqual(['/mine.so', '/b.so']);
    expect(paths({ ...files, [config]: 'user-config: none' })).toEqual(['/a.so']);
  });
});
