import { extname, isAbsolute, resolve } from 'node:path';

/** E-document packages that the desktop passed on the command line: a double click on an `.edxml` file. */
export function openedPackages(argv: readonly string[], cwd: string): string[] {
  return argv
    .slice(1)
    .filter((argument) => !argument.startsWith('-') && extname(argument).toLowerCase() === '.edxml')
    .map((argument) => (isAbsolute(argument) ? argument : resolve(cwd, argument)));
}
