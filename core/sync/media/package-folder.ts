import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { fillFileDurably } from '../../shared/durable-fs.ts';
import { AnThuError } from '../../shared/errors.ts';
import { READ_AT_ONCE } from '../../shared/read-flags.ts';
import { writeFolderWhole, type FolderFile } from '../../shared/whole-folder.ts';
import { sha256Hex } from '../protocol.ts';
import {
  type AnswerManifest,
  answerManifestSchema,
  type ExportManifest,
  exportManifestSchema,
  MANIFEST,
  MAX_MANIFEST_BYTES,
  SEAL,
} from './format.ts';
import { sealFits, sealOf } from './seal.ts';

const CHUNK = 256 * 1024;

type Damage =
  | 'missing'
  | 'unreadable'
  | 'not-a-file'
  | 'too-large'
  | 'size'
  | 'hash'
  | 'manifest'
  | 'our-export'
  | 'an-answer';

function damaged(path: string, reason: Damage, cause?: unknown): AnThuError {
  return new AnThuError('sync.media-damaged', { path, reason }, { cause });
}

/** A manifest as it was read, before anything in it is believed. */
export interface FoundPackage<M> {
  readonly path: string;
  readonly manifest: M;
  /** The exact bytes, which the seal covers. */
  readonly bytes: Buffer;
  readonly seal: string;
}

/**
 * Folders of packages in `path`: itself, or those directly below it whose names begin with `prefix` (links are no folders), by
 * name; none where there is no such folder. Error: `sync.media-damaged` where it cannot be read, for it may hold some.
 */
export async function findPackages(path: string, prefix: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    if (entries.some((entry) => entry.name === MANIFEST)) return [path];
    return entries
      .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
      .map((entry) => join(path, entry.name))
      .toSorted();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw damaged(path, 'unreadable', error);
  }
}

/** Reads manifest and seal. Error: `sync.media-damaged`. Call {@link requireSeal} before using what it says. */
export async function readPackage<M>(path: string, schema: z.ZodType<M>): Promise<FoundPackage<M>> {
  const bytes = await readSmall(path, MANIFEST, MAX_MANIFEST_BYTES);
  const seal = (await readSmall(path, SEAL, 1024)).toString('latin1').trim();
  const value = parseJson(bytes);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw damaged(join(path, MANIFEST), otherKind(value, schema), parsed.error);
  return { path, manifest: parsed.data, bytes, seal };
}

/** A package that goes the other way is told as such. */
function otherKind(value: unknown, asked: z.ZodType): Damage {
  if (asked !== exportManifestSchema && exportManifestSchema.safeParse(value).success) return 'our-export';
  if (asked !== answerManifestSchema && answerManifestSchema.safeParse(value).success) return 'an-answer';
  return 'manifest';
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Fails with `sync.media-unproven` unless the manifest is what somebody with the secret wrote. */
export function requireSeal(found: FoundPackage<ExportManifest | AnswerManifest>, secret: string): void {
  if (!sealFits(found.seal, found.bytes, secret, found.manifest.kind))
    throw new AnThuError('sync.media-unproven', { path: found.path });
}

/**
 * Writes a package whole or not at all, the manifest and its seal last. Errors: those of {@link writeFolderWhole}.
 */
export async function writePackage(options: {
  readonly parent: string;
  readonly name: string;
  readonly manifest: ExportManifest | AnswerManifest;
  readonly files: readonly FolderFile[];
  readonly secret: string;
  /** Whose unfinished packages are taken away: others may be writing into the same folder now. */
  readonly writer: string;
}): Promise<{ path: string; bytes: number; manifestSha256: string }> {
  const { manifest } = options;
  const content = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  const written = await writeFolderWhole({
    parent: options.parent,
    name: options.name,
    draftPrefix: `.dang-ghi-${options.writer}~`,
    files: [
      ...options.files,
      { name: MANIFEST, content },
      { name: SEAL, content: Buffer.from(`${sealOf(content, options.secret, manifest.kind)}\n`) },
    ],
  });
  return { ...written, manifestSha256: sha256Hex(content) };
}

/** What a manifest says of one of the package's files. */
interface FileClaim {
  readonly sha256: string;
  readonly bytes: number;
}

/** A file of the package in memory, if it is what the manifest says. Error: `sync.media-damaged`. */
export async function readPackageFile(folder: string, name: string, claim: FileClaim): Promise<Buffer> {
  const parts: Buffer[] = [];
  await eachChunk(folder, name, claim, (chunk) => void parts.push(Buffer.from(chunk)));
  return Buffer.concat(parts);
}

/**
 * Copies a file of the package to `toPath` (temporary name, hash check, flush, rename). Errors: `sync.media-damaged`; what our own
 * disk refuses passes through.
 */
export async function copyPackageFile(
  folder: string,
  name: string,
  claim: FileClaim,
  toPath: string,
): Promise<void> {
  await fillFileDurably(toPath, (file) => eachChunk(folder, name, claim, (chunk) => file.writeFile(chunk)));
}

/** Reads as many bytes as were announced, never more; the last chunk has been given when the hash is looked at. */
async function eachChunk(
  folder: string,
  name: string,
  claim: FileClaim,
  use: (chunk: Buffer) => unknown,
): Promise<void> {
  const path = join(folder, ...name.split('/'));
  await using file = await openRegular(folder, name);
  if ((await file.stat()).size !== claim.bytes) throw damaged(path, 'size');
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  for (let left = claim.bytes; left > 0;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, left), null).catch((error: unknown) => {
      throw damaged(path, 'unreadable', error);
    });
    if (bytesRead === 0) throw damaged(path, 'size');
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await use(chunk);
    left -= bytesRead;
  }
  if (hash.digest('hex') !== claim.sha256) throw damaged(path, 'hash');
}

async function readSmall(folder: string, name: string, most: number): Promise<Buffer> {
  const path = join(folder, name);
  await using file = await openRegular(folder, name);
  const { size } = await file.stat();
  if (size > most) throw damaged(path, 'too-large');
  const buffer = Buffer.alloc(size);
  for (let length = 0; length < size;) {
    const { bytesRead } = await file.read(buffer, length, size - length, null).catch((error: unknown) => {
      throw damaged(path, 'unreadable', error);
    });
    if (bytesRead === 0) throw damaged(path, 'size');
    length += bytesRead;
  }
  return buffer;
}

/** Opens a regular file that lies in the package itself: neither it nor the folder around it may be a link. */
async function openRegular(folder: string, name: string): Promise<FileHandle> {
  const parts = name.split('/');
  const path = join(folder, ...parts);
  let file: FileHandle;
  try {
    for (let depth = 1; depth < parts.length; depth++)
      if (!(await lstat(join(folder, ...parts.slice(0, depth)))).isDirectory())
        throw damaged(path, 'not-a-file');
    if (!(await lstat(path)).isFile()) throw damaged(path, 'not-a-file');
    file = await open(path, READ_AT_ONCE | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (error instanceof AnThuError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw damaged(
      path,
      code === 'ENOENT' ? 'missing' : code === 'ELOOP' ? 'not-a-file' : 'unreadable',
      error,
    );
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw damaged(path, 'not-a-file');
}
