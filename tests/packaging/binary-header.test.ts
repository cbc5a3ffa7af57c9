import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { binaryTarget } from '../../scripts/package-check/binary-header.mjs';

const prebuilt = (name: string) =>
  readFileSync(`node_modules/better-sqlite3/prebuilds/${name}.node`).subarray(0, 4096);

test('tells for which system and processor a binary was made', () => {
  const names = ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-x64', 'darwin-arm64'];
  expect(names.map((name) => binaryTarget(prebuilt(name)))).toEqual(names);
});

test('says nothing about what is no binary', () => {
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from('MZ'),
    Buffer.from('#!/bin/sh\n'),
    Buffer.alloc(4096),
    Buffer.from('MZ'.padEnd(100, '\xff'), 'latin1'),
  ]) {
    expect(binaryTarget(bytes)).toBeUndefined();
  }
});
