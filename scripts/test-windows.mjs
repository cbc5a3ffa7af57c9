// npm run test:windows [-- FILTER…]: the product as win32, from Linux, under Wine (docs/windows.md).
// Installs Windows Node and the win32 packages, cross-compiles the native parts, runs the tests and the main job.
// With file names it runs those tests only. The last line is "N passed, N failed".
import { cpSync, mkdirSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage, buildPrograms } from './build.mjs';
import { printSummary } from './lib/test-counts.mjs';
import { buildPkcs11ForWindows } from './windows/build-addon.mjs';
import { buildMissingLibrary, buildTokenModules, buildToolFolder } from './windows/build-helpers.mjs';
import { windowsCounts } from './windows/count.mjs';
import { runMainJob } from './windows/main-job.mjs';
import { copyProject, installPackages, installParts, windowsNode } from './windows/parts.mjs';
import { places, winPath } from './windows/places.mjs';
import { startToolServer } from './windows/tool-server.mjs';
import { filesLeftOut, testsLeftOut } from '../tests/windows/left-out.ts';
import { endPrefix, preparePrefix, runUnderWine } from './windows/wine.mjs';

const filter = process.argv.slice(2);
const outcomes = [];
let modules;

/** Runs one step; `work` gives how many checks passed and failed, or nothing where the step itself is one. */
async function step(name, work) {
  const started = performance.now();
  let counted = { passed: 0, failed: 1 };
  try {
    counted = (await work()) ?? { passed: 1, failed: 0 };
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  const outcome = { name, ...counted, ms: performance.now() - started };
  process.stdout.write(`${outcome.failed === 0 ? '✓' : '✗'} ${name} (${(outcome.ms / 1000).toFixed(1)} s)\n`);
  outcomes.push(outcome);
  return outcome.failed === 0;
}

/** The last of a text, as much as somebody reads. */
const endOf = (text, length = 30_000) => (text.length > length ? `…${text.slice(-length)}` : text);

async function runTests(modules) {
  const [report, errors] = ['windows.json', 'windows-errors.json'].map((name) => join(places.results, name));
  mkdirSync(places.results, { recursive: true });
  for (const file of [report, errors]) rmSync(file, { force: true });
  const tools = await startToolServer();
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'scripts/windows/vitest.config.ts'];
  const { status, stderr } = await runUnderWine(windowsNode, [...vitest, ...filter], {
    cwd: places.project,
    env: {
      CI: 'true',
      NO_COLOR: '1',
      AN_THU_RESULTS: winPath(places.results),
      AN_THU_TOOLS_PORT: String(tools.port),
      AN_THU_FAULT_MODULE_X64: winPath(modules.x64),
      AN_THU_FAULT_MODULE_IA32: winPath(modules.ia32),
      WINEPATH: winPath(join(places.out, 'tools')),
    },
    // Four minutes on a quiet machine.
    deadlineMs: 25 * 60_000,
    show: true,
  });
  tools.close();
  // Vitest tells there which tests failed and how, and what no test caught.
  if (status !== 0) process.stdout.write(`standard error of vitest (status ${status}):\n${endOf(stderr)}\n`);
  if (!existsSync(report)) throw new Error('vitest wrote no report');
  const unhandled = existsSync(errors) ? JSON.parse(readFileSync(errors, 'utf8')) : [];
  const counts = windowsCounts(readFileSync(report, 'utf8'), testsLeftOut, {
    wholeRun: filter.length === 0,
    unhandled,
  });
  for (const complaint of counts.complaints) process.stdout.write(`  ✗ ${complaint}\n`);
  const notRun = filesLeftOut.reduce((count, { files }) => count + files.length, 0);
  process.stdout.write(
    `not run as win32: ${counts.skipped} tests and ${notRun} files or folders, each with its reason in tests/windows/left-out.ts\n`,
  );
  if (status !== 0 && counts.failed === 0) {
    process.stdout.write(`  ✗ vitest ended with status ${status} although no test failed\n`);
    counts.failed = 1;
  }
  return { passed: counts.passed, failed: counts.failed };
}

// npm waits for its line and for the disk, Wine's first start for itself: they run beside the builds. What fails is told by its step.
const packages = installPackages();
const prefix = buildMissingLibrary().then((library) => preparePrefix(places.prefix, [library]));
for (const beside of [packages, prefix]) beside.catch(() => undefined);
const ready =
  (await step('programs and page', async () => {
    await buildPrograms();
    await buildPage();
  })) &&
  (await step('windows parts', () => installParts())) &&
  (await step('native parts', async () => {
    const [sha256, made] = await Promise.all([
      buildPkcs11ForWindows(),
      buildTokenModules(),
      buildToolFolder(),
    ]);
    process.stdout.write(`pkcs11.node for Windows x64: SHA-256 ${sha256}\n`);
    modules = made;
  })) &&
  (await step('wine', () => prefix)) &&
  (await step('win32 packages', async () => {
    await packages;
    await copyProject();
    const target = join(places.project, 'node_modules', 'pkcs11js', 'build', 'Release');
    cpSync(join(places.addons, 'pkcs11.node'), join(target, 'pkcs11.node'), { recursive: true });
  }));
if (ready) {
  await step('vitest as win32', () => runTests(modules));
  if (filter.length === 0) await step('the main job as win32', () => runMainJob(modules));
}
endPrefix();
process.exitCode = printSummary(outcomes);
