import { hostname } from 'node:os';
import { z } from 'zod';
import type { FolderOwner } from '../../intake/folder-owner.ts';
import { newId } from '../../shared/ids.ts';
import { type EngineContext, mainAgency } from '../context.ts';

const OWNER_CHARACTERS = 32;

/**
 * Who we are in scan folders: the register itself, named by the first entry of its log, which no other register has and
 * which stays when the data folder is moved or restored.
 */
export function claimOwner({ database, folder }: Pick<EngineContext, 'database' | 'folder'>): FolderOwner {
  const first = database.get(
    z.object({ hash: z.string() }),
    'SELECT hash FROM audit ORDER BY sequence LIMIT 1',
  );
  const name = (first?.hash ?? mainAgency(database).id).slice(0, OWNER_CHARACTERS);
  return { id: `so-${name}`, session: newId(), computer: hostname(), dataFolder: folder.root };
}
