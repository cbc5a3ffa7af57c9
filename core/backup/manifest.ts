import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256Schema } from '../contract/common.ts';
import { AnThuError } from '../shared/errors.ts';
import { safeFileName } from '../shared/file-names.ts';
import { versionNumberSchema } from '../updates/version-number.ts';
import { type BackupTarget, MANIFEST_FILE, POOL_NAME, SET_NAME, setPath } from './layout.ts';

const countSchema = z.number().int().nonnegative();
const fileSchema = z.strictObject({ sha256: sha256Schema, bytes: countSchema });
const idSchema = z.string().min(1).max(64);

/** Certificates are small; they lie in the manifest itself, so that a set holds no path from outside. */
const CERTIFICATE_BASE64 = 1_400_000;

const trustFileSchema = z.strictObject({
  folder: z.enum(['signature', 'timestamp', 'certificates']),
  name: z.string().refine((name) => safeFileName(name) === name, 'unsafe name'),
  sha256: sha256Schema,
  base64: z.base64().max(CERTIFICATE_BASE64),
});

const lastNumberSchema = z.strictObject({
  registerId: idSchema,
  registerName: z.string().max(500),
  year: z.number().int().min(1900).max(9999),
  number: countSchema,
});

/** Names of stored files in order, so that none can be there twice. */
const ordered = <T>(name: (item: T) => string) =>
  [
    (list: readonly T[]) => list.every((item, at) => at === 0 || name(list[at - 1]!) < name(item)),
    'not in order',
  ] as const;
const hashesSchema = z.array(sha256Schema).refine(...ordered((name: string) => name));

/** What a backup set is made of. Unknown fields are refused: another version writes another format. */
export const manifestSchema = z.strictObject({
  format: z.literal('an-thu-backup-1'),
  name: z.string().regex(SET_NAME),
  createdAt: z.iso.datetime(),
  /** `full`: no stored file was taken over from an earlier set. */
  kind: z.enum(['full', 'incremental']),
  program: z.strictObject({ version: versionNumberSchema, highest: versionNumberSchema }),
  schemaVersion: z.number().int().positive(),
  agency: z.strictObject({ id: idSchema, name: z.string().max(500), organId: z.string().max(100) }),
  register: fileSchema,
  audit: z.strictObject({ entries: countSchema, head: sha256Schema.nullable() }),
  counts: z.strictObject({ arrivals: countSchema, documents: countSchema, outboxPending: countSchema }),
  /** The last number given in each year of each register. */
  lastNumbers: z.array(lastNumberSchema).max(10_000),
  registers: z.array(z.strictObject({ id: idSchema, name: z.string().max(500) })).min(1),
  trust: z.array(trustFileSchema).max(1000),
  pool: z.string().regex(POOL_NAME),
  objects: z.array(fileSchema).refine(...ordered(({ sha256 }: { sha256: string }) => sha256)),
  /** Stored files that were missing or damaged in the data folder when the set was made. */
  missing: hashesSchema,
  /** Files in quarantine: infected, or a secret scanned by mistake. They are in no backup. */
  withheld: hashesSchema,
});
export type Manifest = z.infer<typeof manifestSchema>;

/** About a million stored files. */
const LARGEST_MANIFEST = 160 * 1024 * 1024;

export interface ReadManifest {
  readonly manifest: Manifest;
  /** Of the manifest file: whoever has it noted knows that nothing of the set was changed since. */
  readonly sha256: string;
}

/**
 * Reads the manifest of a set. Nothing in it is a path. Fails with `backup.manifest-damaged`, and with `backup.newer-format`
 * for one that says to be of another format.
 */
export async function readManifest(target: BackupTarget, name: string): Promise<ReadManifest> {
  const damaged = (reason: string, cause?: unknown) =>
    new AnThuError('backup.manifest-damaged', { name, reason }, { cause });
  const path = join(setPath(target, name), MANIFEST_FILE);
  let bytes: Buffer;
  try {
    const entry = await lstat(path);
    if (!entry.isFile()) throw damaged('no regular file');
    if (entry.size > LARGEST_MANIFEST) throw damaged(`${entry.size} bytes`);
    bytes = await readFile(path);
  } catch (error) {
    throw error instanceof AnThuError
      ? error
      : damaged((error as NodeJS.ErrnoException).code ?? 'unreadable', error);
  }
  const value = parseJson(bytes.toString('utf8'));
  const format = z.looseObject({ format: z.string().max(100) }).safeParse(value);
  if (format.success && format.data.format !== 'an-thu-backup-1')
    throw new AnThuError('backup.newer-format', { name, format: format.data.format });
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  if (parsed.data.name !== name) throw damaged('another name');
  return { manifest: parsed.data, sha256: sha256Of(bytes) };
}

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
