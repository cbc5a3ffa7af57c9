import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';

export const repository = join(import.meta.dirname, '..', '..');

/** Builds the programs when they are stale; does nothing after the build step of `npm test`. */
export function buildPrograms(): void {
  execFileSync(process.execPath, [join(repository, 'scripts', 'build.mjs')], { stdio: 'pipe' });
}

export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as the one JSON document that it must be. */
  json<T>(schema: z.ZodType<T>): T;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the built command line as a process of its own, with its standard input closed. */
export function anThu(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  return runProgram(process.execPath, [join(repository, 'build', 'an-thu.mjs'), ...args], options);
}

export function runProgram(
  program: string,
  args: readonly string[],
  { env = {}, cwd }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { env: { ...process.env, ...env }, cwd, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const status = child.exitCode;
        if (status === null) return reject(error ?? new Error(`${program} was killed`));
        resolve({ status, stdout, stderr, json: (schema) => schema.parse(parseOne(stdout, stderr)) });
      },
    );
    child.stdin?.end();
  });
}

export const errorSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

function parseOne(stdout: string, stderr: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch (error) {
    throw new Error(`no JSON document: ${stdout.slice(0, 200)}\n${stderr.slice(-2000)}`, { cause: error });
  }
}
