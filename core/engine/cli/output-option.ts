import { resolve } from 'node:path';
import { type NamedOutput, refuseOutput } from '../services/named-output.ts';
import { type CommandArguments, flag, text } from './arguments.ts';

/**
 * The file that an option names, refused before the work for it begins when it may not be written; undefined without the option.
 * `--force` replaces one that is there. Throws what {@link refuseOutput} throws.
 */
export async function outputOption(args: CommandArguments, name: string): Promise<NamedOutput | undefined> {
  const path = text(args, name);
  if (path === undefined) return undefined;
  const output: NamedOutput = { path: resolve(path), existing: flag(args, 'force') ? 'replace' : 'refuse' };
  await refuseOutput(args.dataDir, output);
  return output;
}
