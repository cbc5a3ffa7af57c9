import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { syncForeignFolder, writeFileDurably } from '../shared/durable-fs.ts';
import { showOutsideText } from '../shared/outside-text.ts';
import {
  CLAIM_ID,
  ensureOwnFolder,
  isOwner,
  isRealFolder,
  namesIn,
  ownClaims,
  readSmallFile,
} from './claim-folders.ts';
import { type ClaimedFile, listClaimed, listUnowned } from './claim-store.ts';
import { CLAIM_FOLDER } from './ignored-names.ts';

/** Who takes files out of a scan folder: one register's data folder, in one run of the program. */
export interface FolderOwner {
  /** `so-` and letters, digits, `-`: the same for a register wherever its data folder lies. */
  readonly id: string;
  /** One run of the program. Two that live at once with one register are copies of a data folder. */
  readonly session: string;
  readonly computer: string;
  readonly dataFolder: string;
}

/** In an owner's folder: where its program runs. For administrators, and for {@link isOvertaken}. */
const PRESENCE = 'noi-nhan.json';
const MAX_PRESENCE_BYTES = 8_192;
/** Whoever may write to the share may write this. */
const outsideText = z.string().max(500).transform(showOutsideText);
const presenceSchema = z.object({
  session: z.string().max(100),
  computer: outsideText,
  dataFolder: outsideText,
});
type Presence = z.infer<typeof presenceSchema>;

/** Leaves word who takes files here. False where nothing can be written: such a folder is told of at the first claim. */
export async function announce(root: string, owner: FolderOwner): Promise<boolean> {
  const { session, computer, dataFolder } = owner;
  try {
    await ensureOwnFolder(root, owner.id);
    const presence: Presence = { session, computer, dataFolder };
    const path = join(ownClaims(root, owner.id), PRESENCE);
    await writeFileDurably(path, JSON.stringify(presence), 0o600, syncForeignFolder);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether another run of the program with the same register announced itself here after us: a copy of our data folder
 * is at work, or the other way round. `gone`: the folder was made anew, and we are to announce ourselves again.
 */
export async function isOvertaken(root: string, owner: FolderOwner): Promise<Presence | 'gone' | undefined> {
  const presence = await readPresence(root, owner.id);
  if (presence === undefined) return (await isRealFolder(ownClaims(root, owner.id))) ? undefined : 'gone';
  return presence.session === owner.session ? undefined : presence;
}

async function readPresence(root: string, owner: string): Promise<Presence | undefined> {
  try {
    const text = await readSmallFile(join(ownClaims(root, owner), PRESENCE), MAX_PRESENCE_BYTES);
    return presenceSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Files of a scan folder that another owner took and has not put aside yet. */
export interface ElsewhereClaims {
  /** Null: claims that an earlier version made, of which nobody can tell whose they are. */
  readonly owner: string | null;
  readonly computer: string | null;
  readonly dataFolder: string | null;
  readonly files: readonly ClaimedFile[];
}

/** Who else takes files out of a scan folder, and what they hold. Nothing of theirs is touched. */
export async function listElsewhere(root: string, owner: string): Promise<ElsewhereClaims[]> {
  if (!(await isRealFolder(join(root, CLAIM_FOLDER)))) return [];
  const found: ElsewhereClaims[] = [];
  for (const name of await namesIn(join(root, CLAIM_FOLDER))) {
    if (!isOwner(name) || name === owner || !(await isRealFolder(ownClaims(root, name)))) continue;
    const presence = await readPresence(root, name);
    found.push({
      owner: name,
      computer: presence?.computer ?? null,
      dataFolder: presence?.dataFolder ?? null,
      files: await listClaimed(root, name),
    });
  }
  const unowned = await listUnowned(root);
  if (unowned.length > 0) found.push({ owner: null, computer: null, dataFolder: null, files: unowned });
  return found;
}

/**
 * Whether others take files out of a scan folder. A file of such a folder may only be moved, never copied out: the
 * others would take it, too. Where that cannot be seen, it counts as shared.
 */
export async function isShared(root: string, owner: string): Promise<boolean> {
  const all = join(root, CLAIM_FOLDER);
  try {
    if (!(await lstat(all)).isDirectory()) return false;
    for (const name of await readdir(all)) {
      if (isOwner(name) ? name !== owner : CLAIM_ID.test(name) && !(await isEmpty(join(all, name))))
        return true;
    }
    return false;
  } catch (thrown) {
    return !isMissing(thrown);
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (thrown) {
    // Put aside at this very moment.
    if (isMissing(thrown)) return true;
    throw thrown;
  }
}

const isMissing = (thrown: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? '');
