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
  /** Words of `qpdf --check`; empty when it finds nothing wrong. */
  qpdfProblems(path: string): string;
}

/** Prepares an NSS database that trusts the PKI's root. */
export function makeOracles(pki: TestPki): PdfOracles {
  const nss = join(pki.dir, 'nss');
  mkdirSync(nss);
  run('certutil', '-N', '-d', `sql:${nss}`, '--empty-password');
  run('certutil', '-A', '-d', `sql:${nss}`, '-n', 'root', '-t', 'CT,C,C', '-i', pki.rootPem);
  run('certutil', '-A', '-d', `sql:${nss}`, '-n', 'issuing', '-t', ',,', '-i', pki.issuingPem);
  return {
    pdfsig: (path) => {
      const { stdout } = spawnSync('pdfsig', ['-nssdir', nss, path], { encoding: 'utf8' });
      return {
        validity: linesAfter(stdout, 'Signature Validation:'),
        certificates: linesAfter(stdout, 'Certificate Validation:'),
        wholeFile:
          stdout.split('Total document signed').length - stdout.split('Not total document signed').length,
      };
    },
    opensslCms: (path) => verifyEachWithOpenssl(path, pki),
    qpdfProblems: (path) => {
      const { status, stdout, stderr } = spawnSync('qpdf', ['--check', path], { encoding: 'utf8' });
      return status === 0 ? '' : stdout + stderr;
    },
  };
}

function verifyEachWithOpenssl(path: string, pki: TestPki): number {
  const bytes = readFileSync(path);
  const signatures = withPdf(path, readSignatureFields).flatMap(({ signature }) => signature ?? []);
  signatures.forEach(({ byteRange, contents }, index) => {
    const [a = 0, b = 0, c = 0, d = 0] = byteRange ?? [];
    const content = join(pki.dir, `content-${index}.bin`);
    const cms = join(pki.dir, `signature-${index}.der`);
    writeFileSync(content, Buffer.concat([bytes.subarray(a, a + b), bytes.subarray(c, c + d)]));
    writeFileSync(cms, contents ?? Buffer.alloc(0));
    run('openssl', 'cms', '-verify', '-cades', '-inform', 'DER', '-in', cms, '-content', content, '-binary',
      '-CAfile', pki.rootPem, '-purpose', 'any', '-out', '/dev/null'); // prettier-ignore
  });
  return signatures.length;
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
