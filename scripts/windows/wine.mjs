import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runBeside } from './command.mjs';
import { places } from './places.mjs';

/** Environment of everything that runs under Wine here. */
export function wineEnvironment(prefix = places.prefix) {
  // vite sets NODE_ENV where it builds the page; tests are to run without.
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, NODE_ENV: _mode, ...env } = process.env;
  return {
    ...env,
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: '-all',
    // No offers to fetch Gecko or Mono, no menu entries on the desktop of who runs this.
    WINEDLLOVERRIDES: 'mscoree,mshtml,winemenubuilder.exe=',
    NODE_SKIP_PLATFORM_CHECK: '1',
  };
}

/** Makes the Windows of these checks where it is missing, with the one library that Wine 8 lacks. */
export async function preparePrefix(prefix = places.prefix, missingLibraries = []) {
  if (!existsSync(join(prefix, 'system.reg'))) {
    rmSync(prefix, { recursive: true, force: true });
    mkdirSync(prefix, { recursive: true });
    await runBeside('wine', ['wineboot', '--init'], { env: wineEnvironment(prefix), timeout: 120_000 });
    // The registry is written when the server ends.
    await runBeside('wineserver', ['-w'], { env: wineEnvironment(prefix), timeout: 60_000 });
  }
  for (const file of missingLibraries) run('cp', [file, join(prefix, 'drive_c', 'windows', 'system32')]);
}

/**
 * Runs a Windows program to its end. Node under Wine cannot open a pipe of this system as standard stream, so it gets
 * /dev/null and files. `deadlineMs` guards against hanging; it is no measure.
 *
 * @returns {Promise<{ status: number | null, stdout: string, stderr: string }>}
 */
export async function runUnderWine(
  program,
  args,
  { env = {}, cwd, prefix, deadlineMs = 180_000, show = false } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'an-thu-wine-'));
  const files = { stdout: join(folder, 'stdout'), stderr: join(folder, 'stderr') };
  const descriptors = [openSync('/dev/null', 'r'), openSync(files.stdout, 'w'), openSync(files.stderr, 'w')];
  try {
    const child = spawn('wine', [program, ...args], {
      cwd,
      env: { ...wineEnvironment(prefix), ...env },
      stdio: descriptors,
      detached: true,
    });
    let shown = 0;
    const showNew = () => {
      const text = readFileSync(files.stdout);
      process.stdout.write(text.subarray(shown));
      shown = text.length;
    };
    const progress = show ? setInterval(showNew, 1000) : undefined;
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), deadlineMs);
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code));
    });
    clearTimeout(timer);
    clearInterval(progress);
    if (show) showNew();
    return {
      status,
      stdout: readFileSync(files.stdout, 'utf8'),
      stderr: readFileSync(files.stderr, 'utf8'),
    };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends what still runs in a prefix of these checks. */
export function endPrefix(prefix = places.prefix) {
  if (existsSync(prefix)) spawnSync('wineserver', ['-k'], { env: wineEnvironment(prefix), stdio: 'ignore' });
}
