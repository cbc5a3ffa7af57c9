import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { readCertificates } from '../../core/trust/certificate.ts';
import { createSoftHsm, findSoftHsm, type SoftHsm } from '../lib/softhsm.ts';
import type { DemoPki } from '../pki/index.ts';
import { bundled } from './bundle.ts';

const run = promisify(execFile);

/** A program with its arguments and what it needs in its environment. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A way to sign: one process after the other; undefined when the tool is not installed. */
export interface Signer {
  readonly label: string;
  commands(input: string, output: string): readonly Command[];
}

export interface SignerOptions {
  readonly folder: string;
  readonly pki: DemoPki;
  readonly pin: string;
}

/** The agency's key on a SoftHSM2 token; undefined where SoftHSM2 is not installed. */
export async function agencyToken({ folder, pki, pin }: SignerOptions): Promise<SoftHsm | undefined> {
  if (!findSoftHsm()) return undefined;
  const read = async (path: string) => readCertificates(await readFile(path));
  const [agency] = await read(pki.agency.certificate);
  if (!agency) throw new Error('no certificate of the agency');
  const privateKeyPem = await readFile(pki.agency.key, 'utf8');
  return createSoftHsm({
    folder: join(folder, 'hsm'),
    pin,
    keys: [{ id: '01', label: 'agency', privateKeyPem, certificate: agency.der }],
    certificates: (await read(pki.issuingPath)).map(({ der }) => der),
  });
}

/** The floor first, then our own command line, then whatever else is installed. One key for all of them. */
export async function findSigners(options: SignerOptions): Promise<Signer[]> {
  const { folder, pki, pin } = options;
  const hsm = await agencyToken(options);
  const found: Signer[] = [
    {
      label: 'floor: openssl dgst, cp',
      commands: (input, output) => [
        { program: 'openssl', args: ['dgst', '-sha256', input] },
        { program: 'cp', args: [input, output] },
      ],
    },
    {
      label: 'floor: node -e 0, cp',
      commands: (input, output) => [
        { program: process.execPath, args: ['-e', '0'] },
        { program: 'cp', args: [input, output] },
      ],
    },
    ...(hsm ? [anThu('`an-thu sign`, SoftHSM2', hsm.uri('01'), { ...hsm.env, AN_THU_BENCH_PIN: pin })] : []),
    anThu('`an-thu sign`, PKCS#12', pathToFileURL(pki.agency.pkcs12).href, { AN_THU_BENCH_PIN: pin }),
  ];
  const pdfsig = await pdfsigSigner(join(folder, 'nss'), options);
  return [...found, ...(pdfsig ? [pdfsig] : []), ...signPdfSigners(options)];
}

interface SignCall {
  readonly input: string;
  readonly output: string;
  readonly uri: string;
  /** Holds the PIN as AN_THU_BENCH_PIN. */
  readonly env: Readonly<Record<string, string>>;
}

/** `an-thu sign`: the built entry, without npm and the build check around it. */
export function anThuCommand({ input, output, uri, env }: SignCall, ...more: readonly string[]): Command {
  const files = [input, '--out', output, '--key', uri, '--pin-env', 'AN_THU_BENCH_PIN'];
  return { program: process.execPath, args: [bundled('an-thu.mjs'), 'sign', ...files, ...more], env };
}

function anThu(label: string, uri: string, env: Record<string, string>): Signer {
  return { label, commands: (input, output) => [anThuCommand({ input, output, uri, env })] };
}

/** `@signpdf` as its guide uses it. */
function signPdfSigners({ pki, pin }: SignerOptions): Signer[] {
  return (['plain', 'pdf-lib'] as const).map((kind) => ({
    label: `@signpdf, ${kind}`,
    commands: (input, output) => [
      {
        program: process.execPath,
        args: [join(import.meta.dirname, 'signpdf-process.mjs'), kind, input, output, pki.agency.pkcs12],
        env: { AN_THU_BENCH_PIN: pin },
      },
    ],
  }));
}

/** pdfsig signs with a key in an NSS database; undefined when it or NSS's tools are missing. */
async function pdfsigSigner(nss: string, { pki, pin }: SignerOptions): Promise<Signer | undefined> {
  const database = `sql:${nss}`;
  try {
    await mkdir(nss);
    await run('certutil', ['-N', '-d', database, '--empty-password']);
    await run('pk12util', ['-i', pki.agency.pkcs12, '-d', database, '-W', pin, '-K', '']);
    await run('certutil', ['-A', '-d', database, '-n', 'goc', '-t', 'CT,C,C', '-i', pki.rootPath]);
    const { stdout } = await run('certutil', ['-K', '-d', database]);
    const nick = /<\s*\d+>\s+\w+\s+[0-9a-f]+\s+(?:NSS Certificate DB:)?(.+?)\s*$/m.exec(stdout)?.[1];
    if (nick === undefined) return undefined;
    await run('pdfsig', ['-v']);
    return {
      label: 'pdfsig -add-signature',
      commands: (input, output) => [
        {
          program: 'pdfsig',
          args: [
            '-nssdir',
            database,
            '-nss-pwd',
            '',
            '-add-signature',
            '-nick',
            nick,
            '-digest',
            'SHA256',
            input,
            output,
          ],
        },
      ],
    };
  } catch {
    return undefined;
  }
}
