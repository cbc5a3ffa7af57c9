import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { writeFileDurably } from '../shared/durable-fs.ts';
import { AnThuError } from '../shared/errors.ts';
import { safeFileName } from '../shared/file-names.ts';
import type { DataFolder } from '../store/data-folder.ts';
import { type Manifest, sha256Of } from './manifest.ts';

type TrustFile = Manifest['trust'][number];

const foldersOf = (folder: DataFolder): Readonly<Record<TrustFile['folder'], string>> => ({
  signature: folder.anchors,
  timestamp: folder.tsaAnchors,
  certificates: folder.certificates,
});

const LARGEST_FILE = 1_000_000;

/**
 * Anchors and certificates of a data folder, as they go into a manifest: under safe names, for a set may be restored on another system.
 * What is no small file is not one of them. Fails with `store.damaged` for what cannot be read: a set without the office's anchors would
 * look whole.
 */
export async function readTrustFiles(folder: DataFolder): Promise<TrustFile[]> {
  const files: TrustFile[] = [];
  for (const [key, path] of Object.entries(foldersOf(folder))) {
    const taken = new Set<string>();
    for (const file of (await namesIn(path)).toSorted()) {
      const bytes = await readSmall(join(path, file));
      if (!bytes) continue;
      const sha256 = sha256Of(bytes);
      const name = nameInSet(file, sha256, taken);
      // With another ending it would be another kind of file.
      if (extname(name) !== extname(file)) continue;
      taken.add(name.toLowerCase());
      files.push({ folder: key as TrustFile['folder'], name, sha256, base64: bytes.toString('base64') });
    }
  }
  return files;
}

/** Two names that differ on this system may be one on another (composed and decomposed marks, capitals). */
function nameInSet(file: string, sha256: string, taken: ReadonlySet<string>): string {
  const name = safeFileName(file);
  return taken.has(name.toLowerCase()) ? safeFileName(`${sha256.slice(0, 16)}-${name}`) : name;
}

async function namesIn(path: string): Promise<string[]> {
  return (await readable(() => readdir(path))) ?? [];
}

async function readSmall(path: string): Promise<Buffer | undefined> {
  return await readable(async () => {
    const entry = await stat(path);
    return entry.isFile() && entry.size <= LARGEST_FILE ? await readFile(path) : undefined;
  });
}

/** Undefined for what is not there, as behind a link to nothing. */
async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOENT') return undefined;
    throw new AnThuError('store.damaged', { reason: `trust: ${code}` }, { cause: error });
  }
}

/** Writes them into a new data folder. Fails with `backup.manifest-damaged` when one is not what its hash says. */
export async function writeTrustFiles(folder: DataFolder, { name, trust }: Manifest): Promise<void> {
  const folders = foldersOf(folder);
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true, mode: 0o700 });
  for (const file of trust)
    await writeFileDurably(join(folders[file.folder], file.name), contentOf(name, file));
}

/** Problems of the certificates in a manifest, by name. */
export function damagedTrustFiles({ trust }: Manifest): string[] {
  return trust
    .filter(({ sha256, base64 }) => sha256Of(Buffer.from(base64, 'base64')) !== sha256)
    .map(({ name }) => name);
}

function contentOf(set: string, { name, sha256, base64 }: TrustFile): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  if (sha256Of(bytes) !== sha256)
    throw new AnThuError('backup.manifest-damaged', { name: set, reason: name });
  return bytes;
}
