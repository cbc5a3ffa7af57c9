import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPdf } from '../../core/pdf/document.ts';
import { readSignatureFields } from '../../core/pdf/signature-fields.ts';
import type { TestPki } from './test-keys.ts';

/** Foreign programs that judge our files; none shares code with us. */
export interface PdfOracles {
  /** pdfsig's report lines on each signature: its validity sentence, certificate sentence and coverage. */
  pdfsig(path: string): { validity: string[]; certificates: string[]; wholeFile: number };
  /** Verifies every signature with `openssl cms -verify -cades` and the test's root; throws its words. */
  opensslCms(path: string): number;
  /** Verifies every document timestamp with `openssl ts -verify` and the test's root; throws its words. */
  opensslTs(path: string): number;
  /** Words of `qpdf --check`; empty when it finds nothing wrong. */
  qpdfProblems(path: string): string;
}

/**
 * Prepares an NSS database that trusts the PKI's root. `pdfsigOcsp: 'off'` keeps pdfsig from asking a responder that runs
 * in the test's own, blocked process.
 */
export function makeOracles(
  pki: OraclePki,
  { pdfsigOcsp = 'on' }: { readonly pdfsigOcsp?: 'on' | 'off' } = {},
): PdfOracles {
  const nss = join(pki.dir, 'nss');
  mkdirSync(nss);
  run('certutil', '-N', '-d', `sql:${nss}`, '--empty-password');
  run('certutil', '-A', '-d', `sql:${nss}`, '-n', 'root', '-t', 'CT,C,C', '-i', pki.rootPem);
  run('certutil', '-A', '-d', `sql:${nss}`, '-n', 'issuing', '-t', ',,', '-i', pki.issuingPem);
  return {
    pdfsig: (path) => {
      const { stdout } = spawnSync(
        'pdfsig',
        [...(pdfsigOcsp === 'off' ? ['-no-ocsp'] : []), '-nssdir', nss, path],
        { encoding: 'utf8' },
      );
      return {
        validity: linesAfter(stdout, 'Signature Validation:'),
        certificates: linesAfter(stdout, 'Certificate Validation:'),
        wholeFile:
          stdout.split('Total document signed').length - stdout.split('Not total document signed').length,
      };
    },
    opensslCms: (path) => verifyEachWithOpenssl(path, pki),
    opensslTs: (path) => verifyTimestampsWithOpenssl(path, pki),
    qpdfProblems: (path) => {
      const { status, stdout, stderr } = spawnSync('qpdf', ['--check', path], { encoding: 'utf8' });
      return status === 0 ? '' : stdout + stderr;
    },
  };
}

type OraclePki = Pick<TestPki, 'dir' | 'rootPem' | 'issuingPem'>;

/** Writes what each signature covers and its decoded /Contents into files of the PKI's folder. */
function splitSignatures(
  path: string,
  { dir }: OraclePki,
  kind: 'signature' | 'timestamp',
): [string, string][] {
  const bytes = readFileSync(path);
  const signatures = withPdf(path, readSignatureFields)
    .flatMap(({ signature }) => signature ?? [])
    .filter(({ subFilter }) => (subFilter === 'ETSI.RFC3161') === (kind === 'timestamp'));
  return signatures.map(({ byteRange, contents }, index) => {
    const [a = 0, b = 0, c = 0, d = 0] = byteRange ?? [];
    const content = join(dir, `content-${index}.bin`);
    const cms = join(dir, `signature-${index}.der`);
    writeFileSync(content, Buffer.concat([bytes.subarray(a, a + b), bytes.subarray(c, c + d)]));
    writeFileSync(cms, contents ?? Buffer.alloc(0));
    return [content, cms];
  });
}

function verifyEachWithOpenssl(path: string, pki: OraclePki): number {
  const signatures = splitSignatures(path, pki, 'signature');
  for (const [content, cms] of signatures)
    run('openssl', 'cms', '-verify', '-cades', '-inform', 'DER', '-in', cms, '-content', content, '-binary',
      '-CAfile', pki.rootPem, '-purpose', 'any', '-out', '/dev/null'); // prettier-ignore
  return signatures.length;
}

function verifyTimestampsWithOpenssl(path: string, pki: OraclePki): number {
  const timestamps = splitSignatures(path, pki, 'timestamp');
  for (const [content, token] of timestamps)
    run('openssl', 'ts', '-verify', '-data', content, '-in', token, '-token_in',
      '-CAfile', pki.rootPem, '-untrusted', pki.issuingPem); // prettier-ignore
  return timestamps.length;
}

function linesAfter(text: string, label: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.includes(label))
    .map((line) => line.slice(line.indexOf(label) + label.length).trim());
}

function run(program: string, ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}
