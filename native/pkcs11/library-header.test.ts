import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLibraryHeader } from './library-header.ts';

function bytes(size: number, ...values: [offset: number, bytes: readonly number[]][]): Uint8Array {
  const buffer = new Uint8Array(size);
  for (const [offset, part] of values) buffer.set(part, offset);
  return buffer;
}

const elf = (bits: 1 | 2, machine: number): Uint8Array =>
  bytes(64, [0, [0x7f, 0x45, 0x4c, 0x46, bits, 1, 1]], [18, [machine]]);
const pe = (...machine: number[]): Uint8Array =>
  bytes(256, [0, [0x4d, 0x5a]], [0x3c, [0x80]], [0x80, [0x50, 0x45, 0, 0, ...machine]]);

describe('the header of a library', () => {
  test('tells format and architecture', () => {
    expect(parseLibraryHeader(elf(2, 0x3e))).toEqual({ format: 'ELF', architectures: ['x64'] });
    expect(parseLibraryHeader(elf(1, 0x03))).toEqual({ format: 'ELF', architectures: ['ia32'] });
    expect(parseLibraryHeader(elf(1, 0x3e))).toEqual({ format: 'ELF', architectures: ['x32'] });
    expect(parseLibraryHeader(elf(2, 0xb7))).toEqual({ format: 'ELF', architectures: ['arm64'] });
    expect(parseLibraryHeader(pe(0x4c, 0x01))).toEqual({ format: 'PE', architectures: ['ia32'] });
    expect(parseLibraryHeader(pe(0x64, 0x86))).toEqual({ format: 'PE', architectures: ['x64'] });
    expect(parseLibraryHeader(bytes(32, [0, [0xcf, 0xfa, 0xed, 0xfe]], [4, [0x0c, 0, 0, 1]]))).toEqual({
      format: 'Mach-O',
      architectures: ['arm64'],
    });
    expect(
      parseLibraryHeader(
        bytes(64, [0, [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]], [8, [1, 0, 0, 7]], [28, [1, 0, 0, 0x0c]]),
      ),
    ).toEqual({ format: 'Mach-O', architectures: ['x64', 'arm64'] });
  });

  test('of this very program is of this architecture', () => {
    expect(parseLibraryHeader(readFileSync(process.execPath).subarray(0, 4096))?.architectures).toContain(
      process.arch,
    );
  });

  test('is not found in text, in nothing, in a cut-off file or in a Java class', () => {
    for (const other of [
      Buffer.from('#!/bin/sh\necho this is not a library at all\n'),
      new Uint8Array(),
      bytes(4, [0, [0x7f, 0x45, 0x4c, 0x46]]),
      bytes(70, [0, [0x4d, 0x5a]], [0x3c, [0xff, 0xff]]),
      bytes(64, [0, [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0x34]]),
    ])
      expect(parseLibraryHeader(other)).toBeNull();
  });
});
