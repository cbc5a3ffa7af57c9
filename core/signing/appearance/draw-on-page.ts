import { damaged } from '../../pdf/damage.ts';
import type { PdfDocument } from '../../pdf/document.ts';
import type { IncrementalUpdate } from '../../pdf/incremental-update.ts';
import { pageResources } from '../../pdf/inherited.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../../pdf/objects.ts';
import type { PdfPage } from '../../pdf/pages.ts';
import { numberText } from '../../pdf/serialize.ts';
import { contentMatrix, type MmBox } from '../placement/page-geometry.ts';
import { refuseDuplicates } from '../preconditions.ts';

/**
 * Draws a form XObject on the page itself, upright in `box`, over what is there. What is there is kept: it only gets
 * brackets of its own. Returns the page as it will stand. Never for a page that is signed.
 */
export function drawOnPage(
  update: IncrementalUpdate,
  pdf: PdfDocument,
  page: PdfPage,
  form: PdfRef,
  box: MmBox,
): PdfPage {
  if (!page.ref) throw damaged('page-tree');
  refuseDuplicates(page.dict);
  const resources = pageResources(pdf, page.dict) ?? new PdfDict();
  const objects = pdf.getDict(resources, 'XObject') ?? new PdfDict();
  let name = 'AnThuStamp';
  for (let number = 1; objects.get(name) !== undefined; number++) name = `AnThuStamp${number}`;
  const matrix = contentMatrix(page, box).map((value) => numberText(Math.round(value * 1e5) / 1e5));
  const before = update.add(contentStream('q\n'));
  const after = update.add(contentStream(`\nQ\nq\n${matrix.join(' ')} cm\n/${name} Do\nQ\n`));
  const dict = page.dict.with({
    Contents: [before, ...contentsOf(pdf, page.dict), after],
    Resources: resources.with({ XObject: objects.with({ [name]: form }) }),
  });
  update.put(page.ref, dict);
  return { ...page, dict };
}

function contentStream(content: string): PdfStream {
  return new PdfStream(new PdfDict(), { bytes: Buffer.from(content, 'latin1') });
}

function contentsOf(pdf: PdfDocument, page: PdfDict): PdfObject[] {
  const written = page.get('Contents');
  const contents = pdf.resolve(written);
  if (Array.isArray(contents)) return contents;
  return written instanceof PdfRef && contents instanceof PdfStream ? [written] : [];
}
