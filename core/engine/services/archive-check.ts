import type { ProcedureOutput } from '../../contract/procedures.ts';
import type { EngineContext } from '../context.ts';

/** Fixity on demand: reads stored files again and compares each with its name. Damage is written to the log. */
export async function checkArchive(
  context: EngineContext,
  limit?: number,
): Promise<ProcedureOutput<'archive.check'>> {
  const files = context.documents.storedFiles();
  const known = new Set(files.map((file) => file.sha256));
  const damaged: ProcedureOutput<'archive.check'>['damaged'] = [];
  let checked = 0;
  let bytes = 0;
  for (const file of limit === undefined ? files : files.slice(0, limit)) {
    const state = await context.objects.check(file.sha256);
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
    data: { checked, bytes, damaged, orphans },
  });
  return { checked, bytes, damaged, orphans };
}
