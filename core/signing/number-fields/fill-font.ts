import { deflateSync } from 'node:zlib';
import type { IncrementalUpdate } from '../../pdf/incremental-update.ts';
import { PdfDict, PdfName, PdfStream, type PdfRef } from '../../pdf/objects.ts';
import { strictAssert } from '../../shared/assert.ts';
import { subsetFontFor } from '../appearance/subset-font.ts';
import { withCharacterMap } from './unicode-map.ts';

const FIRST = 0x20;
const LAST = 0x7e;
/** All that numbers, dates and notations without Đ are written with. */
const ASCII = Array.from({ length: LAST - FIRST + 1 }, (_, index) => String.fromCharCode(FIRST + index)).join(
  '',
);

/** Nonsymbolic + Serif (ISO 32000-1 table 123). */
const FLAGS = 34;

/**
 * Adds the embedded Times-metric font as a simple one with ASCII codes, which a field filled in later can be shown in
 * although nobody may add a font then.
 */
export async function addFillFont(update: IncrementalUpdate): Promise<PdfRef> {
  const subset = await subsetFontFor(ASCII);
  const { document } = subset;
  const composite = document.resolve(subset.ref);
  strictAssert(composite instanceof PdfDict, 'our own template has a font');
  const descendants = document.get(composite, 'DescendantFonts');
  const descendant = document.resolve(Array.isArray(descendants) ? descendants[0] : null);
  strictAssert(descendant instanceof PdfDict, 'a composite font has a descendant');
  const descriptor = document.getDict(descendant, 'FontDescriptor');
  const program = descriptor && document.get(descriptor, 'FontFile2');
  strictAssert(descriptor && program instanceof PdfStream, 'the subset is embedded');
  const glyphs = new Map(
    [...ASCII].map((character) => [character.charCodeAt(0), glyphOf(subset.encode(character))]),
  );
  const bytes = withCharacterMap(document.decodeStream(program), glyphs);
  const file = update.add(
    new PdfStream(new PdfDict({ Filter: new PdfName('FlateDecode'), Length1: bytes.length }), {
      bytes: deflateSync(bytes),
    }),
  );
  const name = document.get(descriptor, 'FontName');
  strictAssert(name instanceof PdfName, 'the subset has a name');
  return update.add(
    new PdfDict({
      Type: new PdfName('Font'),
      Subtype: new PdfName('TrueType'),
      BaseFont: name,
      FirstChar: FIRST,
      LastChar: LAST,
      Widths: [...ASCII].map((character) => Math.round(subset.measure(character, 1000))),
      Encoding: new PdfName('WinAnsiEncoding'),
      FontDescriptor: update.add(
        descriptor.with({
          Flags: FLAGS,
          FontFile2: file,
          CIDSet: undefined,
        }),
      ),
    }),
  );
}

const glyphOf = (encoded: string): number => Number.parseInt(encoded.replace(/[<>]/g, ''), 16);
