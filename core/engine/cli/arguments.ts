import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { defaultDataFolder } from '../../shared/data-folder.ts';
import { AnThuError } from '../../shared/errors.ts';
import type { OutputMode } from './output.ts';

export interface CommandArguments {
  readonly positionals: readonly string[];
  /** Options of the command, as typed. */
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  readonly mode: OutputMode;
  readonly dataDir: string;
}

/** Options of every command. */
export const commonOptions: ParseArgsOptionsConfig = {
  json: { type: 'boolean' },
  'json-lines': { type: 'boolean' },
  data: { type: 'string' },
};

/** Parses a command's arguments; unknown options are `general.usage`. */
export function parseCommand(args: readonly string[], options: ParseArgsOptionsConfig): CommandArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...commonOptions, ...options },
      allowPositionals: true,
    });
    return {
      positionals,
      values,
      mode: values['json'] ? 'json' : values['json-lines'] ? 'json-lines' : 'text',
      dataDir: resolve(typeof values['data'] === 'string' ? values['data'] : defaultDataFolder()),
    };
  } catch (error) {
    if (error instanceof AnThuError) throw error;
    throw new AnThuError('general.usage', { reason: error instanceof Error ? error.message : String(error) });
  }
}

export function text(args: CommandArguments, name: string): string | undefined {
  const value = args.values[name];
  return typeof value === 'string' ? value : undefined;
}

export function texts(args: CommandArguments, name: string): string[] {
  const value = args.values[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

export function flag(args: CommandArguments, name: string): boolean {
  return args.values[name] === true;
}

/** The whole number of an option; undefined without it. `shape` says which digits may stand there, `needed` the same in words. Throws `general.usage`. */
export function wholeNumber(
  args: CommandArguments,
  name: string,
  shape = /^\d{1,9}$/,
  needed = 'cần một số',
): number | undefined {
  const value = text(args, name);
  if (value === undefined) return undefined;
  if (!shape.test(value)) throw usage(`--${name} ${value}: ${needed}`);
  return Number(value);
}

/** `--year`; undefined without it. Throws `general.usage`. */
export function yearOption(args: CommandArguments): number | undefined {
  return wholeNumber(args, 'year', /^\d{4}$/, 'cần một năm, bốn chữ số');
}

export function usage(reason: string): AnThuError {
  return new AnThuError('general.usage', { reason });
}
