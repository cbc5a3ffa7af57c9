import { join } from 'node:path';
import { createTokenService } from '../../../native/token-host/client.ts';
import { type KnownTries, triesToShow, type TryCountStore } from '../../../native/token-host/try-counts.ts';
import type { TokenService } from '../../ports/token-service.ts';
import { TOKEN_TRIES_FOLDER } from '../../shared/data-folder.ts';
import { sentenceFor } from '../../contract/sentences.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';
import { tryCountsIn } from '../services/try-folder.ts';
import { hostFor, type StartedHost } from './early-host.ts';

/**
 * A token service for the one module or PKCS#12 file that a `--key` URI names; `started` is its host, started ahead. Wrong
 * PINs are counted in the data folder whether or not an office was set up there: the next run must know of them.
 */
export function tokensNamedByUri(dataDir: string, started?: StartedHost): TokenService {
  let left = started;
  const spawner = createNodeSpawner((name, options) => {
    const early = name === 'token-host' ? left : undefined;
    if (!early) return undefined;
    left = undefined;
    return hostFor(early, options);
  });
  return createTokenService({
    spawner,
    modules: [],
    softTokens: [],
    allow: 'as-the-uri-says',
    tryCounts: ownTries(dataDir),
  });
}

/** The tries counted in a data folder, by the engine and the command line. */
export const ownTries = (dataDir: string): TryCountStore => tryCountsIn(join(dataDir, TOKEN_TRIES_FOLDER));

/** Those tries as they are shown. */
export const knownTries = (dataDir: string): Promise<KnownTries> => triesToShow(ownTries(dataDir));

/** A file with a key signs like a token, but not officially; said wherever one signs. */
export function softTokenWarnings(keyUri: string): { code: string; message: string }[] {
  if (!keyUri.startsWith('file:')) return [];
  return [{ code: 'token.soft-not-official', message: sentenceFor('token.soft-not-official') }];
}
