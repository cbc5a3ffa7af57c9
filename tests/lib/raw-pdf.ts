/** Hand-written PDFs for tests: object bodies in, bytes with a right cross-reference table out. */

export interface RawPdfOptions {
  /** Bodies by object number, from 1; undefined leaves the number free. */
  readonly objects: readonly (string | Uint8Array | undefined)[];
  /** Entries of the trailer besides /Size; object 1 is the catalog by default. */
  readonly trailer?: string;
  readonly header?: string;
}

/** A PDF with one cross-reference table. */
export function rawPdf({ objects, trailer = '/Root 1 0 R', header = '%PDF-1.7\n' }: RawPdfOptions): Buffer {
  const parts: Buffer[] = [Buffer.from(header, 'latin1')];
  let length = parts[0]?.length ?? 0;
  const entries = ['0000000000 65535 f \n'];
  objects.forEach((body, index) => {
    if (body === undefined) {
      entries.push('0000000000 00000 f \n');
      return;
    }
    entries.push(`${String(length).padStart(10, '0')} 00000 n \n`);
    const object = Buffer.concat([
      Buffer.from(`${index + 1} 0 obj\n`),
      typeof body === 'string' ? Buffer.from(body, 'latin1') : body,
      Buffer.from('\nendobj\n'),
    ]);
    parts.push(object);
    length += object.length;
  });
  parts.push(
    Buffer.from(
      `xref\n0 ${entries.length}\n${entries.join('')}trailer\n<< /Size ${entries.length} ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** Objects 1 to 3: catalog, page tree and one A4 page. `catalog` and `page` add entries. */
export function onePageObjects({ catalog = '', page = '' } = {}): string[] {
  return [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] ${page} >>`,
  ];
}

/** A stream object's body. */
export function rawStream(dict: string, data: Uint8Array | string): Buffer {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
  return Buffer.concat([
    Buffer.from(`<< ${dict} /Length ${bytes.length} >>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ]);
}
