import type * as http from 'node:http';
import type * as https from 'node:https';

/**
 * Node's module that speaks a URL's protocol, http or https. Loaded when somebody is asked: a command that asks nobody
 * need not wait for them at its start.
 */
export function httpModuleFor(url: URL): typeof http | typeof https {
  return process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
}
