import { resolve } from 'node:path';
import { defaultDataFolder } from '../core/shared/data-folder.ts';

export interface ShellArguments {
  /** Absolute path of the data folder. */
  readonly dataFolder: string;
  /** Where to put a picture of every screen before quitting; undefined for normal work. */
  readonly screenshotFolder: string | undefined;
  /** Started with the session: the window opens minimised. */
  readonly isHidden: boolean;
}

/** Reads `--data DIR`, `--screenshot [DIR]` (also with `=`) and `--hidden`; everything else on the line is Electron's. */
export function readArguments(argv: readonly string[], cwd: string): ShellArguments {
  const data = option(argv, '--data');
  const screenshot = option(argv, '--screenshot');
  return {
    dataFolder: data?.value === undefined ? defaultDataFolder() : resolve(cwd, data.value),
    screenshotFolder:
      screenshot === undefined ? undefined : resolve(cwd, screenshot.value ?? 'out/screenshots'),
    isHidden: argv.includes('--hidden'),
  };
}

function option(argv: readonly string[], name: string): { readonly value: string | undefined } | undefined {
  const index = argv.findIndex((argument) => argument === name || argument.startsWith(`${name}=`));
  const found = argv[index];
  if (found === undefined) return undefined;
  if (found !== name) return { value: found.slice(name.length + 1) };
  const next = argv[index + 1];
  return { value: next === undefined || next.startsWith('--') ? undefined : next };
}
