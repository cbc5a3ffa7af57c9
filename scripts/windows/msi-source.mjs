// The description of the MSI (WiX 3 language, as wixl reads it) from a list of files.
import { createHash } from 'node:crypto';
import { posix } from 'node:path';

/** What the installer belongs to, for ever: Windows finds older versions by it. */
const UPGRADE_CODE = '7B0C9A5E-2F41-4D0B-9C57-3A6E1D84F260';
const FOLDER_NAME = 'An Thu';

/**
 * Rights of the folder for machine settings: the system and administrators everything, users read only; nothing is inherited
 * from `%PROGRAMDATA%`, below which Windows lets every user create files.
 */
export const machineFolderRights = 'D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)';

/** A table as a text archive file: names of columns, their types, the table with its key, the rows. */
const archive = (table, columns, types, rows) => ({
  table,
  text: [columns, types, [table, columns[0]], ...rows].map((cells) => `${cells.join('\t')}\r\n`).join(''),
});

/**
 * Tables of Windows Installer 5 for which wixl has no words: the rights of a folder that it makes, and the id on the shortcut of the Start
 * menu, without which Windows shows no notices of the program.
 *
 * @param {string} appId as the program gives it to `app.setAppUserModelId`
 */
export const furtherTables = (appId) => [
  archive(
    'MsiLockPermissionsEx',
    ['MsiLockPermissionsEx', 'LockObject', 'Table', 'SDDLText', 'Condition'],
    ['s72', 's72', 's32', 's0', 'S255'],
    [['MachineSettingsRights', 'MachineSettings', 'CreateFolder', machineFolderRights, '']],
  ),
  archive(
    'MsiShortcutProperty',
    ['MsiShortcutProperty', 'Shortcut_', 'PropertyKey', 'PropVariantValue'],
    ['s72', 's72', 's255', 's255'],
    [['StartMenuAppId', 'StartMenuShortcut', 'System.AppUserModel.ID', appId]],
  ),
];

const hash = (text) => createHash('sha256').update(text).digest('hex');

/** A GUID that is the same for the same text: a file keeps its component from version to version. */
function guidOf(text) {
  const hex = hash(`${UPGRADE_CODE} ${text}`).toUpperCase();
  const variant = '89AB'[Number.parseInt(hex[16], 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const idOf = (kind, path) => `${kind}${hash(path).slice(0, 24)}`;
const quoted = (text) =>
  `"${text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`;

/** Folders and files as nested elements; each file is a component of its own, as Windows Installer wants it. */
function folderContents(files, folder, packed, components) {
  const inside = files.filter((file) => folder === '' || file.startsWith(`${folder}/`));
  const names = new Set(
    inside.map((file) => file.slice(folder === '' ? 0 : folder.length + 1).split('/')[0]),
  );
  return [...names]
    .toSorted()
    .map((name) => {
      const path = posix.join(folder, name);
      if (!files.includes(path)) {
        const contents = folderContents(files, path, packed, components);
        return `<Directory Id="${idOf('d', path)}" Name=${quoted(name)}>\n${contents}\n</Directory>`;
      }
      const component = idOf('c', path);
      components.push(component);
      return (
        `<Component Id="${component}" Guid="${guidOf(path)}" Win64="yes">` +
        `<File Id="${idOf('f', path)}" Name=${quoted(name)} Source=${quoted(posix.join(packed, path))} KeyPath="yes"/></Component>`
      );
    })
    .join('\n');
}

/**
 * Per machine, for x64, silent with /qn, one shortcut in the Start menu. A newer version removes the older one first; an older
 * one refuses. All words are without marks: libmsi, on which wixl stands, crashes on other letters. Outside its own folder it names
 * the empty folder for machine settings only, which stays when something lies in it: removing it leaves every data folder alone.
 *
 * @param {{ version: string, files: readonly string[], packed: string, icon: string }} of `files` relative to the folder
 *   `packed`; that and `icon` relative to the description
 */
export function msiSource({ version, files, packed, icon }) {
  const components = [];
  const contents = folderContents(files, '', packed, components);
  return `<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="${guidOf(`product ${version}`)}" Name="An Thu" Manufacturer="An Thu developers" Version="${version}"
  Language="1066" UpgradeCode="${UPGRADE_CODE}">
<Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine"
  Description="An Thu ${version}" Manufacturer="An Thu developers"/>
<MajorUpgrade DowngradeErrorMessage="May nay da co phien ban An Thu moi hon. / A newer version of An Thu is installed."/>
<Media Id="1" Cabinet="an-thu.cab" EmbedCab="yes"/>
<Icon Id="AnThu.ico" SourceFile="${icon}"/>
<Property Id="ARPPRODUCTICON" Value="AnThu.ico"/>
<Property Id="ARPNOMODIFY" Value="1"/>
<Directory Id="TARGETDIR" Name="SourceDir">
<Directory Id="ProgramFiles64Folder">
<Directory Id="INSTALLDIR" Name="${FOLDER_NAME}">
${contents}
</Directory>
</Directory>
<Directory Id="ProgramMenuFolder">
<Component Id="StartMenu" Guid="${guidOf('start menu')}" Win64="yes">
<Shortcut Id="StartMenuShortcut" Name="An Thu" Target="[INSTALLDIR]an-thu.exe" WorkingDirectory="INSTALLDIR" Icon="AnThu.ico"/>
<RegistryValue Root="HKLM" Key="Software\\An Thu" Name="Installed" Type="integer" Value="1" KeyPath="yes"/>
</Component>
</Directory>
<Component Id="OpensEdxml" Guid="${guidOf('edxml')}" Win64="yes">
<RegistryValue Root="HKLM" Key="Software\\Classes\\.edxml" Type="string" Value="AnThu.edxml" KeyPath="yes"/>
<RegistryValue Root="HKLM" Key="Software\\Classes\\AnThu.edxml" Type="string" Value="edXML"/>
<RegistryValue Root="HKLM" Key="Software\\Classes\\AnThu.edxml\\shell\\open\\command" Type="string" Value="&quot;[INSTALLDIR]an-thu.exe&quot; &quot;%1&quot;"/>
</Component>
<Directory Id="CommonAppDataFolder">
<Directory Id="MachineSettings" Name="${FOLDER_NAME}">
<Component Id="MachineSettingsFolder" Guid="${guidOf('machine settings')}" Win64="yes"><CreateFolder/></Component>
</Directory>
</Directory>
</Directory>
<Feature Id="Main" Level="1">
${components.map((id) => `<ComponentRef Id="${id}"/>`).join('\n')}
<ComponentRef Id="StartMenu"/>
<ComponentRef Id="OpensEdxml"/>
<ComponentRef Id="MachineSettingsFolder"/>
</Feature>
</Product>
</Wix>
`;
}
