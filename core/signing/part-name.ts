import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** Of a name, on every file system we write to. */
const LONGEST_NAME_BYTES = 255;
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 6);
/** Behind the output's name: machine, process, thread, count. */
const mark = /\.([0-9a-f]{6})-([0-9a-z]+)-\d+-[0-9a-z]+\.part$/;

let made = 0;

/**
 * Where an output is made before it gets its name: beside it, under a name that no other run uses, so that two runs that write the
 * same output (another window, `--resume` while the first run still goes) take nothing away from each other.
 */
export function partPathFor(outputPath: string, of: { readonly pid: number } = process): string {
  const end = `.${HOST}-${of.pid.toString(36)}-${threadId}-${(made++).toString(36)}.part`;
  return join(
    dirname(outputPath),
    `${shortened(basename(outputPath), LONGEST_NAME_BYTES - end.length)}${end}`,
  );
}

function shortened(name: string, bytes: number): string {
  const letters = [...name];
  while (Buffer.byteLength(letters.join('')) > bytes) letters.pop();
  return letters.join('');
}

/** The name of the output that a part is made for; other names stay as they are. */
export function outputNameOf(name: string): string {
  return name.replace(mark, '');
}

/** Removes the parts in a folder whose runs on this machine are no more. Parts of others, and what else lies there, stay. Never throws. */
export async function removeDeadParts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.allSettled(names.filter(isDead).map((name) => rm(join(folder, name), { force: true })));
}

function isDead(name: string): boolean {
  const [, host, pid = ''] = mark.exec(name) ?? [];
  return host === HOST && !isRunning(Number.parseInt(pid, 36));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
