import { bufferSource } from '../pdf/byte-source.ts';
import { PdfDocument } from '../pdf/document.ts';
import type { IncrementalUpdate } from '../pdf/incremental-update.ts';
import { defaultPdfLimits } from '../pdf/limits.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import { firstPage } from '../pdf/pages.ts';
import { strictAssert } from '../shared/assert.ts';
import type { TextTemplate } from './text-template.ts';

/** Copies the template's page into the update as a form XObject turned by `matrix`. */
export function importAsForm(
  update: IncrementalUpdate,
  template: TextTemplate,
  matrix: readonly number[],
): PdfRef {
  const source = new PdfDocument(bufferSource(template.pdf), defaultPdfLimits);
  const page = firstPage(source);
  const copied = new Map<number, PdfRef>();
  const copy = (object: PdfObject): PdfObject => {
    if (object instanceof PdfRef) return copyReference(object);
    if (Array.isArray(object)) return object.map(copy);
    if (object instanceof PdfDict)
      return new PdfDict(new Map([...object.entries].map(([key, value]) => [key, copy(value)])));
    if (object instanceof PdfStream) {
      const dict = copy(object.dict);
      strictAssert(dict instanceof PdfDict, 'a dictionary copies to a dictionary');
      return new PdfStream(dict, { bytes: source.rawStream(object) });
    }
    return object;
  };
  const copyReference = (ref: PdfRef): PdfRef => {
    const known = copied.get(ref.num);
    if (known) return known;
    const target = update.allocate();
    copied.set(ref.num, target);
    update.put(target, copy(source.load(ref.num, ref.gen)));
    return target;
  };
  return update.add(
    new PdfStream(
      new PdfDict({
        Type: new PdfName('XObject'),
        Subtype: new PdfName('Form'),
        BBox: [0, 0, template.width, template.height],
        Matrix: [...matrix],
        Resources: copy(source.get(page.dict, 'Resources')),
      }),
      { bytes: pageContent(source, page.dict) },
    ),
  );
}

/** An appearance that shows nothing. */
export function addEmptyForm(update: IncrementalUpdate): PdfRef {
  return update.add(
    new PdfStream(
      new PdfDict({ Type: new PdfName('XObject'), Subtype: new PdfName('Form'), BBox: [0, 0, 0, 0] }),
      { bytes: new Uint8Array() },
    ),
  );
}

function pageContent(source: PdfDocument, page: PdfDict): Uint8Array {
  const contents = source.get(page, 'Contents');
  const streams = (Array.isArray(contents) ? contents : [contents]).map((item) => source.resolve(item));
  const parts = streams.map((stream) => {
    strictAssert(stream instanceof PdfStream, 'our own template has content streams');
    return source.decodeStream(stream);
  });
  return Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\n')]));
}
