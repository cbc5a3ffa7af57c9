import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { SoftHsm } from '../../scripts/lib/softhsm.ts';
import { buildFaultModule } from './build.ts';

/** A copy of the misbehaving module with a folder of orders of its own (fault-module.c says which there are). */
export interface FaultToken {
  readonly modulePath: string;
  readonly pin: string;
  /** The folder beside the library, where it looks for orders and leaves its records. */
  readonly folder: string;
  /** Gives these orders and no others; they hold from the next call on. */
  order(...orders: readonly string[]): void;
  /** Pulls the token or puts it back. */
  pull(): void;
  plug(): void;
  /** URI of a key by its id. */
  uri(id: string): string;
  /** How often C_Login reached the module, since the last `forget`; `user` 2 is the one with a signature. */
  loginsSent(user?: number): number;
  /** Wrong PINs in a row, as the token itself counts them with the order `pin-tries`. */
  failedOnToken(): number;
  /** Names of the functions called, one a line, while the order `log` holds. */
  calls(): string;
  /** The thread of each C_Sign, while the order `log-threads` holds. */
  signingThreads(): string[];
  /** Names of functions called while another thread was signing. */
  overlaps(): string;
  /** Lets a call go on that has the order `wait-for NAME`. */
  release(name: string): void;
  /** Forgets the logins, but not what the token counts. */
  trimLog(): void;
  /** Forgets logins, wrong PINs and orders carried out once. */
  forget(): void;
}

/** Sets a module up that forwards to the SoftHSM2 token given. `name` tells several apart. */
export function createFaultToken(parent: string, hsm: SoftHsm, name = 'fault'): FaultToken {
  const modulePath = join(parent, `${name}.so`);
  const folder = `${modulePath}.d`;
  mkdirSync(folder, { recursive: true });
  copyFileSync(buildFaultModule(), modulePath);
  const at = (file: string): string => join(folder, file);
  const always = [`forward ${hsm.modulePath}`, `env SOFTHSM2_CONF ${hsm.env.SOFTHSM2_CONF}`];
  const read = (file: string): string => (existsSync(at(file)) ? readFileSync(at(file), 'utf8') : '');
  const order = (...orders: readonly string[]): void => {
    const text = [...always, ...orders, ''].join('\n');
    // A driver at work reads the old orders or the new ones. Windows replaces no file that somebody has open.
    if (process.platform === 'win32') return writeFileSync(at('control'), text);
    writeFileSync(at('control.new'), text);
    renameSync(at('control.new'), at('control'));
  };
  order();
  return {
    modulePath,
    folder,
    pin: hsm.pin,
    order,
    pull: () => writeFileSync(at('absent'), ''),
    plug: () => rmSync(at('absent'), { force: true }),
    uri: (id) => hsm.uri(id).replace(/module-path=.*/, `module-path=${modulePath}`),
    loginsSent: (user = 1) =>
      read('logins.log')
        .split('\n')
        .filter((line) => line.startsWith(`user=${user} `) && line.includes('rv=sent')).length,
    failedOnToken: () => Number(read('pin-failed')),
    calls: () => read('calls.log'),
    signingThreads: () => read('threads.log').split('\n').filter(Boolean),
    overlaps: () => read('overlaps.log'),
    release: (name) => writeFileSync(at(name), ''),
    trimLog: () => rmSync(at('logins.log'), { force: true }),
    forget: () => {
      for (const file of ['logins.log', 'pin-failed', 'calls.log', 'threads.log', 'overlaps.log'])
        rmSync(at(file), { force: true });
    },
  };
}
