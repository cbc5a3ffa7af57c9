// The commands of docs/windows.md's checklist that need no real token and no window, as win32 with our module in the maker's place:
// what the first person with Windows is told to type works, and answers what the page says.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { windowsNode } from './parts.mjs';
import { places, repository, winPath } from './places.mjs';
import { runUnderWine } from './wine.mjs';

/** What the page lets a person type: `node build/an-thu.mjs …`. */
const page = readFileSync(join(repository, 'docs', 'windows.md'), 'utf8');
const documented = [...page.matchAll(/node build\/an-thu\.mjs ([^`]+)`/g)].map(([, words]) => words);

/**
 * Types what the page says, in a folder of its own, on an account without an office.
 *
 * @param {{ folder: string, agencyFile: string, pdf: string, trust: string[], keyUri: string, library: string, pin: string, check: Function }} with
 *   `agencyFile` an office's description, `pdf` any document of this machine, `trust` the files of its signer's CA, `library` the DLL's Windows path
 */
export async function runChecklist({ folder, agencyFile, pdf, trust, keyUri, library, pin, check }) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(pdf, join(folder, 'any.pdf'));
  writeFileSync(
    join(folder, 'root-of-your-ca.pem'),
    trust.map((file) => readFileSync(file, 'utf8')).join('\n'),
  );
  const entry = winPath(join(places.project, 'build', 'an-thu.mjs'));
  const run = async (args) =>
    await runUnderWine(windowsNode, [entry, ...args], { cwd: folder, env: { PIN: pin } });
  const expectOf = async (line, name, holds) => {
    if (!documented.includes(line)) return check(name, false, `docs/windows.md does not say: ${line}`);
    const args = line.split(' ').map((word) => word.replaceAll('"', '').replace('pkcs11:…', keyUri));
    const { status, stdout, stderr } = await run(args);
    check(name, holds({ status, stdout }), `status ${status}\n${stdout}${stderr}`);
  };

  await expectOf(
    'doctor',
    'doctor names the DLL and its bits',
    ({ stdout }) => stdout.includes('PE x64') && stdout.toLowerCase().includes(library.toLowerCase()),
  );
  await expectOf(
    'token list',
    'token list gives an address',
    ({ status, stdout }) => status === 0 && stdout.includes('pkcs11:'),
  );
  await expectOf(
    'token test --key "pkcs11:…" --pin-env PIN',
    'token test signs and checks',
    ({ status }) => status === 0,
  );
  await expectOf(
    String.raw`sign any.pdf --out signed\ --key "pkcs11:…" --pin-env PIN`,
    'sign writes into the folder',
    ({ status }) => status === 0 && existsSync(join(folder, 'signed', 'any.pdf')),
  );
  await expectOf(
    String.raw`verify signed\any.pdf --trust root-of-your-ca.pem`,
    'verify gives a verdict in words',
    ({ stdout }) => /chữ ký/i.test(stdout),
  );

  await run(['doctor', '--bundle', 'support.json']);
  const bundle = join(folder, 'support.json');
  const safe = existsSync(bundle) && !readFileSync(bundle, 'utf8').includes(pin);
  check('the file for support is written, without the PIN', safe, bundle);

  const share = String.raw`\\localhost\c$\x`;
  check('the page tries a data folder on a share', page.includes(`--data ${share}`), share);
  const refused = await run(['agency', 'init', '--file', winPath(agencyFile), '--data', share]);
  const named = `${refused.stdout}${refused.stderr}`.includes(share);
  check('a data folder on a share is refused by name', refused.status !== 0 && named, refused.stderr);
}
