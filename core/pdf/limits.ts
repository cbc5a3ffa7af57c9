/** How much of a file's structure may be read before the file is refused with `pdf.limit`. */
export interface PdfLimits {
  /** Pages counted by a page-tree walk. */
  readonly pages: number;
  /** Highest object number and entries of one cross-reference section. */
  readonly objects: number;
  /** Nesting of arrays and dictionaries, and of page-tree and field-tree nodes. */
  readonly depth: number;
  /** Arrays' items and dictionaries' entries inside one indirect object. */
  readonly items: number;
  /** Bytes of one string. */
  readonly stringBytes: number;
  /** Bytes of one structure stream (object stream, cross-reference stream), before and after expansion. */
  readonly streamBytes: number;
  /** Expanded bytes of all structure streams together, over the life of an open document. */
  readonly totalStreamBytes: number;
  /** Cross-reference sections along /Prev. */
  readonly sections: number;
  /** Form fields visited, and kids of one field. */
  readonly fields: number;
  /** Fields that bear a signature: each is read, held and judged for itself. */
  readonly signatures: number;
  /** All that is read, looked up and walked over, for every revision together (work.ts). */
  readonly work: number;
}

/** Generous for office documents, small enough that a hostile file stays within 256 MB. */
export const defaultPdfLimits: PdfLimits = {
  pages: 1000,
  objects: 8_388_607,
  depth: 100,
  items: 500_000,
  stringBytes: 16 * 1024 * 1024,
  streamBytes: 32 * 1024 * 1024,
  totalStreamBytes: 512 * 1024 * 1024,
  sections: 2000,
  fields: 20_000,
  signatures: 1000,
  work: 300_000_000,
};
