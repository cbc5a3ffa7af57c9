import { resolve } from 'node:path';
import type { TokenDiagnosis } from '../../contract/token-diagnosis.ts';
import type { TokenModule } from '../../contract/token.ts';
import { AnThuError } from '../../shared/errors.ts';
import { findCandidates } from '../../../native/token-discovery/candidates.ts';
import { diagnoseTokens } from '../../../native/token-discovery/diagnose.ts';
import { createTokenService } from '../../../native/token-host/client.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';
import { type CommandArguments, texts } from './arguments.ts';
import { withEngine } from './connect.ts';
import { ownTries } from './tokens.ts';

/** Options of the commands that look at tokens. */
export const moduleOption = { module: { type: 'string', multiple: true } } as const;

export interface TokenFindings {
  /** As the engine lists them: allowed modules and soft tokens, with logins and failed tries. */
  readonly modules: readonly TokenModule[];
  readonly diagnosis: TokenDiagnosis;
}

/**
 * What tokens there are: the libraries of `--module` only, else what the data folder allows and what the machine has, else (no
 * data folder yet) what the machine has.
 */
export async function lookAtTokens(args: CommandArguments): Promise<TokenFindings> {
  const named = namedModules(args);
  if (named.length > 0) return await lookAt(named, args.dataDir);
  try {
    return await withEngine(args.dataDir, 'idle', async (engine) => ({
      diagnosis: await engine.call('tokens.diagnose', {}),
      modules: (await engine.call('token.list', {})).modules,
    }));
  } catch (thrown) {
    if (!(thrown instanceof AnThuError) || thrown.code !== 'store.no-data') throw thrown;
    return { modules: [], diagnosis: await diagnoseMachine(args.dataDir) };
  }
}

/** What the machine has, where no office was set up. */
export async function diagnoseMachine(dataDir: string): Promise<TokenDiagnosis> {
  return await diagnoseTokens({
    spawner: createNodeSpawner(),
    configured: [],
    now: new Date(),
    tries: ownTries(dataDir),
  });
}

/** Libraries to watch: `--module`, else what the data folder allows, else every library found on the machine. */
export async function modulesToWatch(args: CommandArguments): Promise<string[]> {
  const named = namedModules(args);
  if (named.length > 0) return named;
  try {
    return await withEngine(
      args.dataDir,
      'idle',
      async (engine) => (await engine.call('settings.get', {})).signing.modules,
    );
  } catch (thrown) {
    if (!(thrown instanceof AnThuError) || thrown.code !== 'store.no-data') throw thrown;
    const { modules } = await diagnoseMachine(args.dataDir);
    return modules.filter(({ loads }) => loads === true).map(({ path }) => path);
  }
}

const namedModules = (args: CommandArguments): string[] => texts(args, 'module').map((path) => resolve(path));

async function lookAt(paths: readonly string[], dataDir: string): Promise<TokenFindings> {
  const spawner = createNodeSpawner();
  const configured = paths.map((path) => ({ path }));
  const candidates = findCandidates(configured).filter(({ sources }) => sources.includes('configured'));
  const tryCounts = ownTries(dataDir);
  const tokens = createTokenService({ spawner, modules: configured, softTokens: [], tryCounts });
  try {
    return {
      diagnosis: await diagnoseTokens({
        spawner,
        configured,
        candidates,
        now: new Date(),
        tries: tryCounts,
      }),
      modules: await tokens.list(),
    };
  } finally {
    tokens.close();
  }
}
