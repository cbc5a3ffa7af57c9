import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillFileDurably, makeFileDurably, writeFileDurably } from './durable-fs.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'an-thu-durable-'));
  path = join(dir, 'tệp');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a file that is made whole or not at all', () => {
  it('has its name once it is made; what a killed process left of it goes', async () => {
    writeFileSync(`${path}.part`, 'left, and longer than what comes');
    await fillFileDurably(path, (file) => file.writeFile('một'));
    expect(readFileSync(path, 'utf8')).toBe('một');
    writeFileSync(`${path}.part`, 'left, and longer than what comes');
    await writeFileDurably(path, 'hai');
    expect(readFileSync(path, 'utf8')).toBe('hai');
    expect(readdirSync(dir)).toEqual(['tệp']);
  });

  it('leaves what had its name, and no draft, where making it fails', async () => {
    await writeFileDurably(path, 'một');
    const failing = makeFileDurably(path, async (part) => {
      writeFileSync(part, 'half');
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(readFileSync(path, 'utf8')).toBe('một');
    expect(readdirSync(dir)).toEqual(['tệp']);
  });

  it('leaves no draft where it cannot get its name', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'đã có'), '');
    await expect(writeFileDurably(path, 'hai')).rejects.toMatchObject({ code: 'store.cannot-write' });
    expect(readdirSync(dir)).toEqual(['tệp']);
  });
});
