// npm test [-- STEP…]: every check and every test. All steps run even when one fails; the last line is
// "N passed, N failed", summed over all runners. Without names all steps run; a name picks steps (see `steps`).
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playwrightCounts, printSummary, vitestCounts } from './lib/test-counts.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const results = join(root, 'out', 'test-results');
const MINUTE = 60_000;

const bin = (name) => join(root, 'node_modules', '.bin', name);
const script = (name, ...args) => [process.execPath, [join(root, 'scripts', name), ...args]];

/**
 * A step runs a command; `count` reads how many tests passed and failed from its report, without it the step
 * itself is one check. Steps of the same group run side by side, groups one after the other.
 */
const steps = [
  { name: 'build', group: 1, command: script('build.mjs', '--page') },
  { name: 'typecheck', group: 1, command: [bin('tsc'), ['-p', '.']] },
  { name: 'lint', group: 1, command: [bin('oxlint'), ['--deny-warnings', '.']] },
  { name: 'format', group: 1, command: [bin('prettier'), ['--check', '--log-level=warn', '.']] },
  { name: 'dead-code', group: 1, command: [bin('knip'), ['--no-progress', '--no-config-hints']] },
  { name: 'errors-doc', group: 1, command: script('write-errors-doc.mjs', '--check') },
  { name: 'token-errors-doc', group: 1, command: script('write-token-errors-doc.mjs', '--check') },
  { name: 'notices', group: 1, command: script('write-notices.mjs', '--check') },
  {
    name: 'vitest',
    group: 2,
    report: 'vitest.json',
    command: [bin('vitest'), ['run', '--reporter=default', '--reporter=json']],
    args: (report) => [`--outputFile.json=${report}`],
    count: vitestCounts,
    // This and the others guard against a hang; they are no measure: the same machine is at times half as quick.
    deadlineMs: 25 * MINUTE,
  },
  {
    name: 'window',
    group: 3,
    report: 'playwright.json',
    command: [bin('playwright'), ['test', '-c', 'tests/e2e', '--reporter=list,json']],
    env: (report) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: report }),
    count: playwrightCounts,
    deadlineMs: 10 * MINUTE,
  },
  { name: 'boringssl', group: 4, command: script('test-boringssl.mjs') },
];

/** Static checks wait for one another on a small machine; two at a time keep both cores busy. */
const SIDE_BY_SIDE = 2;

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    for (const child of running) endWithChildren(child);
    process.exit(130);
  });
}

function run(step) {
  const started = performance.now();
  const report = step.report ? join(results, step.report) : undefined;
  if (report) rmSync(report, { force: true });
  const [command, args] = step.command;
  // What runs alone shows its progress; what runs beside others shows its words only when they matter.
  const alone = step.count !== undefined;
  const child = spawn(command, [...args, ...(step.args?.(report) ?? [])], {
    cwd: root,
    env: { ...process.env, ...step.env?.(report), NO_COLOR: '1', CI: 'true' },
    stdio: ['ignore', alone ? 'inherit' : 'pipe', alone ? 'inherit' : 'pipe'],
    detached: process.platform !== 'win32',
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (words += String(chunk)));
  running.add(child);
  const deadlineMs = step.deadlineMs ?? 5 * MINUTE;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    endWithChildren(child);
  }, deadlineMs);
  return new Promise((resolve) => {
    child.on('error', (error) => (words += error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      const ok = code === 0 && !late;
      if (late) words += `\nended: not done after ${deadlineMs / MINUTE} minutes\n`;
      if (!ok && words !== '') process.stdout.write(`\n── ${step.name} ──\n${words}\n`);
      const counted = step.count && existsSync(report) ? step.count(readFileSync(report, 'utf8')) : undefined;
      const passed = counted?.passed ?? (ok ? 1 : 0);
      // A runner that fails without a failed test (a file that does not load, a crash) is a failure all the same.
      const failed = Math.max(counted?.failed ?? 0, ok ? 0 : 1);
      resolve({ name: step.name, passed, failed, ms: performance.now() - started });
    });
  });
}

function endWithChildren(child) {
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

async function runGroup(group) {
  const waiting = [...group];
  const done = [];
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const outcome = await run(step);
      process.stdout.write(
        `${outcome.failed === 0 ? '✓' : '✗'} ${step.name} (${(outcome.ms / 1000).toFixed(1)} s)\n`,
      );
      done.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return done;
}

mkdirSync(results, { recursive: true });
const names = process.argv.slice(2);
const unknown = names.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no step ${unknown.join(', ')}; there are: ${steps.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(64);
}
const chosen = steps.filter((step) => names.length === 0 || names.includes(step.name));
const outcomes = [];
for (const group of new Set(chosen.map((step) => step.group))) {
  outcomes.push(...(await runGroup(chosen.filter((step) => step.group === group))));
}
process.exitCode = printSummary(outcomes);
