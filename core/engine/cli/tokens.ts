import { createTokenService } from '../../../native/token-host/client.ts';
import type { TokenService } from '../../ports/token-service.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';

/** A token service for the one module or PKCS#12 file that a `--key` URI names. */
export function tokensNamedByUri(): TokenService {
  return createTokenService({
    spawner: createNodeSpawner(),
    modules: [],
    softTokens: [],
    allow: 'as-the-uri-says',
  });
}
