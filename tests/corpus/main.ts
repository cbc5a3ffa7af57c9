import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPdfs } from './pdfs.ts';
import { checkOpensslOcsp, checkPkits } from './pkits.ts';
import { checkSigned } from './signed.ts';

export interface CorpusCounts {
  readonly passed: number;
  readonly failed: number;
}

/** Runs every check over the shared test data; prints what it found. */
export async function runCorpus(data: string): Promise<CorpusCounts> {
  const scratch = mkdtempSync(join(tmpdir(), 'an-thu-corpus-'));
  try {
    const pdfs = await checkPdfs(join(data, 'pdfs'), scratch);
    const signed = await checkSigned(join(data, 'pdfs'));
    const pkits = await checkPkits(join(data, 'pkits'));
    const ocsp = await checkOpensslOcsp(join(data, 'openssl-ocsp'));
    return {
      passed: pdfs.passed + signed.passed + pkits.passed + ocsp.passed,
      failed: pdfs.failed + signed.failed + pkits.failed + ocsp.failed,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
