import type { PdfDocument } from '../../pdf/document.ts';
import type { PdfObject } from '../../pdf/objects.ts';
import { standardNames } from './compact-font-tables.ts';
import { glyphText } from './glyph-names.ts';
import { readEncoding } from './simple-encoding.ts';

let nameByText: ReadonlyMap<string, string> | undefined;

/** Adobe's own name of a Latin letter. */
function standardName(text: string | undefined): string | undefined {
  nameByText ??= new Map(
    standardNames.flatMap((name) => {
      const letter = glyphText(name);
      return letter === undefined ? [] : [[letter, name] as const];
    }),
  );
  return text === undefined ? undefined : nameByText.get(text);
}

/**
 * The names that an /Encoding of a simple font gives to codes; a code that it leaves to the font itself has none. Undefined when
 * there is no encoding, or one that is not as it should be.
 */
export function glyphNamesOf(
  pdf: PdfDocument,
  encoding: PdfObject,
): ((code: number) => string | undefined) | undefined {
  const read = readEncoding(pdf, encoding);
  return read && ((code) => read.names.get(code) ?? standardName(read.base?.(code)));
}
