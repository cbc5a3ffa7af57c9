import { fileURLToPath } from 'node:url';
import { createTokenService } from '../../../native/token-host/client.ts';
import type { TokenService } from '../../ports/token-service.ts';
import { createNodeSpawner } from '../hosts/node-spawner.ts';
import { usage } from './arguments.ts';

/** A token service that knows just the module or PKCS#12 file that a `--key` URI names. */
export function tokensForKey(uri: string): TokenService {
  const spawner = createNodeSpawner();
  if (uri.startsWith('file:')) {
    return createTokenService({ spawner, modules: [], softTokens: [{ path: fileURLToPath(uri) }] });
  }
  if (!uri.startsWith('pkcs11:')) throw usage('--key phải là URI pkcs11: hoặc file:');
  const modulePath = new URLSearchParams(uri.split('?')[1] ?? '').get('module-path');
  if (modulePath === null) throw usage('URI pkcs11 cần ?module-path=…');
  return createTokenService({ spawner, modules: [{ path: modulePath }], softTokens: [] });
}
