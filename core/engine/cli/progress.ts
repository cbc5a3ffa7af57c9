import type { CommandArguments } from './arguments.ts';
import { note } from './output.ts';

const EVERY = 500;

/** Tells how far long work is, on standard error; undefined where nobody reads text. */
export function progressOn(
  args: CommandArguments,
  words: string,
): ((done: number, total: number) => void) | undefined {
  if (args.mode !== 'text') return undefined;
  return (done, total) => {
    if (done % EVERY === 0) note(`${words} ${done}/${total} tệp…`);
  };
}
