import { describe, expect, test } from 'vitest';
import { candidatePaths, type MachinePlaces } from './candidate-paths.ts';
import { knownModules } from './known-modules.ts';

/** A machine whose disk holds exactly these files. */
function machine(
  platform: MachinePlaces['platform'],
  files: readonly string[],
  env: MachinePlaces['env'] = {},
): MachinePlaces {
  const separator = platform === 'win32' ? '\\' : '/';
  const normal = (path: string): string => (platform === 'win32' ? path.toLowerCase() : path);
  return {
    platform,
    architecture: 'x64',
    env,
    list: (folder) => {
      const entries = new Map<string, boolean>();
      for (const file of files) {
        if (!normal(file).startsWith(normal(`${folder}${separator}`))) continue;
        const [name = '', ...rest] = file.slice(folder.length + 1).split(separator);
        entries.set(name, rest.length > 0);
      }
      return [...entries].map(([name, isFolder]) => ({ name, folder: isFolder }));
    },
  };
}

const windows = (files: readonly string[]): string[] =>
  candidatePaths(
    knownModules,
    machine('win32', files, {
      systemroot: 'C:\\Windows',
      ProgramFiles: 'C:\\Program Files',
      'ProgramFiles(x86)': 'C:\\Program Files (x86)',
    }),
  ).map(({ path }) => path);

describe('on Windows', () => {
  test('every plain name of the table is looked for in System32, in the order of the table', () => {
    const paths = windows([]);
    expect(paths[0]).toBe('C:\\Windows\\System32\\bit4xpki.dll');
    expect(paths).toContain('C:\\Windows\\System32\\eTPKCS11.dll');
    expect(paths.filter((path) => /viettel-ca_v\d\.dll$/.test(path))).toHaveLength(6);
    expect(paths.filter((path) => /vnptca_p11_v\d+\.dll$/.test(path))).toHaveLength(5);
    expect(paths).toContain('C:\\Windows\\System32\\BkavCA.dll');
    expect(paths.every((path) => path.startsWith('C:\\Windows\\System32\\'))).toBe(true);
    expect(paths.some((path) => path.includes('*'))).toBe(false);
  });

  test('a 32-bit library in SysWOW64 is found too, so that its person can be told', () => {
    expect(windows(['C:\\Windows\\SysWOW64\\bit4xpki.dll'])).toContain('C:\\Windows\\SysWOW64\\bit4xpki.dll');
  });

  test('names with a star are found whatever stands there, in any case, but never the CSP beside it', () => {
    const paths = windows([
      'C:\\Windows\\System32\\FPT-CA_v9.DLL',
      'C:\\Windows\\System32\\fpt-ca_v9_s.dll',
      'C:\\Windows\\System32\\Safe-ca_v2.dll',
      'C:\\Windows\\System32\\kernel32.dll',
    ]);
    expect(paths).toContain('C:\\Windows\\System32\\FPT-CA_v9.DLL');
    expect(paths).toContain('C:\\Windows\\System32\\Safe-ca_v2.dll');
    expect(paths.some((path) => /_s\.dll|kernel32/.test(path))).toBe(false);
  });

  test('makers’ folders in both Program Files are searched, other folders are not', () => {
    const paths = windows([
      'C:\\Program Files\\SafeNet\\Authentication\\SAC\\x64\\IDPrimePKCS1164.dll',
      'C:\\Program Files (x86)\\Viettel-CA\\viettel-ca_v6.dll',
      'C:\\Program Files\\Games\\bit4xpki.dll',
    ]);
    expect(paths).toContain('C:\\Program Files\\SafeNet\\Authentication\\SAC\\x64\\IDPrimePKCS1164.dll');
    expect(paths).toContain('C:\\Program Files (x86)\\Viettel-CA\\viettel-ca_v6.dll');
    expect(paths.some((path) => path.includes('Games'))).toBe(false);
  });

  test('one file is one candidate, however its name is written', () => {
    const paths = windows(['C:\\Windows\\System32\\BIT4XPKI.DLL']);
    expect(paths.filter((path) => path.toLowerCase().endsWith('\\bit4xpki.dll'))).toHaveLength(1);
  });
});

test('on macOS the table’s paths are taken as they are', () => {
  const paths = candidatePaths(knownModules, machine('darwin', [])).map(({ path }) => path);
  expect(paths).toContain('/Library/bit4id/pkcs11/libbit4xpki.dylib');
  expect(paths).toContain('/usr/local/lib/libeTPkcs11.dylib');
  expect(paths.every((path) => path.startsWith('/'))).toBe(true);
});

test('on Linux a bare name is found in whichever library folder holds it', () => {
  const paths = candidatePaths(
    knownModules,
    machine('linux', ['/usr/lib/x86_64-linux-gnu/libcastle.so', '/usr/lib/bit4id/libbit4xpki.so']),
  ).map(({ path }) => path);
  expect(paths).toContain('/usr/lib/x86_64-linux-gnu/libcastle.so');
  expect(paths).toContain('/usr/lib/bit4id/libbit4xpki.so');
  expect(paths).toContain('/usr/lib/libeTPkcs11.so');
});
