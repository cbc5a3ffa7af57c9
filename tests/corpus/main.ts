import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPdfs, sharedFloors } from './pdfs.ts';
import { checkOpensslOcsp, checkPkits } from './pkits.ts';
import { checkSigned } from './signed.ts';

export interface CorpusCounts {
  readonly passed: number;
  readonly failed: number;
}

/** Runs every check over the shared test data; prints what it found. */
export async function runCorpus(data: string): Promise<CorpusCounts> {
  return await withScratch(async (scratch) => {
    const pdfs = await checkPdfs(join(data, 'pdfs'), scratch, sharedFloors);
    const signed = await checkSigned(join(data, 'pdfs'));
    const pkits = await checkPkits(join(data, 'pkits'));
    const ocsp = await checkOpensslOcsp(join(data, 'openssl-ocsp'));
    return sum([pdfs, signed, pkits, ocsp]);
  });
}

/** The same judgement of signing over folders that hold any other PDF files. */
export async function runFolders(folders: readonly string[]): Promise<CorpusCounts> {
  return await withScratch(async (scratch) => {
    const counts: CorpusCounts[] = [];
    for (const folder of folders) {
      process.stdout.write(`${folder}\n`);
      counts.push(await checkPdfs(folder, scratch, {}));
    }
    return sum(counts);
  });
}

async function withScratch(use: (scratch: string) => Promise<CorpusCounts>): Promise<CorpusCounts> {
  const scratch = mkdtempSync(join(tmpdir(), 'an-thu-corpus-'));
  try {
    return await use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const sum = (counts: readonly CorpusCounts[]): CorpusCounts => ({
  passed: counts.reduce((all, { passed }) => all + passed, 0),
  failed: counts.reduce((all, { failed }) => all + failed, 0),
});
