import type { StartedHost } from './early-host.ts';
import { signCommand } from './commands/sign.ts';
import { execute } from './execute.ts';

/** `an-thu sign`. Gives the exit status. */
export function runSign(argv: readonly string[], started: StartedHost | undefined): Promise<number> {
  return execute(() => Promise.resolve((args) => signCommand(args, started)), argv);
}
