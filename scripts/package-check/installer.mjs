import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildRightsReader } from '../windows/build-helpers.mjs';
import { run } from '../windows/command.mjs';
import { appId, filesIn, makeMsi } from '../windows/msi.mjs';
import { places, winPath } from '../windows/places.mjs';
import { preparePrefix, runUnderWine } from '../windows/wine.mjs';

const msiexec = (...args) => runUnderWine('msiexec', args, { deadlineMs: 120_000 });

/** What two folders do not have in common, by name and content. */
function differences(installed, wanted) {
  const there = existsSync(installed) ? filesIn(installed) : [];
  const due = filesIn(wanted);
  return [
    ...due.filter((file) => !there.includes(file)).map((file) => `${file}: not installed`),
    ...there.filter((file) => !due.includes(file)).map((file) => `${file}: should not be there`),
    ...due
      .filter((file) => there.includes(file))
      .filter((file) => !readFileSync(join(installed, file)).equals(readFileSync(join(wanted, file))))
      .map((file) => `${file}: other bytes`),
  ];
}

/** A next version of the packed folder: one file more, one less, one changed. */
function nextVersion(packed, folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(packed, folder, { recursive: true });
  writeFileSync(join(folder, 'new-in-this-version.txt'), 'new');
  writeFileSync(join(folder, 'version'), 'next');
  rmSync(join(folder, 'LICENSES.chromium.html'));
  return folder;
}

/** The rows of a table of an MSI. */
const rowsOf = (msi, table) =>
  run('msiinfo', ['export', msi, table])
    .split(/\r?\n/)
    .slice(3)
    .filter(Boolean)
    .map((line) => line.split('\t'));

/** What is wrong with the id on the Start menu's shortcut, which Wine's installer passes over too. */
function appIdComplaints(msi) {
  const shortcuts = rowsOf(msi, 'Shortcut').map(([name]) => name);
  const ids = rowsOf(msi, 'MsiShortcutProperty').filter(([, , key]) => key === 'System.AppUserModel.ID');
  const good = shortcuts.every((name) =>
    ids.some(([, shortcut, , id]) => shortcut === name && id === appId()),
  );
  return good && shortcuts.length > 0 ? [] : ['the shortcut does not carry the id of the program'];
}

/**
 * What is wrong with the rights that an MSI asks for its folder of machine settings. Wine's installer passes that table over, so it is
 * read out of the file, and understood by the call with which Windows would.
 */
async function rightsComplaints(msi) {
  const [, folder, kind, rights = ''] = rowsOf(msi, 'MsiLockPermissionsEx')[0] ?? [];
  const made = rowsOf(msi, 'CreateFolder').some(([name]) => name === folder);
  const place = rowsOf(msi, 'Directory').find(([name]) => name === folder) ?? [];
  const { status, stdout, stderr } = await runUnderWine(await buildRightsReader(), [rights]);
  const lines = stdout.split(/\r?\n/).filter(Boolean);
  const wanted = ['protected', 'S-1-5-18 1f01ff 3', 'S-1-5-32-544 1f01ff 3', 'S-1-5-32-545 1200a9 3'];
  return [
    ...(kind === 'CreateFolder' && made && place[1] === 'CommonAppDataFolder'
      ? []
      : ['the rights are not those of a folder below %PROGRAMDATA% that the installer makes']),
    ...(status === 0 && lines.join() === wanted.join()
      ? []
      : [`rights: ${rights} is read as ${lines.join(', ')} ${stderr}`]),
  ];
}

/**
 * Makes the MSI of the packed folder and of a next version, installs, upgrades, tries to go back, and removes under
 * Wine, silently; the files, the Start menu and the user's data are looked at from here after each.
 *
 * @returns {Promise<{ name: string, complaints: string[] }[]>}
 */
export async function checkInstaller(packed, workFolder) {
  await preparePrefix();
  const first = join(workFolder, 'an-thu-1.2.3.msi');
  const second = join(workFolder, 'an-thu-1.3.0.msi');
  const next = nextVersion(packed, join(workFolder, 'packed-next'));
  makeMsi({ packed, version: '1.2.3', target: first });
  makeMsi({ packed: next, version: '1.3.0', target: second });

  // What a run that was broken off left installed.
  for (const left of [second, first]) await msiexec('/x', winPath(left), '/qn');

  const drive = join(places.prefix, 'drive_c');
  const installed = join(drive, 'Program Files', 'An Thu');
  const menu = join('Microsoft', 'Windows', 'Start Menu');
  const menus = [
    join(drive, 'ProgramData', menu),
    ...readdirSync(join(drive, 'users')).map((user) =>
      join(drive, 'users', user, 'AppData', 'Roaming', menu),
    ),
  ].filter((folder) => existsSync(folder));
  const shortcuts = () =>
    menus.flatMap((folder) => filesIn(folder)).filter((file) => file.endsWith('An Thu.lnk'));
  // What an office keeps, where it keeps it; the installer must not touch it.
  const data = join(drive, 'users', 'office', 'AppData', 'Local', 'An Thu');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'register.db'), 'data of an office');
  // Windows' name for what an administrator sets for everybody; made by the installer, kept when something lies in it.
  const machine = join(drive, 'ProgramData', 'An Thu');
  rmSync(machine, { recursive: true, force: true });
  const dataComplaints = () => [
    ...(existsSync(data) && readFileSync(join(data, 'register.db'), 'utf8') === 'data of an office'
      ? []
      : ['the data folder was touched']),
    ...(existsSync(machine) ? [] : ['there is no folder for machine settings']),
    ...(existsSync(join(machine, 'machine.json')) || steps.length === 0
      ? []
      : ['the machine settings are gone']),
  ];

  const opensEdxml = async () => {
    const key = 'HKLM\\Software\\Classes\\AnThu.edxml\\shell\\open\\command';
    return (await runUnderWine('reg', ['query', key, '/ve'])).stdout.includes('An Thu\\an-thu.exe" "%1"');
  };

  const steps = [];
  const step = async (name, args, { succeeds, files, shortcut }) => {
    const { status, stderr } = await msiexec(...args, '/qn');
    const complaints = [
      ...((status === 0) === succeeds ? [] : [`msiexec ended with ${status} ${stderr}`]),
      ...(files === undefined
        ? existsSync(installed)
          ? filesIn(installed).map((file) => `${file}: left behind`)
          : []
        : differences(installed, files)),
      ...(shortcuts().length === (shortcut ? 1 : 0)
        ? []
        : [`shortcuts: ${shortcuts().join(', ') || 'none'}`]),
      ...((await opensEdxml()) === shortcut
        ? []
        : ['.edxml files: their program in the registry is not as it should be']),
      ...dataComplaints(),
    ];
    steps.push({ name, complaints });
  };
  try {
    await step('installs', ['/i', winPath(first)], { succeeds: true, files: packed, shortcut: true });
    if (existsSync(machine)) writeFileSync(join(machine, 'machine.json'), '{}');
    await step('upgrades', ['/i', winPath(second)], { succeeds: true, files: next, shortcut: true });
    await step('refuses an older version', ['/i', winPath(first)], {
      succeeds: false,
      files: next,
      shortcut: true,
    });
    await step('is removed, data stay', ['/x', winPath(second)], {
      succeeds: true,
      files: undefined,
      shortcut: false,
    });
    const complaints = await rightsComplaints(second);
    steps.push({ name: 'lets only administrators write machine settings', complaints });
    steps.push({ name: 'names the program on its shortcut', complaints: appIdComplaints(second) });
  } finally {
    rmSync(machine, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
    rmSync(next, { recursive: true, force: true });
    rmSync(second, { force: true });
  }
  return steps;
}
