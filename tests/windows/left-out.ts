/*
 * The one list of what `npm run test:windows` does not run as win32, with the reason of each. `left-out.test.ts` fails for an
 * entry that no longer names anything.
 */

/** Test files (or all below a folder, with `/**`), and why they are not run. */
export interface FilesLeftOut {
  readonly files: readonly string[];
  readonly reason: string;
}

/** One test by its full name (its groups and its own, as vitest shows it, with ` > ` between), and why it is not run. */
export interface TestLeftOut {
  readonly file: string;
  readonly test: string;
  readonly reason: string;
}

export const filesLeftOut: readonly FilesLeftOut[] = [
  {
    reason:
      'The token is SoftHSM2, NSS, openCryptoki, a software TPM or a card behind OpenSC, which are libraries for Linux. Under Wine the module of tests/fault-module is used: tests/windows/tokens.win32.ts.',
    files: [
      'tests/batch/sign-batch.test.ts',
      'tests/cli/sign.test.ts',
      'tests/cli/token-register.test.ts',
      'tests/cli/token.test.ts',
      'tests/token/ckr-rows.test.ts',
      'tests/token/diagnosis-faults.test.ts',
      'tests/token/discovery.test.ts',
      'tests/token/driver-faults.test.ts',
      'tests/token/engine-modules.test.ts',
      'tests/token/login-races.test.ts',
      'tests/token/modules.test.ts',
      'tests/token/nss.test.ts',
      'tests/token/odd-tokens.test.ts',
      'tests/token/opencryptoki.test.ts',
      'tests/token/own-answers.test.ts',
      'tests/token/pin-care.test.ts',
      'tests/token/pin-memory.test.ts',
      'tests/token/quick-batch.test.ts',
      'tests/token/sealing-desk.test.ts',
      'tests/token/several-tokens.test.ts',
      'tests/token/softhsm.test.ts',
      'tests/token/tpm.test.ts',
      'tests/token/virtual-card.test.ts',
    ],
  },
  {
    reason:
      'They start and stop clamd, a program for Linux, in folders and with signals of Linux. The main job asks a real clamd over TCP from win32.',
    files: ['tests/bad-input/scanner.test.ts', 'tests/scanner/**'],
  },
  {
    reason: 'The stand-in for Electron stands on Debian’s Chromium.',
    files: ['tests/electron-host/host.test.ts', 'tests/shell/**'],
  },
  {
    reason:
      'The files lie in the watched folder under names that no Windows file system can hold; how names are made harmless is unit-tested (core/shared/file-names.test.ts).',
    files: ['tests/bad-input/names.test.ts'],
  },
  {
    reason:
      'Its responders listen again on a port that they have just given up, which Wine refuses for a while. What it shows is asked for as win32 by tests/verification/long-term.test.ts and tests/signing/timestamp.test.ts.',
    files: ['tests/signing/long-term.test.ts'],
  },
  {
    reason: 'What a process has in its environment and leaves in a core dump is read from Linux’s /proc.',
    files: ['tests/token/pin-of-command.test.ts'],
  },
  {
    reason:
      'Who made a socket, and who may write to its folder, is asked where the engine listens on a file; on Windows it listens on a named pipe.',
    files: ['core/engine/hosts/socket-client.test.ts'],
  },
  {
    reason: 'They mount small volumes.',
    files: ['tests/backup/drives.test.ts', 'tests/bad-input/disk.test.ts', 'tests/signing/full-disk.test.ts'],
  },
  {
    reason: 'A process that is killed says so by a signal, which Windows has not.',
    files: ['tests/backup/killed.test.ts', 'tests/sync/removable-media-killed.test.ts'],
  },
  {
    reason: 'Programs for Linux (xmllint, sha256sum) read the packages.',
    files: ['tests/archive/archive.test.ts'],
  },
  {
    reason: 'Java programs judge many files in one run; the files come from the same code on both systems.',
    files: [
      'tests/signing/second-reader.test.ts',
      'tests/appearance/pdfa.test.ts',
      'tests/verification/second-opinions.test.ts',
    ],
  },
  {
    reason: 'Java’s keytool and the NSS database of pdfsig, programs for Linux, make what they judge.',
    files: ['tests/token/soft-token.test.ts', 'tests/verification/foreign-signers.test.ts'],
  },
  {
    reason:
      'They take long under Wine, and the run has six minutes. What they judge is our own arithmetic on bytes, the same on both systems; that files, names, processes and the network do as win32 what they do on Linux is shown by the others and by the main job.',
    files: [
      'native/soft-token/pkcs12.test.ts',
      'tests/appearance/looks.test.ts',
      'tests/appearance/reference.test.ts',
      'tests/bad-input/province.test.ts',
      'tests/cli/levels.test.ts',
      'tests/cli/office.test.ts',
      'tests/reading/marks-on-paper.test.ts',
      'tests/reading/reading.test.ts',
      'tests/signing/encrypted.test.ts',
      'tests/signing/hostile-inputs.test.ts',
      'tests/signing/number-fields.test.ts',
      'tests/verification/caps.test.ts',
      'tests/verification/xml-signature-attacks.test.ts',
      'tests/verification/xml-signatures.test.ts',
      'tests/verification/xml-signers.test.ts',
    ],
  },
  {
    reason: 'They look at the repository (git, the linter, the packer), not at the product.',
    files: ['tests/hygiene/**', 'tests/packaging/**', 'tests/windows/**'],
  },
  {
    reason:
      'Minutes under Wine; the same way is taken by scripts/windows/main-job.mjs, with the province on the Linux side.',
    files: ['tests/main-job/**', 'tests/kill/**', 'tests/bench/**', 'tests/soak/**', 'tests/fuzz/**'],
  },
];

const names =
  'A Windows file system has no such names (line break, trailing dot and blank, bytes that are not UTF-8); how they are made harmless is unit-tested.';
const links =
  'Wine 8 makes no symbolic links that Node can tell from files; on Windows they need a privilege.';
const pipes = 'Windows has no pipes among its files.';
const rights = 'Permission bits of Linux: Windows has access lists, which Wine does not keep.';

const npm =
  'It starts npm, which the Windows Node of these checks does not bring; the set-up is not part of the product.';
const addresses =
  'Its addresses name files as Linux does; on Windows they have a drive, or another machine, in them.';

export const testsLeftOut: readonly TestLeftOut[] = [
  {
    file: 'core/shared/whole-folder.test.ts',
    test: 'a folder that is handed on > takes away what a killed run left, a link planted in its place included, and follows none',
    reason: links,
  },
  {
    file: 'core/shared/whole-folder.test.ts',
    test: 'a folder that is handed on > fails as a whole when the drive is pulled out in the middle',
    reason: 'The drive is a folder that is removed while a file in it is open, which Windows does not do.',
  },
  ...[
    'is refused whole when it is a manifest that is a link',
    'is not looked for where there is none, nor behind a link',
    'is not said to be missing where the drive cannot be read',
    'is taken but for an e-document that is a link',
    'is taken but for an e-document that is in a folder that is a link',
  ].map((test) => ({
    file: 'tests/sync/removable-media-answer.test.ts',
    test: `what the province hands back > ${test}`,
    reason: links,
  })),
  {
    file: 'core/engine/services/apart-from-data.test.ts',
    test: 'refuses it behind a link, too',
    reason: links,
  },
  {
    file: 'core/engine/services/archive-check.test.ts',
    test: 'a stored file that cannot be read costs the check only itself',
    reason: links,
  },
  {
    file: 'tests/backup/sets.test.ts',
    test: 'a backup set > is closed to others where the drive can do that',
    reason: rights,
  },
  {
    file: 'tests/backup/sets.test.ts',
    test: 'a folder for backups > that a link leads into the data folder is refused',
    reason: links,
  },
  {
    file: 'tests/backup/sets.test.ts',
    test: 'a folder for backups > whose pool leads elsewhere by a link is not written to',
    reason: links,
  },
  {
    file: 'tests/backup/trust-files.test.ts',
    test: 'one anchor that the disk does not give back is not left out in silence',
    reason: links,
  },
  {
    file: 'tests/backup/trust-files.test.ts',
    test: 'anchors go into a set under names that every system can hold',
    reason: names,
  },
  {
    file: 'tests/backup/spoilt-set.test.ts',
    test: 'damage in a set > a file that is a link is told by name, and the set is not restored',
    reason: links,
  },
  {
    file: 'tests/backup/spoilt-set.test.ts',
    test: 'a folder whose marker is a link to what never ends holds no sets',
    reason: links,
  },
  {
    file: 'core/shared/places.test.ts',
    test: 'follows links, also to what is still to be made',
    reason: links,
  },
  {
    file: 'core/store/object-store.test.ts',
    test: 'the fixity check > tells a pipe in its place, in the language of who asks, without waiting for it',
    reason: pipes,
  },
  {
    file: 'tests/backup/spoilt-set.test.ts',
    test: 'a register that is a pipe keeps nobody waiting who looks for the latest set',
    reason: pipes,
  },
  {
    file: 'tests/register/books.test.ts',
    test: 'an output > that is a pipe is not taken away, whatever is asked',
    reason: pipes,
  },
  {
    file: 'tests/backup/spoilt-set.test.ts',
    test: 'a hostile manifest > that is a link is refused',
    reason: links,
  },
  {
    file: 'tests/sync/main.test.ts',
    test: 'the server of the command line makes sample offices, serves them and ends on SIGTERM',
    reason:
      'Windows has no SIGTERM that a program could answer; the server is a partner for tests, on Linux.',
  },
  {
    file: 'core/engine/cli/early-host.test.ts',
    test: 'the token host that starts ahead > is the one that is asked for: file:///tmp/kh%C3%B3a%20th%E1%BB%AD.p12',
    reason: addresses,
  },
  {
    file: 'core/engine/cli/early-host.test.ts',
    test: 'the token host that starts ahead > is not started where the words do not tell it: ["--key","file://host/a"]',
    reason: addresses,
  },
  {
    file: 'tests/intake/watch-folder.test.ts',
    test: 'a watched scan folder > takes files with hostile names, keeping the name as data and showing it harmlessly',
    reason: names,
  },
  {
    file: 'tests/intake/watch-folder.test.ts',
    test: 'a watched scan folder > shows a file whose name is not UTF-8 instead of dropping it',
    reason: names,
  },
  {
    file: 'tests/intake/watch-folder.test.ts',
    test: 'a watched scan folder > refuses a claim folder that is a link to somewhere else',
    reason: links,
  },
  {
    file: 'tests/intake/claims.test.ts',
    test: 'claims > copy from a folder without write access, leave the source, and remember it',
    reason: rights,
  },
  {
    file: 'tests/intake/claims.test.ts',
    test: 'claims > of other files go on when a sub-folder cannot be opened, which is told',
    reason: rights,
  },
  {
    file: 'tests/intake/several-computers.test.ts',
    test: 'several computers on one scan folder > may belong to several users: the folder around all claims is as open as the scan folder',
    reason: rights,
  },
  {
    file: 'tests/intake/claims.test.ts',
    test: 'claims > do not take a copied file again when it is remembered',
    reason: rights,
  },
  {
    file: 'tests/intake/claims.test.ts',
    test: 'claims > are not followed through a link in place of our folder',
    reason: links,
  },
  {
    file: 'tests/signing/sign-pdf.test.ts',
    test: 'what must not be signed is refused with its reason, and nothing is left behind > the original as its own output, even by another name and on request',
    reason: links,
  },
  {
    file: 'tests/cli/general.test.ts',
    test: 'the command line > runs in a checkout with nothing of its own on standard output',
    reason: npm,
  },
  {
    file: 'tests/cli/general.test.ts',
    test: 'the command line > reads relative paths from the folder of the caller',
    reason: npm,
  },
  {
    file: 'core/store/data-folder.test.ts',
    test: 'who would make data > is told where the system does not say what is there',
    reason: 'The name is too long for Linux; Windows says of such a one that it is not there.',
  },
  {
    file: 'core/store/data-folder.test.ts',
    test: 'preparing a data folder > keeps others out of it',
    reason: rights,
  },
  {
    file: 'tests/updates/first-start.test.ts',
    test: 'the version record > that is damaged stops the start instead of being guessed',
    reason: rights,
  },
];
