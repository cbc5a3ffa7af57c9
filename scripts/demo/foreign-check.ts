import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DemoPki } from '../pki/index.ts';

const run = promisify(execFile);

/** What a program that is not ours says of a signed PDF. */
export interface ForeignOpinion {
  readonly tool: 'pdfsig' | 'openssl cms';
  readonly ok: boolean;
  readonly words: string;
}

/**
 * Asks pdfsig and openssl where they are installed, while the sample OCSP responder still runs (pdfsig asks it,
 * and calls the certificate an “unknown issue” when it is away). Missing tools give no opinion. `issuers`: certificates
 * (PEM) that the signature does not carry.
 */
export async function foreignOpinions(
  path: string,
  pki: DemoPki,
  folder: string,
  issuers: readonly string[] = [],
): Promise<ForeignOpinion[]> {
  const opinions = await Promise.all([
    askPdfsig(path, pki, join(folder, 'nss')),
    askOpenssl(path, pki, folder, issuers),
  ]);
  return opinions.filter((opinion) => opinion !== undefined);
}

async function askPdfsig(path: string, pki: DemoPki, nss: string): Promise<ForeignOpinion | undefined> {
  try {
    await mkdir(nss, { recursive: true });
    await run('certutil', ['-N', '-d', `sql:${nss}`, '--empty-password']);
    await run('certutil', ['-A', '-d', `sql:${nss}`, '-n', 'goc', '-t', 'CT,C,C', '-i', pki.rootPath]);
    await run('certutil', ['-A', '-d', `sql:${nss}`, '-n', 'cap', '-t', ',,', '-i', pki.issuingPath]);
    const { stdout } = await run('pdfsig', ['-nssdir', `sql:${nss}`, path]);
    const after = (label: string) => new RegExp(`${label}: (.*)`).exec(stdout)?.[1] ?? '?';
    const signature = after('Signature Validation');
    const certificate = after('Certificate Validation');
    const whole = stdout.includes('Total document signed');
    return {
      tool: 'pdfsig',
      ok: signature === 'Signature is Valid.' && certificate === 'Certificate is Trusted.' && whole,
      words: `${signature} ${certificate}${whole ? ' Total document signed.' : ''}`,
    };
  } catch (error) {
    return missing(error) ? undefined : { tool: 'pdfsig', ok: false, words: String(error) };
  }
}

async function askOpenssl(
  path: string,
  pki: DemoPki,
  folder: string,
  issuers: readonly string[],
): Promise<ForeignOpinion | undefined> {
  try {
    const file = await readFile(path);
    const [cms, content] = splitSignature(file);
    const cmsPath = join(folder, 'chu-ky.der');
    const contentPath = join(folder, 'noi-dung.bin');
    await writeFile(cmsPath, cms);
    await writeFile(contentPath, content);
    const anchors = join(folder, 'goc.pem');
    const pems = await Promise.all([pki.rootPath, ...issuers].map((file) => readFile(file, 'utf8')));
    await writeFile(anchors, pems.join('\n'));
    const { stderr } = await run('openssl', [
      'cms', '-verify', '-cades', '-inform', 'DER', '-in', cmsPath, '-content', contentPath, '-binary',
      '-CAfile', anchors, '-purpose', 'any', '-out', '/dev/null',
    ]); // prettier-ignore
    return { tool: 'openssl cms', ok: /CAdES Verification successful/.test(stderr), words: stderr.trim() };
  } catch (error) {
    return missing(error) ? undefined : { tool: 'openssl cms', ok: false, words: String(error) };
  }
}

function missing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** The last signature's CMS and the bytes it covers, cut out by /ByteRange alone: no code of the product is used. */
function splitSignature(file: Buffer): [Buffer, Buffer] {
  const text = file.toString('latin1');
  const match = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)/g)].at(-1);
  if (!match) throw new Error('no /ByteRange');
  const [start = 0, length = 0, second = 0, rest = 0] = match.slice(1).map(Number);
  const hex = text.slice(start + length + 1, second - 1);
  const padded = Buffer.from(hex, 'hex');
  const size = 4 + padded.readUInt16BE(2);
  return [
    padded.subarray(0, size),
    Buffer.concat([file.subarray(start, start + length), file.subarray(second, second + rest)]),
  ];
}
