/**
 * Electron's command line, as `electron [-r FILE] [--inspect=N] [--switch[=value]]… APP [argument]…` and as Playwright
 * writes it. Switches may also stand after the app's path.
 *
 * @param {readonly string[]} argv everything after the executable
 */
export function parseCommandLine(argv) {
  const parsed = { preloads: [], inspectPort: undefined, switches: new Map(), appPath: undefined };
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index];
    if (argument === '-r' || argument === '--require') {
      parsed.preloads.push(argv[++index]);
      continue;
    }
    if (argument.startsWith('--')) {
      const [name, ...rest] = argument.slice(2).split('=');
      const value = rest.join('=');
      if (name === 'inspect') parsed.inspectPort = Number(value || 9229);
      else parsed.switches.set(name, value);
      continue;
    }
    parsed.appPath ??= argument;
  }
  return parsed;
}
