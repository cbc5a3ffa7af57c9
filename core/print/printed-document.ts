import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import {
  PDFArray,
  PDFDocument,
  type PDFFont,
  PDFHexString,
  PDFName,
  type PDFPage,
  PDFRawStream,
  type PDFRef,
} from 'pdf-lib';
import { timesMetricFont } from '../shared/times-metric-font.ts';
import { alignedFontkit } from '../signing/appearance/aligned-fontkit.ts';
import { PageContent, resourceNames, type Style } from './page-content.ts';
import { pdfaMetadata } from './pdfa-metadata.ts';
import { TypeFace } from './type-face.ts';

export interface DocumentFacts {
  readonly title: string;
  /** The program with its version. */
  readonly software: string;
  readonly madeAt: Date;
}

interface PageNumbers {
  readonly right: number;
  readonly y: number;
  readonly unnumbered: number;
}

const PAGE_NUMBER_SIZE = 9;

/**
 * A PDF that we print: PDF/A-2b, its font (Times metrics, with Vietnamese) embedded as a subset, its pages compressed as they
 * are finished, so that thousands of them take little memory.
 */
export class PrintedDocument {
  readonly faces: Readonly<Record<Style, TypeFace>>;
  readonly #facts: DocumentFacts;
  readonly #document: PDFDocument;
  readonly #resources: PDFRef;
  readonly #hash = createHash('sha256');

  private constructor(document: PDFDocument, fonts: Readonly<Record<Style, PDFFont>>, facts: DocumentFacts) {
    this.#document = document;
    this.#facts = facts;
    this.faces = { regular: new TypeFace(fonts.regular), bold: new TypeFace(fonts.bold) };
    const { context } = document;
    this.#resources = context.register(
      context.obj({
        Font: { [resourceNames.regular]: fonts.regular.ref, [resourceNames.bold]: fonts.bold.ref },
        ColorSpace: { [resourceNames.gray]: ['CalGray', { WhitePoint: [0.9505, 1, 1.089], Gamma: 2.2 }] },
      }),
    );
  }

  static async open(facts: DocumentFacts): Promise<PrintedDocument> {
    const document = await PDFDocument.create({ updateMetadata: false });
    document.registerFontkit(alignedFontkit);
    // The tag in front names a subset (ISO 32000-1, 9.6.4).
    const embed = (style: Style, customName: string): Promise<PDFFont> =>
      document.embedFont(timesMetricFont(style), { subset: true, customName });
    const fonts = {
      regular: await embed('regular', 'ANTHUR+Tinos-Regular'),
      bold: await embed('bold', 'ANTHUB+Tinos-Bold'),
    };
    return new PrintedDocument(document, fonts, facts);
  }

  get pages(): number {
    return this.#document.getPageCount();
  }

  /** Appends a page, its size in points. */
  addPage(
    { width, height }: { readonly width: number; readonly height: number },
    content: PageContent,
  ): void {
    const page = this.#document.addPage([width, height]);
    page.node.set(PDFName.of('Resources'), this.#resources);
    page.node.set(PDFName.of('Contents'), this.#document.context.obj([]));
    this.#draw(page, content);
  }

  /**
   * `Trang 3/120` at the foot of every page behind the `unnumbered` ones (a cover), when all pages are there; the text ends at
   * `right`, its baseline at `y`, in points.
   */
  numberPages({ right, y, unnumbered }: PageNumbers): void {
    const face = this.faces.regular;
    const count = this.pages - unnumbered;
    for (let number = 1; number <= count; number++) {
      const text = `Trang ${number}/${count}`;
      const content = new PageContent(this.faces);
      const x = right - face.width(text, PAGE_NUMBER_SIZE);
      content.text(text, { x, y }, { style: 'regular', size: PAGE_NUMBER_SIZE });
      this.#draw(this.#document.getPage(unnumbered + number - 1), content);
    }
  }

  async save(): Promise<Uint8Array> {
    const { title, software, madeAt } = this.#facts;
    const document = this.#document;
    const { context } = document;
    document.setTitle(title, { showInWindowTitleBar: true });
    document.setLanguage('vi-VN');
    document.setCreator(software);
    document.setProducer(software);
    document.setCreationDate(madeAt);
    document.setModificationDate(madeAt);
    const metadata = context.stream(Buffer.from(pdfaMetadata(this.#facts), 'utf8'), {
      Type: 'Metadata',
      Subtype: 'XML',
    });
    document.catalog.set(PDFName.of('Metadata'), context.register(metadata));
    const id = PDFHexString.of(this.#hash.digest('hex').slice(0, 32).toUpperCase());
    context.trailerInfo.ID = context.obj([id, id]);
    return await document.save({ useObjectStreams: false, addDefaultPage: false });
  }

  #draw(page: PDFPage, content: PageContent): void {
    const text = String(content);
    this.#hash.update(text);
    const bytes = deflateSync(Buffer.from(text, 'latin1'));
    const dict = this.#document.context.obj({ Length: bytes.length, Filter: 'FlateDecode' });
    const contents = page.node.lookup(PDFName.of('Contents'), PDFArray);
    contents.push(this.#document.context.register(PDFRawStream.of(dict, bytes)));
  }
}
