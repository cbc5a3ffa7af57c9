import { onePageObjects, rawPdf, rawStream } from '../lib/raw-pdf.ts';
import { found, lastRoot, lastSection } from './changes.ts';

// Letters and updates of them as hands write them, for what no writer of ours would write.

/** An object as it stands between `obj` and `endobj`. */
export type Body = string | Buffer;

/** A line of a cross-reference table. */
export const entry = (at: number, kind = 'n'): string => `${String(at).padStart(10, '0')} 00000 ${kind} \n`;

/** Appends objects with a table that lists them in this order. */
export function append(file: Buffer, objects: readonly (readonly [number, Body])[], trailer = ''): Buffer {
  let out = file;
  let rows = '';
  for (const [num, body] of objects) {
    rows += `${num} 1\n${entry(out.length)}`;
    out = Buffer.concat([out, Buffer.from(`${num} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')]);
  }
  const size = Number(found(file, /\/Size (\d+)(?![\s\S]*\/Size)/)) + 100;
  const root = `/Size ${size} /Root ${lastRoot(file)} /Prev ${lastSection(file)}`;
  const end = `xref\n${rows || '0 0\n'}trailer\n<< ${root} ${trailer} >>\nstartxref\n${out.length}\n%%EOF\n`;
  return Buffer.concat([out, Buffer.from(end)]);
}

/** A letter of one page; `page` and `catalog` add entries, `more` objects from 6. */
export function letter({ page = '/Contents 4 0 R', catalog = '', more = [] as Body[], trailer = '/Root 1 0 R', font = '/F1 5 0 R' } = {}): Buffer {
  return rawPdf({
    objects: [
      ...onePageObjects({ catalog, page: `${page} /Resources << /Font << ${font} >> >>` }),
      rawStream('', 'BT /F1 12 Tf 60 760 Td (So tien: 100) Tj ET'),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
      ...more,
    ],
    trailer,
  });
} // prettier-ignore
