import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileReport } from '../contract/verification.ts';
import { verifyPackage } from './verify-package.ts';
import { AnThuError } from '../shared/errors.ts';
import { parseEdxmlFile } from '../sync/edxml/index.ts';
import type { VerificationOptions } from '../verification/verification-options.ts';
import { verifyPdf } from '../verification/verify-pdf.ts';

/** Whether a file begins like XML, byte order mark and white space left aside. False also for what cannot be read. */
export async function looksLikePackage(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
    return /^\uFEFF?\s*<(\?xml|[A-Za-z])/.test(buffer.subarray(0, bytesRead).toString('utf8'));
  } finally {
    await file.close();
  }
}

/** The verdict over a package's own signatures, then over each PDF inside as `FILE#name`. */
export async function verifyPackageFile(path: string, options: VerificationOptions): Promise<FileReport[]> {
  const reports = [await verifyPackage(path, options)];
  const folder = await mkdtemp(join(tmpdir(), 'an-thu-package-'));
  try {
    for (const { name, path: inside, mediaType } of attachmentsOf(path, folder))
      if (mediaType === 'application/pdf')
        reports.push({ ...(await verifyPdf(inside, options)), input: `${path}#${name}` });
    return reports;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** None when the package cannot be read: its own report says so. */
function attachmentsOf(path: string, outDir: string) {
  try {
    const parsed = parseEdxmlFile({ path, outDir });
    return parsed.kind === 'package' ? parsed.attachments : [];
  } catch (error) {
    if (error instanceof AnThuError && error.code.startsWith('sync.edxml-')) return [];
    throw error;
  }
}
