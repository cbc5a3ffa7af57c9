import { open } from 'node:fs/promises';

export interface LargeScanOptions {
  readonly pages: number;
  /** Size to be reached; each page's picture is filled up with zero bytes behind its end. */
  readonly bytes: number;
  /** The picture of every page. */
  readonly jpeg: Uint8Array;
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Writes a PDF of A4 scans of any size, page by page, so that it is never in memory. Gives its size. */
export async function writeLargeScan(path: string, options: LargeScanOptions): Promise<number> {
  const { pages, bytes, jpeg, width, height } = options;
  await using file = await open(path, 'w');
  const filled = Buffer.alloc(Math.max(jpeg.length, Math.round(bytes / pages) - 420));
  filled.set(jpeg);
  const offsets: number[] = [];
  let position = 0;
  const put = async (data: string | Uint8Array): Promise<void> => {
    const chunk = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    await file.write(chunk);
    position += chunk.length;
  };
  const object = async (number: number, ...parts: readonly (string | Uint8Array)[]): Promise<void> => {
    offsets[number] = position;
    await put(`${number} 0 obj\n`);
    for (const part of parts) await put(part);
    await put('\nendobj\n');
  };
  await put('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  await object(1, '<< /Type /Catalog /Pages 2 0 R >>');
  const kids = Array.from({ length: pages }, (_, page) => `${3 + page * 3} 0 R`);
  await object(2, `<< /Type /Pages /Count ${pages} /Kids [${kids.join(' ')}] >>`);
  for (let page = 0; page < pages; page++) {
    const own = 3 + page * 3;
    const content = 'q 595 0 0 842 0 0 cm /A Do Q';
    await object(
      own,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${own + 1} 0 R /Resources << /XObject << /A ${own + 2} 0 R >> >> >>`,
    );
    await object(own + 1, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    await object(
      own + 2,
      `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${filled.length} >>\nstream\n`,
      filled,
      '\nendstream',
    );
  }
  const table = position;
  const rows = offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
  await put(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${rows.join('')}`);
  await put(`trailer\n<< /Size ${offsets.length} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return position;
}
