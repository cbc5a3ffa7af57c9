import { expect, test } from 'vitest';
import { createCodec } from '../../scripts/electron-host/codec.mjs';
import { parseCommandLine } from '../../scripts/electron-host/command-line.mjs';
import { refuseUnknown, strict } from '../../scripts/electron-host/strict.mjs';
import { fromChromium, registerScheme, toChromium } from '../../scripts/electron-host/urls.mjs';

const codec = createCodec();

test('a message arrives as a structured clone would', () => {
  const value = {
    text: 'Ấn Thư',
    nothing: undefined,
    empty: null,
    numbers: [0, -0, 1.5, NaN, Infinity, 12n],
    date: new Date('2026-11-21T00:00:00Z'),
    map: new Map<unknown, unknown>([['a', new Set([1])]]),
    bytes: new Uint8Array([0, 255, 7]),
    wide: new Float64Array([1.25]),
    pattern: /a+/gi,
    list: ['undefined'],
  };
  expect(codec.decode(codec.encode(value))).toEqual(value);
});

test('an error keeps its name and message', () => {
  const error = codec.decode(codec.encode(new TypeError('hỏng'))) as Error;
  expect([error instanceof Error, error.name, error.message]).toEqual([true, 'TypeError', 'hỏng']);
});

test('functions and promises cannot be sent', () => {
  expect(() => codec.encode({ f: () => 1 })).toThrow('could not be cloned');
  expect(() => codec.encode([Promise.resolve(1)])).toThrow('could not be cloned');
});

test('the command line is read as Electron and as Playwright write it', () => {
  const line = parseCommandLine([
    '-r',
    'loader.js',
    '--no-sandbox',
    '--inspect=0',
    '--remote-debugging-port=0',
    '.',
    '--data',
    'x',
  ]);
  expect(line).toEqual({
    preloads: ['loader.js'],
    inspectPort: 0,
    switches: new Map([
      ['no-sandbox', ''],
      ['remote-debugging-port', '0'],
      ['data', ''],
    ]),
    appPath: '.',
  });
});

test('whatever is not imitated throws', () => {
  const imitated = strict('thing', { known: 1 }) as Record<string, unknown>;
  expect(imitated['known']).toBe(1);
  expect(() => imitated['unknown']).toThrow('thing.unknown is not imitated');
  expect(() => refuseUnknown('thing', { kiosk: true }, ['width'])).toThrow('kiosk');
});

test('our scheme is carried as a host that Chromium knows, and back', () => {
  registerScheme('app');
  for (const url of ['app://bundle/a?b#c', 'app://bundle', 'app://bundle.evil/x']) {
    expect(fromChromium(toChromium(url))).toBe(url);
  }
  expect(toChromium('app://bundle/a')).toBe('https://bundle.app.host/a');
  expect(fromChromium('https://bundle.app.host.evil/a')).toBe('https://bundle.app.host.evil/a');
  expect(toChromium('other://bundle/a')).toBe('other://bundle/a');
});
