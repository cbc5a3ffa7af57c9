import { isRegular, isWhitespace } from '../pdf/characters.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfStream } from '../pdf/objects.ts';
import type { PdfPage } from '../pdf/pages.ts';
import { AnThuError } from '../shared/errors.ts';

/** Content of a page that is searched. */
const maximumContentBytes = 8 * 1024 * 1024;

/** Whether a page's content switches to the text mode that draws nothing (ISO 32000-1 9.3.6, mode 3). */
export function hasInvisibleText(pdf: PdfDocument, { dict }: PdfPage): boolean {
  const contents = pdf.get(dict, 'Contents');
  const streams = Array.isArray(contents) ? contents.map((item) => pdf.resolve(item)) : [contents];
  return streams.some((stream) => {
    pdf.work.spend(1); // pages may share a long list
    return stream instanceof PdfStream && switchesToInvisible(pdf, stream);
  });
}

function switchesToInvisible(pdf: PdfDocument, stream: PdfStream): boolean {
  try {
    const bytes = pdf.decodeStream(stream).subarray(0, maximumContentBytes);
    pdf.work.spend(bytes.length);
    return setsMode3(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (error) {
    if (error instanceof AnThuError) return false; // a filter of pictures, not of text
    throw error;
  }
}

const THREE = 0x33;

/** Whether `3 Tr` stands in a content. */
function setsMode3(content: Buffer): boolean {
  for (let at = content.indexOf('Tr'); at >= 0; at = content.indexOf('Tr', at + 2)) {
    let before = at - 1;
    while (before >= 0 && isWhitespace(content[before] ?? -1)) before--;
    const isOperator = before < at - 1 && !isRegular(content[at + 2] ?? -1);
    if (isOperator && content[before] === THREE && !isRegular(content[before - 1] ?? -1)) return true;
  }
  return false;
}
