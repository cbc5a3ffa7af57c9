import type { CommandArguments } from './arguments.ts';
import { note, printLine } from './output.ts';

const EVERY = 500;

/**
 * Tells how far long work is: in words on standard error, with `--json-lines` as a line with `facts`; undefined where one document is
 * asked for.
 */
export function progressOn(
  args: CommandArguments,
  words: string,
  facts: Readonly<Record<string, string>>,
): ((done: number, total: number) => void) | undefined {
  if (args.mode === 'json') return undefined;
  return (done, total) => {
    if (done % EVERY !== 0) return;
    if (args.mode === 'json-lines') printLine({ event: 'progress', ...facts, done, total });
    else note(`${words} ${done}/${total} tệp…`);
  };
}
