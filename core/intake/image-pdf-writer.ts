import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { strictAssert } from '../shared/assert.ts';
import type { Orientation } from './exif.ts';
import type { Dpi } from './image-scale.ts';
import type { PdfImage } from './scan-page.ts';

const PRODUCER = 'Ấn Thư';
/** Acrobat's largest page, 200 inches. */
const MAX_UNITS = 14_400;

/** How a page is turned (clockwise, /Rotate) and mirrored to honour an orientation tag without touching pixels. */
const TURNS: Readonly<Record<Orientation, { readonly rotate: number; readonly mirrored: boolean }>> = {
  1: { rotate: 0, mirrored: false },
  2: { rotate: 0, mirrored: true },
  3: { rotate: 180, mirrored: false },
  4: { rotate: 180, mirrored: true },
  5: { rotate: 270, mirrored: true },
  6: { rotate: 90, mirrored: false },
  7: { rotate: 90, mirrored: true },
  8: { rotate: 270, mirrored: false },
};

export interface ImagePage {
  readonly width: number;
  readonly height: number;
  readonly dpi: Dpi;
  readonly orientation: Orientation;
  readonly image: PdfImage;
}

/**
 * Writes a PDF 1.7 of full-page pictures, one page at a time and always the same bytes for the same pictures: no
 * dates, and an /ID made from the content. Cross-reference table, every /Length direct.
 */
export class ImagePdfWriter {
  readonly #file: FileHandle;
  readonly #hash: Hash = createHash('sha256');
  /** Byte offset of object n at index n; 1 catalog, 2 page tree, 3 information. */
  readonly #offsets: number[] = [0, 0, 0, 0];
  readonly #pages: number[] = [];
  #position = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Starts a new file; fails when `path` exists. */
  static async create(path: string): Promise<ImagePdfWriter> {
    const writer = new ImagePdfWriter(await open(path, 'wx', 0o600));
    try {
      // The comment of high bytes tells transfer programs that this is not text.
      await writer.#write(Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1'));
      return writer;
    } catch (thrown) {
      await writer.abandon();
      await rm(path, { force: true });
      throw thrown;
    }
  }

  get pages(): number {
    return this.#pages.length;
  }

  async addPage(page: ImagePage): Promise<void> {
    const first = this.#offsets.length;
    const [pageId, contentId, imageId] = [first, first + 1, first + 2];
    const width = units(page.width, page.dpi.x);
    const height = units(page.height, page.dpi.y);
    const turn = TURNS[page.orientation];
    const rotate = turn.rotate === 0 ? '' : ` /Rotate ${turn.rotate}`;
    await this.#object(
      pageId,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}]${rotate} /Contents ${contentId} 0 R ` +
        `/Resources << /XObject << /Im0 ${imageId} 0 R >> >> >>`,
    );
    const matrix = turn.mirrored ? `-${width} 0 0 ${height} ${width} 0` : `${width} 0 0 ${height} 0 0`;
    const content = `q ${matrix} cm /Im0 Do Q`;
    await this.#object(contentId, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
    await this.#imageObject(imageId, page);
    this.#pages.push(pageId);
  }

  async #imageObject(id: number, page: ImagePage): Promise<void> {
    const { image } = page;
    this.#offsets[id] = this.#position;
    await this.#write(
      `${id} 0 obj\n<< /Type /XObject /Subtype /Image /Width ${page.width} /Height ${page.height} ` +
        `${image.dictionary} /Length ${image.length} >>\nstream\n`,
    );
    const start = this.#position;
    for await (const chunk of image.chunks()) await this.#write(chunk);
    strictAssert(this.#position - start === image.length, 'a picture is as long as announced');
    await this.#write('\nendstream\nendobj\n');
  }

  /** Writes page tree, catalog and cross-reference, and flushes the file to disk. */
  async finish(): Promise<void> {
    const kids = this.#pages.map((id) => `${id} 0 R`).join(' ');
    await this.#object(1, '<< /Type /Catalog /Pages 2 0 R >>');
    await this.#object(2, `<< /Type /Pages /Kids [${kids}] /Count ${this.#pages.length} >>`);
    const producer = Buffer.from(`\ufeff${PRODUCER}`, 'utf16le').swap16().toString('hex').toUpperCase();
    await this.#object(3, `<< /Producer <${producer}> >>`);
    const xref = this.#position;
    const rows = this.#offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
    const size = this.#offsets.length;
    const id = this.#hash.copy().digest('hex').slice(0, 32).toUpperCase();
    await this.#write(
      `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n` +
        `<< /Size ${size} /Root 1 0 R /Info 3 0 R /ID [<${id}> <${id}>] >>\nstartxref\n${xref}\n%%EOF\n`,
    );
    await this.#file.sync();
    await this.#file.close();
  }

  /** Leaves an unfinished file; the caller removes it. */
  async abandon(): Promise<void> {
    await this.#file.close().catch(() => {});
  }

  async #object(id: number, body: string): Promise<void> {
    this.#offsets[id] = this.#position;
    await this.#write(`${id} 0 obj\n${body}\nendobj\n`);
  }

  async #write(bytes: string | Uint8Array): Promise<void> {
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    this.#hash.update(data);
    await this.#file.writeFile(data);
    this.#position += data.length;
  }
}

function units(pixels: number, dpi: number): string {
  const value = Math.min(MAX_UNITS, (pixels * 72) / dpi);
  return value.toFixed(4).replace(/\.?0+$/u, '');
}
