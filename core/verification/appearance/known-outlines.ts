import type { PdfDocument } from '../../pdf/document.ts';
import { pageResources } from '../../pdf/inherited.ts';
import { PdfDict } from '../../pdf/objects.ts';
import { walkPages } from '../../pdf/pages.ts';
import { timesMetricFont } from '../../shared/times-metric-font.ts';
import { readEmbeddedFont, type EmbeddedFont } from './embedded-font.ts';
import type { FontText } from './font-text.ts';
import { sameShape } from './shape.ts';
import { TrueTypeFont } from './true-type.ts';

/** A font of the signed revision, its codes by what they show. */
interface SignedFont extends EmbeddedFont {
  readonly codes: ReadonlyMap<string, readonly number[]>;
}

let ours:
  readonly { readonly program: TrueTypeFont; readonly characters: ReadonlyMap<number, number> }[] | undefined;

function shippedFonts() {
  ours ??= (['regular', 'bold'] as const).map((style) => {
    const program = new TrueTypeFont(timesMetricFont(style));
    return { program, characters: program.characters() };
  });
  return ours;
}

const maximumFonts = 100;

/** Fonts that pages and form of the signed revision name. */
function* signedFonts(pdf: PdfDocument): Generator<PdfDict> {
  const form = pdf.getDict(pdf.catalog(), 'AcroForm');
  const holders = [form && pdf.getDict(form, 'DR')];
  for (const { dict } of walkPages(pdf)) holders.push(pageResources(pdf, dict));
  const seen = new Set<PdfDict>();
  for (const holder of holders) {
    const fonts = holder && pdf.getDict(holder, 'Font');
    for (const written of fonts?.entries.values() ?? []) {
      const font = pdf.resolve(written);
      if (!(font instanceof PdfDict) || seen.has(font)) continue;
      seen.add(font);
      if (seen.size > maximumFonts) return;
      yield font;
    }
  }
}

/** How the characters of the fonts that the signed revision shows, and of the one we ship, are drawn. */
export class KnownOutlines {
  readonly #signed: PdfDocument;
  #fonts: readonly SignedFont[] | undefined;

  constructor(signed: PdfDocument) {
    this.#signed = signed;
  }

  /**
   * What a font added later shows: text only of the codes whose glyph is drawn, line for line, like the same
   * character of a font that the signer signed or that we ship. Undefined for any font where this cannot be seen.
   */
  read(after: PdfDocument, font: PdfDict): FontText | undefined {
    const added = readEmbeddedFont(after, font);
    if (!added) return undefined;
    const proved = new Map<number, string | undefined>();
    const textOf = (code: number): string | undefined => {
      if (!proved.has(code)) proved.set(code, this.#provedText(added, code));
      return proved.get(code);
    };
    return { ...added.text, textOf };
  }

  #provedText(added: EmbeddedFont, code: number): string | undefined {
    const text = added.text.textOf(code);
    const drawn = added.shapeOf(code);
    if (text === undefined || drawn === undefined) return undefined;
    const point = text.codePointAt(0) ?? 0;
    const known =
      (String.fromCodePoint(point) === text &&
        shippedFonts().some(({ program, characters }) => {
          const glyph = characters.get(point);
          const shape = glyph === undefined ? undefined : program.shape(glyph);
          return shape !== undefined && sameShape(shape, drawn);
        })) ||
      this.#signedFonts().some((font) =>
        font.codes.get(text)?.some((signedCode) => {
          const shape = font.shapeOf(signedCode);
          return shape !== undefined && sameShape(shape, drawn);
        }),
      );
    return known ? text : undefined;
  }

  #signedFonts(): readonly SignedFont[] {
    this.#fonts ??= [...signedFonts(this.#signed)].flatMap((dict) => {
      const font = readEmbeddedFont(this.#signed, dict);
      return font ? [{ ...font, codes: codesByText(font.text) }] : [];
    });
    return this.#fonts;
  }
}

function codesByText(font: FontText): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (let code = 0; code < 256 ** font.codeBytes; code++) {
    const text = font.textOf(code);
    if (text === undefined) continue;
    const known = found.get(text);
    if (known) known.push(code);
    else found.set(text, [code]);
  }
  return found;
}
