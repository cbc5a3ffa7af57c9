import { PdfDict, PdfStream, type PdfObject } from './objects.ts';

const none: ReadonlySet<string> = new Set();

/**
 * Puts what stands right inside an object behind what waits to be looked at, but for what leads nowhere (numbers, booleans)
 * and for the entries of dictionaries that `leftOut` names. A reference has nothing inside: whoever walks decides whether to
 * follow it.
 */
export function pushParts(
  object: PdfObject,
  waiting: PdfObject[],
  leftOut: ReadonlySet<string> = none,
): void {
  if (Array.isArray(object)) {
    for (const item of object) if (typeof item === 'object') waiting.push(item);
  } else if (object instanceof PdfDict) {
    for (const [key, item] of object.entries)
      if (typeof item === 'object' && !leftOut.has(key)) waiting.push(item);
  } else if (object instanceof PdfStream) waiting.push(object.dict);
}
