/**
 * The words of the command whose page is wanted, with `--help` anywhere behind it or `help` before it: none for the
 * general page. Undefined when no help is asked for; behind `--` stand file names.
 */
export function helpAsked(argv: readonly string[]): readonly string[] | undefined {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  if (own[0] !== 'help' && !own.includes('--help')) return undefined;
  const words = own.filter((word) => word !== '--help');
  if (words[0] === 'help') words.shift();
  const option = words.findIndex((word) => word.startsWith('-'));
  return option < 0 ? words : words.slice(0, option);
}
