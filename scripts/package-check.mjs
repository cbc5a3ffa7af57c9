// npm run package:check: packs for Linux and Windows against a stand-in Electron folder and looks at the result.
// It proves that nothing needed is missing and nothing unwanted is inside; what it cannot prove is printed at the end.
import { closeSync, openSync, readFileSync, readSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { extractFile, listPackage, statFile } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { buildPage, buildPrograms } from './build.mjs';
import { judgeArchive, productionPackages } from './package-check/archive-rules.mjs';
import { failpointNames } from './package-check/failpoint-names.mjs';
import { binaryTarget } from './package-check/binary-header.mjs';
import { checkInstaller } from './package-check/installer.mjs';
import { pack } from './package-check/pack.mjs';
import { smokeRun } from './package-check/smoke.mjs';
import { repository } from './package-check/stand-in-electron.mjs';
import { loadAddonsUnderWine } from './package-check/under-wine.mjs';
import { buildPkcs11ForWindows } from './windows/build-addon.mjs';
import { installParts } from './windows/parts.mjs';
import { endPrefix } from './windows/wine.mjs';

const workFolder = join(repository, 'out', 'package-check');
const readJson = (name) => JSON.parse(readFileSync(join(repository, name), 'utf8'));
const electronVersion = readJson('package.json').devDependencies.electron;
const packages = productionPackages(readJson('package-lock.json'));
const configuredFuses = readConfiguredFuses(readFileSync(join(repository, 'electron-builder.yml'), 'utf8'));
const failpoints = ['AN_THU_FAILPOINT', ...failpointNames(repository)];
const failures = [];

/** The block `electronFuses:` of the packer's configuration: name → on or off. */
function readConfiguredFuses(yaml) {
  const block = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(yaml)?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^ {2}(\w+): (true|false)$/gm)].map(([, name, value]) => [name, value === 'true']),
  );
}

/** Reports one check: what it looked at, and what is wrong. */
function check(name, complaints, facts = '') {
  const state = complaints.length === 0 ? 'ok  ' : 'FAIL';
  process.stdout.write(`${state} ${name}${facts === '' ? '' : ` (${facts})`}\n`);
  for (const complaint of complaints.slice(0, 20)) process.stdout.write(`       ${complaint}\n`);
  if (complaints.length > 20) process.stdout.write(`       … and ${complaints.length - 20} more\n`);
  failures.push(...complaints);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function firstBytes(path) {
  const descriptor = openSync(path, 'r');
  const bytes = Buffer.alloc(4096);
  const length = readSync(descriptor, bytes);
  closeSync(descriptor);
  return bytes.subarray(0, length);
}

function archiveFiles(archive) {
  return listPackage(archive)
    .map((path) => path.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((path) => !('files' in statFile(archive, path)));
}

/** Our own code in the archive must not carry the places where tests kill the program. */
function failpointsIn(archive, files) {
  return files
    .filter((file) => /^build\/[^/]+\.[mc]js$/.test(file))
    .flatMap((file) => {
      const text = extractFile(archive, file).toString('utf8');
      return failpoints
        .filter((name) => text.includes(name))
        .map((name) => `${file}: carries failpoint ${name}`);
    });
}

/** Native files must lie outside the archive and be made for the target. */
function judgeBinaries(platform, resources, files) {
  const unpacked = filesBelow(join(resources, 'app.asar.unpacked'));
  const complaints = files
    .filter((file) => file.endsWith('.node'))
    .filter((file) => !unpacked.includes(join(resources, 'app.asar.unpacked', file)))
    .map((file) => `${file}: a native module inside the archive`);
  const targets = unpacked
    .map((path) => [relative(resources, path), binaryTarget(firstBytes(path))])
    .filter(([path, target]) => target !== undefined || /\.(node|dll|so(\.\d+)*|dylib)$/.test(path));
  for (const [path, target] of targets) {
    if (target !== `${platform}-x64`)
      complaints.push(`${path}: ${target ?? 'no known binary'}, not ${platform}-x64`);
  }
  for (const name of ['better-sqlite3', 'sharp', 'pkcs11js']) {
    if (!targets.some(([path]) => path.includes(name))) complaints.push(`${name}: its binary is missing`);
  }
  const addons = unpacked.filter((path) => path.endsWith('.node'));
  return { complaints, count: targets.length, addons };
}

async function judgeFuses(executable) {
  const wire = await getCurrentFuseWire(executable);
  const complaints = [];
  for (const [name, index] of Object.entries(FuseV1Options).filter(
    ([, value]) => typeof value === 'number',
  )) {
    const configured = configuredFuses[name[0].toLowerCase() + name.slice(1)];
    // A fuse that the configuration cannot name keeps what Electron ships: on in the stand-in.
    const wanted = (configured ?? true) ? '1' : '0';
    const found = String.fromCharCode(wire[index]);
    if (found !== wanted) complaints.push(`${name} is ${found}, wanted ${wanted}`);
  }
  return complaints;
}

async function checkPlatform(platform) {
  const started = Date.now();
  const { folder, executable } = pack(platform, workFolder, electronVersion);
  check(`${platform}: packed`, [], `${((Date.now() - started) / 1000).toFixed(1)} s`);
  const resources = join(folder, 'resources');
  const archive = join(resources, 'app.asar');
  const files = archiveFiles(archive);
  const megabytes = (statSync(archive).size / 1e6).toFixed(1);
  check(
    `${platform}: archive holds only what is allowed`,
    [
      ...judgeArchive(files, packages),
      ...(files.includes('node_modules/pkcs11js/LICENSE') ? [] : ['the licence of pkcs11js is missing']),
    ],
    `${files.length} files, ${megabytes} MB`,
  );
  check(`${platform}: no failpoints`, failpointsIn(archive, files), `${failpoints.length} names looked for`);
  const binaries = judgeBinaries(platform, resources, files);
  check(`${platform}: native files are unpacked and for x64`, binaries.complaints, `${binaries.count} files`);
  check(`${platform}: fuses as configured`, await judgeFuses(executable));
  return { archive, folder, addons: binaries.addons };
}

/** What of the Windows package can be run under Wine: its add-ons, and the MSI made of it. */
async function checkUnderWine({ folder, addons }) {
  const complaints = await loadAddonsUnderWine(addons);
  check('win32: add-ons load under Wine in an-thu.exe', complaints, `${addons.length} add-ons`);
  for (const step of await checkInstaller(folder, workFolder)) {
    check(`win32: the MSI ${step.name}`, step.complaints);
  }
  endPrefix();
}

await buildPrograms({ release: true });
await buildPage();
await installParts();
check(
  'win32: pkcs11js is cross-compiled, the same bytes twice',
  [],
  `SHA-256 ${(await buildPkcs11ForWindows()).slice(0, 16)}…`,
);
const linux = await checkPlatform('linux');
const windows = await checkPlatform('win32');
try {
  await checkUnderWine(windows);
} catch (error) {
  check('win32: under Wine', [String(error)]);
}
try {
  const { facts, complaints } = await smokeRun(linux.archive);
  check('linux: the packed app runs on the stand-in host', [], JSON.stringify(facts));
  check('linux: the packed helper programs do their work', complaints);
} catch (error) {
  check('linux: the packed app runs on the stand-in host', [String(error)]);
}

process.stdout.write(`
Not proved here (docs/not-run-here.md):
  - that real Electron starts from this archive with these fuses and its integrity check
  - installers NSIS, AppImage, deb, dmg: their tools cannot be had on this machine (the MSI is built and installed under Wine)
  - Windows itself; arm64 and ia32, for which the PKCS#11 add-on is not built
  - code signing and notarization
`);
if (failures.length > 0) process.exitCode = 1;
