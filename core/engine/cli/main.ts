import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { outliveReaders } from './closed-output.ts';
import { endNow } from './end-now.ts';
import { type StartedHost, startHostFor } from './early-host.ts';
import { helpAsked } from './help-asked.ts';
import { stayLean } from './lean-process.ts';

/*
 * The command line. `sign` is a bundle of its own, and its token host starts before anything else is loaded: both
 * take as long as Node's own start, and a clerk waits for both.
 */
if (import.meta.url.endsWith('.mjs')) enableCompileCache(join(import.meta.dirname, '.compile-cache'));

const argv = process.argv.slice(2);
const signs = argv[0] === 'sign' && !helpAsked(argv);
process.exitCode = signs ? await sign(argv.slice(1)) : await other();
if (signs) endNow();

async function sign(rest: readonly string[]): Promise<number> {
  const started: StartedHost | undefined = startHostFor(rest);
  outliveReaders();
  stayLean();
  await import('../../shared/zod-jitless.ts');
  const { runSign } = await import('./sign-main.ts');
  return await runSign(rest, started);
}

async function other(): Promise<number> {
  outliveReaders();
  const { runCommand } = await import('./run-command.ts');
  return await runCommand(argv);
}
