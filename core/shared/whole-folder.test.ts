import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sentenceFor } from '../contract/sentences.ts';
import { AnThuError } from './errors.ts';
import { type FolderFile, writeFolderWhole } from './whole-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'an-thu-whole-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const write = (files: readonly FolderFile[], name = 'gói') =>
  writeFolderWhole({ parent, name, draftPrefix: '.draft~', files });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof AnThuError ? error.code : String(error)),
  );
const small = (name: string): FolderFile => ({ name, content: Buffer.from(name) });

describe('a folder that is handed on', () => {
  it('has its name once all is in it, and nothing else stays', async () => {
    const { path, bytes } = await write([small('a/1'), small('a/2'), small('b')]);
    expect(readdirSync(parent)).toEqual(['gói']);
    expect(readFileSync(join(path, 'a', '2'), 'utf8')).toBe('a/2');
    expect(bytes).toBe(7);
  });

  it('is refused where one has its name', async () => {
    await write([small('a')]);
    expect(await codeOf(write([small('b')]))).toBe('store.folder-exists');
    expect(readdirSync(join(parent, 'gói'))).toEqual(['a']);
  });

  it('is not begun where it cannot end for want of room', async () => {
    const huge = { name: 'big', from: '/dev/null', sha256: '0'.repeat(64), bytes: 2 ** 50 };
    expect(await codeOf(write([small('a'), huge]))).toBe('store.folder-full');
    expect(readdirSync(parent)).toEqual([]);
  });

  it('leaves nothing when a stored file is gone or is not what was recorded', async () => {
    const from = join(parent, 'stored');
    const recorded = { name: 'x', from, sha256: '0'.repeat(64), bytes: 3 };
    expect(await codeOf(write([small('a'), recorded]))).toBe('store.object-missing');
    writeFileSync(from, 'abc');
    expect(await codeOf(write([small('a'), recorded]))).toBe('store.object-changed');
    expect(readdirSync(parent)).toEqual(['stored']);
  });

  it('does not call the medium broken for a stored file that cannot be read', async () => {
    const from = join(parent, 'stored');
    mkdirSync(from);
    const recorded = { name: 'x', from, sha256: '0'.repeat(64), bytes: 3 };
    expect(await codeOf(write([small('a'), recorded]))).toBe('store.object-unreadable');
    expect(readdirSync(parent)).toEqual(['stored']);
  });

  it('fails as a whole when the drive is pulled out in the middle', async () => {
    const stick = join(parent, 'stick');
    mkdirSync(stick);
    let looks = 0;
    const pulls: FolderFile = {
      name: 'b',
      get content() {
        // The first look is at its size, before anything is written.
        if (++looks > 1) rmSync(stick, { recursive: true, force: true });
        return Buffer.from('b');
      },
    };
    const work = writeFolderWhole({
      parent: stick,
      name: 'gói',
      draftPrefix: '.draft~',
      files: [small('a'), pulls, small('c')],
    });
    expect(await codeOf(work)).toBe('store.folder-write-failed');
    expect(await codeOf(writeFolderWhole({ parent: stick, name: 'g', draftPrefix: '.d', files: [] }))).toBe(
      'store.no-such-folder',
    );
  });

  it('has no name where the medium reads back something else, which is told in both languages', async () => {
    let looks = 0;
    const other: FolderFile = {
      name: 'b',
      get content() {
        return Buffer.from(String(++looks));
      },
    };
    const error: unknown = await write([small('a'), other]).catch((thrown: unknown) => thrown);
    const { code, detail } = error as AnThuError;
    expect([code, readdirSync(parent)]).toEqual(['store.folder-write-failed', []]);
    expect(sentenceFor('store.folder-write-failed', detail)).toContain('đọc lại b không khớp');
    expect(sentenceFor('store.folder-write-failed', detail, 'en')).toContain('b read back differs');
  });

  it('takes away what a killed run left, a link planted in its place included, and follows none', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'an-thu-elsewhere-'));
    writeFileSync(join(elsewhere, 'kept'), 'kept');
    mkdirSync(join(parent, '.draft~older'));
    writeFileSync(join(parent, '.draft~older', 'half'), 'half');
    symlinkSync(elsewhere, join(parent, '.draft~gói'));
    await write([small('a')]);
    expect(readdirSync(parent)).toEqual(['gói']);
    expect(readdirSync(elsewhere)).toEqual(['kept']);
    rmSync(elsewhere, { recursive: true });
  });
});
