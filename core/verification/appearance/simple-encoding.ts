import type { PdfDocument } from '../../pdf/document.ts';
import { PdfDict, PdfName, type PdfObject } from '../../pdf/objects.ts';

/** The letter of a code; undefined for a code without one. */
export type Encoding = (code: number) => string | undefined;

/** StandardEncoding as far as it is ASCII; what lies behind counts as unknown. */
export const standardLatin: Encoding = (code) => {
  if (code === 0x27) return '’';
  if (code === 0x60) return '‘';
  return code >= 0x20 && code <= 0x7e ? String.fromCharCode(code) : undefined;
};

function codePage(label: string, unused: readonly number[]): Encoding {
  const decoder = new TextDecoder(label);
  return (code) =>
    code < 0x20 || unused.includes(code)
      ? undefined
      : decoder.decode(Uint8Array.of(code)).replace('\u00a0', ' ');
}

/** By name. A map, for the names come out of files: an object would also know `constructor`. */
const baseEncodings: ReadonlyMap<string, Encoding> = new Map([
  ['StandardEncoding', standardLatin],
  ['WinAnsiEncoding', codePage('windows-1252', [0x7f, 0x81, 0x8d, 0x8f, 0x90, 0x9d])],
  ['MacRomanEncoding', codePage('macintosh', [0x7f])],
]);

/** What an /Encoding of a simple font says (ISO 32000-1 9.6.6). */
interface WrittenEncoding {
  /** Undefined where none is named. */
  readonly base: Encoding | undefined;
  /** Names of glyphs by code: /Differences. */
  readonly names: ReadonlyMap<number, string>;
}

/** Reads an /Encoding; undefined when there is none, or one that is not as it should be. */
export function readEncoding(pdf: PdfDocument, written: PdfObject): WrittenEncoding | undefined {
  if (written instanceof PdfName) {
    const base = baseEncodings.get(written.value);
    return base && { base, names: new Map() };
  }
  if (!(written instanceof PdfDict) || written.duplicates.length > 0) return undefined;
  const named = pdf.get(written, 'BaseEncoding');
  const base = named instanceof PdfName ? baseEncodings.get(named.value) : undefined;
  const differences = pdf.get(written, 'Differences') ?? [];
  if ((named !== null && !base) || !Array.isArray(differences)) return undefined;
  const names = new Map<number, string>();
  let code = 0;
  for (const item of differences) {
    const value = pdf.resolve(item);
    if (typeof value === 'number') code = value;
    else if (value instanceof PdfName) names.set(code++, value.value);
    else return undefined;
  }
  return { base, names };
}
