import { isRegular, isWhitespace } from '../pdf/characters.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import type { PdfPage } from '../pdf/pages.ts';
import { AnThuError } from '../shared/errors.ts';

/** Content of a page that is searched. */
const maximumContentBytes = 8 * 1024 * 1024;

/** What a search for invisible text came to; `unknown` where not all could be searched and none was found. */
type InvisibleText = 'found' | 'none' | 'unknown';

/** Looks for text that draws nothing in the pages of one file. Pages may share contents and lists of them: each is searched once. */
export class InvisibleTextSearch {
  readonly #pdf: PdfDocument;
  readonly #known = new Map<number, InvisibleText>();

  constructor(pdf: PdfDocument) {
    this.#pdf = pdf;
  }

  /**
   * Whether a page's content switches to a text mode that draws nothing (ISO 32000-1 9.3.6, modes 3 and 7). Throws `pdf.limit`
   * when the work for the file is used up.
   */
  search({ dict }: PdfPage): InvisibleText {
    const contents = dict.get('Contents') ?? null;
    return this.#once(contents, () => {
      const object = this.#pdf.resolve(contents);
      let found: InvisibleText = 'none';
      for (const item of Array.isArray(object) ? object : [contents]) {
        const own = this.#once(item, () => this.#searchStream(item));
        if (own === 'found') return own;
        if (own === 'unknown') found = own;
      }
      return found;
    });
  }

  #searchStream(written: PdfObject): InvisibleText {
    const stream = this.#pdf.resolve(written);
    return stream instanceof PdfStream ? searchContent(this.#pdf, stream) : 'none';
  }

  /** What was found behind a reference, or is found now. */
  #once(written: PdfObject, find: () => InvisibleText): InvisibleText {
    this.#pdf.work.spend(1);
    if (!(written instanceof PdfRef)) return find();
    const found = this.#known.get(written.num) ?? find();
    this.#known.set(written.num, found);
    return found;
  }
}

function searchContent(pdf: PdfDocument, stream: PdfStream): InvisibleText {
  let whole: Uint8Array;
  try {
    whole = pdf.decodeStream(stream);
  } catch (error) {
    if (error instanceof AnThuError) return 'unknown'; // too long, or a filter that we do not undo
    throw error;
  }
  const bytes = whole.subarray(0, maximumContentBytes);
  pdf.work.spend(bytes.length);
  if (drawsNothing(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) return 'found';
  return bytes.length < whole.length ? 'unknown' : 'none';
}

/** Longest number that is looked at before an operator. */
const LONGEST_NUMBER = 16;

/** Whether `3 Tr` or `7 Tr` stands in a content, however the number is written. */
function drawsNothing(content: Buffer): boolean {
  for (let at = content.indexOf('Tr'); at >= 0; at = content.indexOf('Tr', at + 2)) {
    if (isRegular(content[at + 2] ?? -1)) continue;
    let end = at;
    while (end > 0 && isWhitespace(content[end - 1] ?? -1)) end--;
    let start = end;
    while (start > 0 && end - start <= LONGEST_NUMBER && isRegular(content[start - 1] ?? -1)) start--;
    const mode = end < at && start < end ? Number(content.toString('latin1', start, end)) : Number.NaN;
    if (mode === 3 || mode === 7) return true;
  }
  return false;
}
