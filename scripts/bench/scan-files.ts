import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { makeSampleScans } from '../samples/index.ts';

export interface BenchFile {
  readonly path: string;
  readonly pages: number;
  readonly bytes: number;
}

/** PDFs of colour scans (JPEG, A4 at 200 dpi) with that many pages. */
export async function makeScanFiles(folder: string, sizes: readonly number[]): Promise<BenchFile[]> {
  const jpeg = { form: 'jpeg', dpi: 200 } as const;
  const scans = await makeSampleScans(join(folder, 'samples'), {
    seed: 5,
    today: '2026-11-21',
    shapes: [jpeg, jpeg, jpeg],
  });
  const pictures = await Promise.all(scans.map(({ path }) => readFile(path)));
  const files: BenchFile[] = [];
  for (const pages of sizes) {
    const document = await PDFDocument.create();
    for (let page = 0; page < pages; page++) {
      const picture = await document.embedJpg(pictures[page % pictures.length] ?? Buffer.alloc(0));
      document.addPage([595, 842]).drawImage(picture, { x: 0, y: 0, width: 595, height: 842 });
    }
    const path = join(folder, `${pages}.pdf`);
    await writeFile(path, await document.save({ useObjectStreams: false }));
    files.push({ path, pages, bytes: (await stat(path)).size });
  }
  return files;
}
