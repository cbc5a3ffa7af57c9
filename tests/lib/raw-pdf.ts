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

/**
 * A hybrid file (ISO 32000-1, 7.5.8.4): its table hides the content stream's object stream neighbour, object 5, which only
 * the cross-reference stream of /XRefStm tells.
 */
export function hybridPdf(): Buffer {
  const bodies = [
    '<< /Type /Catalog /Pages 2 0 R /PieceInfo 5 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] /Contents 4 0 R /Resources << >> >>',
    rawStream('', '0 0 1 RG 40 40 515 760 re S'),
    '<< /Hidden << /LastModified (D:20261120080000Z) >> >>',
  ];
  let file = Buffer.from('%PDF-1.5\n', 'latin1');
  const offsets: number[] = [];
  const add = (number: number, body: string | Uint8Array): void => {
    offsets[number] = file.length;
    const text = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
    file = Buffer.concat([file, Buffer.from(`${number} 0 obj\n`), text, Buffer.from('\nendobj\n')]);
  };
  bodies.forEach((body, index) => add(index + 1, body));
  const streamAt = file.length;
  const rows = Buffer.alloc(10);
  [offsets[5] ?? 0, streamAt].forEach((offset, index) => {
    rows.writeUInt8(1, index * 5);
    rows.writeUInt32BE(offset, index * 5 + 1);
  });
  add(6, rawStream('/Type /XRef /Size 7 /W [1 4 0] /Index [5 2] /Root 1 0 R', rows));
  const tableAt = file.length;
  const entries = [1, 2, 3, 4].map((number) => `${String(offsets[number]).padStart(10, '0')} 00000 n \n`);
  const hidden = ['0000000000 65535 f \n', '0000000000 65535 f \n'];
  return Buffer.concat([
    file,
    Buffer.from(
      `xref\n0 7\n0000000000 65535 f \n${entries.join('')}${hidden.join('')}trailer\n<< /Size 7 /Root 1 0 R /XRefStm ${streamAt} >>\nstartxref\n${tableAt}\n%%EOF\n`,
    ),
  ]);
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
