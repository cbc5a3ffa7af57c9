import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { asWriteError, hashFile, makeFileDurably, requireSpace } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { safeFileName } from '../shared/file-names.ts';
import { dirname } from 'node:path';
import { compareVersions, versionNumberSchema } from './version-number.ts';

/**
 * One file for offices without a line: a header, then the installer as it is.
 *
 * ```
 * AN-THU-UPDATE 1 ⏎
 * <key id> <Ed25519 signature, base64, over the first line and the manifest> ⏎
 * <manifest, one line of JSON> ⏎
 * <installer, to the end of the file>
 * ```
 */
const MAGIC = 'AN-THU-UPDATE 1\n';
const MAXIMUM_HEADER_BYTES = 16 * 1024;
const MAXIMUM_INSTALLER_BYTES = 2 * 1024 ** 3;

export const updateManifestSchema = z.strictObject({
  version: versionNumberSchema,
  /** Oldest version that may be updated in one step. */
  minimumFrom: versionNumberSchema,
  platform: z.enum(['win32', 'linux', 'darwin']),
  arch: z.enum(['x64', 'arm64']),
  madeAt: z.iso.datetime(),
  notes: z.string().max(4_000),
  installer: z.strictObject({
    name: z.string().refine((name) => name === safeFileName(name), 'a safe file name'),
    bytes: z.number().int().positive().max(MAXIMUM_INSTALLER_BYTES),
    sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  }),
});
export type UpdateManifest = z.infer<typeof updateManifestSchema>;

/** Public keys of the release, by id. */
export type ReleaseKeys = Pick<ReadonlyMap<string, KeyObject>, 'size' | 'get'>;

export interface CheckedBundle {
  readonly manifest: UpdateManifest;
  readonly keyId: string;
  /** Where the installer begins in the file. */
  readonly installerAt: number;
}

/** The office's side of the comparison. */
export interface UpdateTarget {
  readonly version: string;
  /** The newest version that ever worked on the data: never gone below, whatever is installed now. */
  readonly highest: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/**
 * Reads a bundle and believes nothing in it before its signature is right, then checks the installer's every byte. Fails with
 * `update.no-key`, `update.not-a-bundle`, `update.bad-signature`, `update.damaged`.
 */
export async function checkBundle(path: string, keys: ReleaseKeys): Promise<CheckedBundle> {
  if (keys.size === 0) throw new AnThuError('update.no-key', {});
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new AnThuError('general.no-such-input', { path }, { cause: error });
  });
  try {
    const { keyId, signature, manifestLine, end } = await readHeader(file, path);
    const key = keys.get(keyId);
    const genuine = key !== undefined && verify(null, signedBytes(manifestLine), key, signature);
    if (!genuine) throw new AnThuError('update.bad-signature', { path });
    const manifest = parseManifest(manifestLine, path);
    const { size } = await file.stat();
    if (size !== end + manifest.installer.bytes) {
      throw damaged(path, `${size - end} bytes instead of ${manifest.installer.bytes}`);
    }
    const hash = createHash('sha256');
    await pipeline(file.createReadStream({ start: end, autoClose: false }), hash);
    if (hash.digest('hex') !== manifest.installer.sha256) throw damaged(path, 'SHA-256');
    return { manifest, keyId, installerAt: end };
  } finally {
    await file.close();
  }
}

/**
 * Lets a checked bundle pass only when it is for this machine and newer than everything the data has seen. Fails with
 * `update.other-platform`, `update.not-newer`, `update.step-missing`.
 */
export function requireFit(manifest: UpdateManifest, target: UpdateTarget): void {
  const bundle = `${manifest.platform}-${manifest.arch}`;
  const here = `${target.platform}-${target.arch}`;
  if (bundle !== here) throw new AnThuError('update.other-platform', { bundle, here });
  const highest = compareVersions(target.version, target.highest) > 0 ? target.version : target.highest;
  if (compareVersions(manifest.version, highest) <= 0) {
    throw new AnThuError('update.not-newer', { bundle: manifest.version, highest });
  }
  if (compareVersions(target.version, manifest.minimumFrom) < 0) {
    throw new AnThuError('update.step-missing', {
      bundle: manifest.version,
      minimum: manifest.minimumFrom,
      here: target.version,
    });
  }
}

/**
 * Copies the installer out of a bundle to `toPath`, hashing what is written: the bundle may lie on a stick that was changed
 * since it was checked. Fails with `update.damaged`, `store.disk-full`, `store.cannot-write`.
 */
export async function extractInstaller(path: string, checked: CheckedBundle, toPath: string): Promise<void> {
  const { installer } = checked.manifest;
  await requireSpace(dirname(toPath), installer.bytes);
  const end = checked.installerAt + installer.bytes - 1;
  try {
    await makeFileDurably(toPath, async (part) => {
      const target = await open(part, 'wx', 0o600);
      try {
        const source = createReadStream(path, { start: checked.installerAt, end, highWaterMark: 1 << 20 });
        for await (const chunk of source as AsyncIterable<Buffer>) await target.writeFile(chunk);
        await target.sync();
      } finally {
        await target.close();
      }
      if ((await hashFile(part)).sha256 !== installer.sha256) throw damaged(path, 'SHA-256');
    });
  } catch (error) {
    throw asWriteError(error, toPath);
  }
}

/** The header of a bundle: what the release writes before the installer. */
export function bundleHeader(manifest: UpdateManifest, keyId: string, key: KeyObject): Buffer {
  const line = JSON.stringify(updateManifestSchema.parse(manifest));
  const signature = sign(null, signedBytes(line), key).toString('base64');
  return Buffer.from(`${MAGIC}${keyId} ${signature}\n${line}\n`);
}

function signedBytes(manifestLine: string): Buffer {
  return Buffer.from(MAGIC + manifestLine);
}

async function readHeader(file: FileHandle, path: string) {
  const { buffer, bytesRead } = await file.read(
    Buffer.alloc(MAXIMUM_HEADER_BYTES),
    0,
    MAXIMUM_HEADER_BYTES,
    0,
  );
  const head = buffer.subarray(0, bytesRead);
  if (!head.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC))) throw notABundle(path, 'header');
  const signatureEnd = head.indexOf('\n', MAGIC.length);
  const manifestEnd = signatureEnd < 0 ? -1 : head.indexOf('\n', signatureEnd + 1);
  const match = /^([\w-]{1,64}) ([A-Za-z0-9+/]{86}==)$/u.exec(
    head.subarray(MAGIC.length, Math.max(signatureEnd, MAGIC.length)).toString('latin1'),
  );
  const [, keyId, signature] = match ?? [];
  if (manifestEnd < 0 || keyId === undefined || signature === undefined)
    throw notABundle(path, 'signature line');
  return {
    keyId,
    signature: Buffer.from(signature, 'base64'),
    manifestLine: head.subarray(signatureEnd + 1, manifestEnd).toString('utf8'),
    end: manifestEnd + 1,
  };
}

function parseManifest(line: string, path: string): UpdateManifest {
  try {
    return updateManifestSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new AnThuError('update.not-a-bundle', { path, reason: 'manifest' }, { cause: error });
  }
}

function notABundle(path: string, reason: string): AnThuError {
  return new AnThuError('update.not-a-bundle', { path, reason });
}

function damaged(path: string, reason: string): AnThuError {
  return new AnThuError('update.damaged', { path, reason });
}
