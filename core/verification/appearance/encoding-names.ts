import type { PdfDocument } from '../../pdf/document.ts';
import { PdfDict, PdfName, type PdfObject } from '../../pdf/objects.ts';
import { baseEncodings } from './font-text.ts';
import { glyphText } from './glyph-names.ts';
import { standardNames } from './compact-font-tables.ts';

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
  if (encoding instanceof PdfName) {
    const base = baseEncodings[encoding.value];
    return base && ((code) => standardName(base(code)));
  }
  if (!(encoding instanceof PdfDict) || encoding.duplicates.length > 0) return undefined;
  const named = pdf.get(encoding, 'BaseEncoding');
  const base = named instanceof PdfName ? baseEncodings[named.value] : undefined;
  const differences = pdf.get(encoding, 'Differences') ?? [];
  if ((named !== null && !base) || !Array.isArray(differences)) return undefined;
  const names = new Map<number, string>();
  let code = 0;
  for (const item of differences) {
    const value = pdf.resolve(item);
    if (typeof value === 'number') code = value;
    else if (value instanceof PdfName) names.set(code++, value.value);
    else return undefined;
  }
  return (wanted) => names.get(wanted) ?? standardName(base?.(wanted));
}
