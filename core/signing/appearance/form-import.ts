import type { IncrementalUpdate } from '../../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, type PdfObject } from '../../pdf/objects.ts';
import { strictAssert } from '../../shared/assert.ts';
import type { SubsetFont } from './subset-font.ts';

/** Page content with what it refers to. */
export interface FormContent {
  /** Size in points. */
  readonly width: number;
  readonly height: number;
  /** Content stream operators. */
  readonly content: string;
  readonly fonts?: Readonly<Record<string, SubsetFont>>;
  readonly images?: Readonly<Record<string, PdfRef>>;
  readonly colourSpaces?: Readonly<Record<string, PdfObject>>;
}

/** Adds content to the update as a form XObject turned by `matrix`, with its fonts copied in. */
export function addForm(update: IncrementalUpdate, form: FormContent, matrix: readonly number[]): PdfRef {
  const fonts = Object.entries(form.fonts ?? {}).map(([name, font]): [string, PdfObject] => [
    name,
    copyFont(update, font),
  ]);
  const images = Object.entries(form.images ?? {});
  const colourSpaces = Object.entries(form.colourSpaces ?? {});
  const groups: [string, [string, PdfObject][]][] = [
    ['ColorSpace', colourSpaces],
    ['Font', fonts],
    ['XObject', images],
  ];
  const resources = new PdfDict(
    new Map(
      groups.flatMap(([name, entries]): [string, PdfObject][] =>
        entries.length === 0 ? [] : [[name, new PdfDict(new Map(entries))]],
      ),
    ),
  );
  const size = [form.width, form.height].map((value) => Math.ceil(value * 1000) / 1000);
  return update.add(
    new PdfStream(
      new PdfDict({
        Type: new PdfName('XObject'),
        Subtype: new PdfName('Form'),
        BBox: [0, 0, ...size],
        Matrix: [...matrix],
        Resources: resources,
      }),
      { bytes: Buffer.from(form.content, 'latin1') },
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

/** Copies the font and all that it refers to under new numbers. */
export function copyFont(update: IncrementalUpdate, { document, ref }: SubsetFont): PdfRef {
  const copied = new Map<number, PdfRef>();
  const copyReference = (from: PdfRef): PdfRef => {
    const known = copied.get(from.num);
    if (known) return known;
    const target = update.allocate();
    copied.set(from.num, target);
    update.put(target, copy(document.load(from.num, from.gen)));
    return target;
  };
  const copyDict = (dict: PdfDict): PdfDict => {
    const twin = new PdfDict(new Map([...dict.entries].map(([key, value]) => [key, copy(value)])));
    const program = document.get(dict, 'FontFile2');
    if (!(program instanceof PdfStream)) return twin;
    return twin.with({ CIDSet: update.add(cidSet(document.decodeStream(program))) });
  };
  const copy = (object: PdfObject): PdfObject => {
    if (object instanceof PdfRef) return copyReference(object);
    if (Array.isArray(object)) return object.map(copy);
    if (object instanceof PdfDict) return copyDict(object);
    if (object instanceof PdfStream)
      return new PdfStream(copyDict(object.dict), { bytes: document.rawStream(object) });
    return object;
  };
  const target = copyReference(ref);
  strictAssert(copied.size > 1, 'a subset font refers to its program');
  return target;
}

/**
 * The glyphs of a subset, of which PDF/A-1 wants a list: all that the font program has (its `maxp` table says how many),
 * since codes are glyph numbers.
 */
function cidSet(program: Uint8Array): PdfStream {
  const font = Buffer.from(program);
  const tables = font.readUInt16BE(4);
  let glyphs = 0;
  for (let i = 0; i < tables; i++) {
    const entry = 12 + i * 16;
    if (font.toString('latin1', entry, entry + 4) === 'maxp')
      glyphs = font.readUInt16BE(font.readUInt32BE(entry + 8) + 4);
  }
  const bits = Buffer.alloc(Math.ceil(glyphs / 8));
  for (let glyph = 0; glyph < glyphs; glyph++)
    bits[glyph >> 3] = (bits[glyph >> 3] ?? 0) | (0x80 >> (glyph & 7));
  return new PdfStream(new PdfDict(), { bytes: bits });
}
