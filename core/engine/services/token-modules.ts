import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import type { TokenDiagnosis } from '../../contract/token-diagnosis.ts';
import { AnThuError, fromErrorValue } from '../../shared/errors.ts';
import { diagnoseModule } from '../../../native/token-discovery/diagnose-module.ts';
import { diagnoseTokens } from '../../../native/token-discovery/diagnose.ts';
import type { EngineContext } from '../context.ts';
import { patchSettings, writeSettings } from '../settings.ts';

const MODULE_DEADLINE_MS = 10_000;

/** Looks at every module that the machine may have; the configured ones are marked. */
export async function diagnoseAll(context: EngineContext): Promise<TokenDiagnosis> {
  const configured = context.settings().signing.modules.map((path) => ({ path }));
  return await diagnoseTokens({
    spawner: context.spawner,
    configured,
    now: context.clock.now(),
    tries: context.tryCounts,
  });
}

/**
 * Adds a PKCS#11 module to those that may be used, after it was loaded once in a process of its own. Only for a path that an
 * administrator chose in a native dialog or typed on the command line. Errors: those of loading a module.
 */
export async function addModule(context: EngineContext, chosen: string): Promise<string[]> {
  if (!isAbsolute(chosen)) throw new AnThuError('general.invalid-input', { reason: 'path: not absolute' });
  const path = resolve(chosen);
  const before = context.settings().signing.modules;
  if (before.includes(path)) return before;
  const found = await diagnoseModule(
    { path, vendor: '', sources: ['configured'] },
    { spawner: context.spawner, deadlineMs: MODULE_DEADLINE_MS },
  );
  // A module that loads may be added while its token is away or its driver in trouble; one that does not is of no use.
  if (found.loads !== true) throw found.error ? fromErrorValue(found.error) : notLoaded(path);
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return change(context, [...before, path], 'token-module.added', {
    path,
    sha256,
    description: found.info?.description ?? '',
  });
}

/** Takes a module out of the list; one that is not in it is no error. */
export function removeModule(context: EngineContext, path: string): string[] {
  const before = context.settings().signing.modules;
  if (!before.includes(path)) return before;
  return change(
    context,
    before.filter((each) => each !== path),
    'token-module.removed',
    { path },
  );
}

const notLoaded = (path: string): AnThuError =>
  new AnThuError('token.module-load-failed', { path, reason: 'unknown' });

function change(
  context: EngineContext,
  modules: string[],
  action: string,
  data: Readonly<Record<string, string>>,
): string[] {
  const settings = patchSettings(context.settings(), { signing: { modules } });
  context.database.transaction(() => {
    writeSettings(context.database, settings);
    context.audit.append({ actor: context.actor, action, subject: 'settings', data: { ...data } });
  });
  return modules;
}
