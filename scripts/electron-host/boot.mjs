import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { createRequire, registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseCommandLine } from './command-line.mjs';

/** The stand-in's `electron` executable: loads the app's main script, starts Chromium, and reports `ready`. */
const line = parseCommandLine(process.argv.slice(2));
if (line.appPath === undefined) {
  process.stderr.write('usage: electron [-r FILE] [--inspect=PORT] [--switch[=VALUE]] APP [ARGUMENT]\n');
  process.exit(64);
}
process.argv.splice(1, 1);
Object.defineProperty(process, 'type', { value: 'browser' });
Object.defineProperty(process.versions, 'electron', { value: 'stand-in', enumerable: true });

const electronUrl = new URL('./electron.mjs', import.meta.url).href;
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron' || specifier === 'electron/main')
      return { url: electronUrl, shortCircuit: true };
    return next(specifier, context);
  },
});

const { appInternals } = await import('./app.mjs');
const { interceptRequests } = await import('./protocol.mjs');
const { watchForPopups } = await import('./browser-window.mjs');
const { startChromium } = await import('./chromium.mjs');
const { runtime } = await import('./runtime.mjs');

const { state } = appInternals;
state.appPath = resolve(line.appPath);
const manifest = JSON.parse(readFileSync(join(state.appPath, 'package.json'), 'utf8'));
state.name = manifest.productName ?? manifest.name;
state.version = manifest.version;
// Chromium gets what stands before the app's path; what follows is the app's own business.
const ownSwitches = parseCommandLine(process.argv.slice(1, process.argv.indexOf(line.appPath))).switches;
for (const [name, value] of ownSwitches) state.switches.set(name, value);
if (line.switches.has('user-data-dir')) state.paths.set('userData', line.switches.get('user-data-dir'));

if (line.inspectPort !== undefined) inspector.open(line.inspectPort, '127.0.0.1');
const require = createRequire(import.meta.url);
for (const file of line.preloads) require(resolve(file));

await import(pathToFileURL(resolve(state.appPath, manifest.main)).href);
// An app that gave up while loading (it is not the first instance) needs no window any more.
if (!state.quitting) {
  runtime.chromium = await startChromium(state.switches);
  runtime.cdp = runtime.chromium.cdp;
  // Chromium ends when the app does; when it ends by itself, that is a failure.
  runtime.chromium.child.once('exit', () => process.exit(state.exitCode ?? 1));
  await interceptRequests();
  await watchForPopups();
  appInternals.becomeReady();
}
