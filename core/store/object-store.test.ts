import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sentenceFor } from '../contract/sentences.ts';
import { requireSpace } from '../shared/durable-fs.ts';
import type { AnThuError } from '../shared/errors.ts';
import { ObjectStore } from './object-store.ts';

let root: string;
let store: ObjectStore;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'an-thu-objects-'));
  const folders = {
    objects: join(root, 'objects'),
    quarantine: join(root, 'quarantine'),
    scratch: join(root, 'scratch'),
  };
  for (const path of Object.values(folders)) mkdirSync(path);
  store = new ObjectStore(folders);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const letter = Buffer.from('%PDF-1.7 thư đến');
const letterHash = createHash('sha256').update(letter).digest('hex');

function file(name: string, content: Uint8Array = letter): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

const stored = async () => Array.fromAsync(store.list());

describe('a stored file', () => {
  it('is named by its SHA-256, cannot be written to, and its source stays', async () => {
    const source = file('scan.pdf');
    expect(await store.put(source)).toEqual({ sha256: letterHash, bytes: letter.length });
    expect(readFileSync(store.path(letterHash))).toEqual(letter);
    expect(statSync(store.path(letterHash)).mode & 0o222).toBe(0);
    expect(readFileSync(source)).toEqual(letter);
    expect(readdirSync(join(root, 'scratch'))).toEqual([]);
  });

  it('is found though a desktop left a file of its own among the shelves', async () => {
    await store.put(file('scan.pdf'));
    writeFileSync(join(root, 'objects', 'desktop.ini'), '');
    expect(await stored()).toEqual([letterHash]);
  });

  it('is kept once however often the same bytes come', async () => {
    await store.put(file('one.pdf'));
    const first = statSync(store.path(letterHash)).ino;
    await store.put(file('two.pdf'));
    const scratch = store.scratchPath('.pdf');
    writeFileSync(scratch, letter);
    await store.adopt(scratch);
    expect(await stored()).toEqual([letterHash]);
    expect(statSync(store.path(letterHash)).ino).toBe(first);
  });

  it('of many megabytes is hashed whole', async () => {
    const big = Buffer.alloc(3_500_000, 7);
    const { sha256, bytes } = await store.put(file('big.tiff', big));
    expect(bytes).toBe(big.length);
    expect(sha256).toBe(createHash('sha256').update(big).digest('hex'));
    expect(await store.check(sha256)).toBe('intact');
  });

  it('spoiled by the disk is replaced when a good copy comes', async () => {
    await store.put(file('scan.pdf'));
    damage(letterHash);
    expect(await store.check(letterHash)).toBe('changed');
    await store.put(file('again.pdf'));
    expect(await store.check(letterHash)).toBe('intact');
  });
});

function damage(sha256: string): void {
  chmodSync(store.path(sha256), 0o600);
  writeFileSync(store.path(sha256), 'spoiled');
}

describe('the fixity check', () => {
  it('tells intact, changed and missing apart', async () => {
    await store.put(file('scan.pdf'));
    expect(await store.check(letterHash)).toBe('intact');
    damage(letterHash);
    expect(await store.check(letterHash)).toBe('changed');
    rmSync(store.path(letterHash));
    expect(await store.check(letterHash)).toBe('missing');
  });

  it('tells what lies in the place of a file and cannot be read', async () => {
    await store.put(file('scan.pdf'));
    rmSync(store.path(letterHash));
    mkdirSync(store.path(letterHash));
    await expect(store.check(letterHash)).rejects.toMatchObject({ code: 'store.object-unreadable' });
    await expect(store.requireIntact(letterHash)).rejects.toMatchObject({ code: 'store.object-unreadable' });
    rmSync(store.path(letterHash), { recursive: true });
  });

  it('tells a pipe in its place, in the language of who asks, without waiting for it', async () => {
    await store.put(file('scan.pdf'));
    rmSync(store.path(letterHash));
    execFileSync('mkfifo', [store.path(letterHash)]);
    const error: unknown = await store.check(letterHash).catch((thrown: unknown) => thrown);
    const { code, detail } = error as AnThuError;
    expect([code, detail['reason']]).toEqual(['store.object-unreadable', 'not-a-file']);
    expect(sentenceFor('store.object-unreadable', detail)).toContain('(không phải tệp thường)');
    rmSync(store.path(letterHash));
  });

  it('stops whoever needs the file', async () => {
    await expect(store.requireIntact(letterHash)).rejects.toMatchObject({ code: 'store.object-missing' });
    await store.put(file('scan.pdf'));
    expect(await store.requireIntact(letterHash)).toBe(store.path(letterHash));
    damage(letterHash);
    await expect(store.requireIntact(letterHash)).rejects.toMatchObject({ code: 'store.object-changed' });
  });
});

describe('quarantine', () => {
  it('takes the file out of reach and keeps its bytes; twice is no error', async () => {
    await store.put(file('virus.pdf'));
    await store.quarantine(letterHash);
    await store.quarantine(letterHash);
    expect(await store.check(letterHash)).toBe('missing');
    expect(readFileSync(store.quarantinePath(letterHash))).toEqual(letter);
  });

  it('of a file that is nowhere is an error', async () => {
    await expect(store.quarantine('0'.repeat(64))).rejects.toMatchObject({ code: 'store.object-missing' });
  });
});

describe('what cannot be stored', () => {
  it('leaves nothing behind', async () => {
    await expect(store.put(join(root, 'gone.pdf'))).rejects.toMatchObject({ code: 'store.cannot-write' });
    expect(await stored()).toEqual([]);
    expect(readdirSync(join(root, 'scratch'))).toEqual([]);
  });

  it('is refused beforehand when the disk has no room for it', async () => {
    await expect(requireSpace(root, 1, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
      code: 'store.disk-full',
    });
    await expect(requireSpace(root, 1, 0)).resolves.toBeUndefined();
  });
});
