import type { ProcedureOutput } from '../../contract/procedures.ts';
import type { EngineContext } from '../context.ts';

type Damaged = ProcedureOutput<'archive.check'>['damaged'][number];

/** Files that the log names of one check. A lost folder of files must not make an entry that no export could hold. */
const MOST_NAMED = 1000;

/**
 * Fixity on demand: reads stored files again and compares each with its name. One that cannot be read costs only itself. Damage is
 * written to the log: how many files, and the first of them by name.
 */
export async function checkArchive(
  context: Pick<EngineContext, 'documents' | 'objects' | 'audit' | 'actor'>,
  limit?: number,
): Promise<ProcedureOutput<'archive.check'>> {
  const files = context.documents.storedFiles();
  const known = new Set(files.map((file) => file.sha256));
  const damaged: Damaged[] = [];
  let checked = 0;
  let bytes = 0;
  for (const file of limit === undefined ? files : files.slice(0, limit)) {
    const state = await context.objects.check(file.sha256).catch((): 'unreadable' => 'unreadable');
    if (state !== 'intact') damaged.push({ sha256: file.sha256, problem: state });
    checked++;
    bytes += file.bytes;
  }
  let orphans = 0;
  for await (const name of context.objects.list()) if (!known.has(name)) orphans++;
  context.audit.append({
    actor: context.actor,
    action: 'archive.checked',
    subject: 'archive',
    data: { checked, bytes, broken: damaged.length, damaged: damaged.slice(0, MOST_NAMED), orphans },
  });
  return { checked, bytes, damaged, orphans };
}
