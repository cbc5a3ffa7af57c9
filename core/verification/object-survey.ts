import { overLimit } from '../pdf/damage.ts';
import type { PdfDocument } from '../pdf/document.ts';
import { PdfDict, PdfRef, PdfStream, type PdfObject } from '../pdf/objects.ts';
import type { PdfPage } from '../pdf/pages.ts';
import { AnThuError } from '../shared/errors.ts';
import { hasDoubledKeys } from './doubled-keys.ts';

/** Objects looked at in one file. */
const maximumObjects = 500_000;

/** What one walk over a file's objects found. */
export interface ObjectSurvey {
  /** Numbers of everything the trailer leads to, whether it exists or not. */
  readonly reached: ReadonlySet<number>;
  /** The first object on the way from the catalog that readers could see differently. */
  readonly unsound: number | undefined;
  /** How many objects could not be read. */
  readonly unreadable: number;
}

/** What a survey is asked to do beside looking for what is unsound. */
export interface SurveyOptions {
  /** Pages in order: what they use is told with the index of the first page that uses it. */
  readonly pages: readonly PdfPage[];
  /** Called once with every object; `page` where a page uses it. */
  visit(num: number, object: PdfObject, page: number | undefined): void;
}

const surveys = new WeakMap<PdfDocument, ObjectSurvey>();

/**
 * Walks over everything the trailer of a file leads to. Each object is read once, looked at and let go: what is kept is its
 * number, so that memory grows by some bytes for an object and time is that of reading each once. The result is remembered
 * for as long as the document is open. Throws `pdf.limit`.
 */
export function surveyObjects(pdf: PdfDocument, options?: SurveyOptions): ObjectSurvey {
  const known = options ? undefined : surveys.get(pdf);
  if (known) return known;
  const walk = new SurveyWalk(pdf, options?.visit);
  if (options) walk.pages(options.pages);
  walk.from(pdf.trailer.get('Root') ?? null);
  // How all is deciphered.
  walk.from(pdf.trailer.get('Encrypt') ?? null);
  const { unsound } = walk;
  // What only the rest of the trailer leads to is shown by no reader; a length is proved by its `endstream`.
  walk.lengths();
  walk.from(pdf.trailer);
  const survey = { reached: walk.reached, unsound, unreadable: walk.unreadable };
  surveys.set(pdf, survey);
  return survey;
}

class SurveyWalk {
  readonly reached = new Set<number>();
  unsound: number | undefined;
  unreadable = 0;
  readonly #pdf: PdfDocument;
  readonly #visit: SurveyOptions['visit'] | undefined;
  /** Reached and not yet looked at. */
  readonly #waiting: number[] = [];
  /** Met on the way up from what a page uses: it belongs to no page. */
  readonly #later = new Set<number>();
  /** Lengths of streams, which were proved with the streams' ends. */
  readonly #lengths = new Set<number>();
  #pageNumbers: ReadonlySet<number> | undefined;
  #page: number | undefined;

  constructor(pdf: PdfDocument, visit: SurveyOptions['visit'] | undefined) {
    this.#pdf = pdf;
    this.#visit = visit;
  }

  /** Walks over what each page uses, but for the other pages that it leads to. */
  pages(pages: readonly PdfPage[]): void {
    this.#pageNumbers = new Set(pages.flatMap(({ ref }) => ref?.num ?? []));
    for (const [index, { ref, dict }] of pages.entries()) {
      this.#page = index;
      if (ref) this.#reach(ref.num);
      else this.#inside(dict);
      this.#drain();
    }
    this.#page = undefined;
    this.#pageNumbers = undefined;
    for (const num of this.#later) this.#reach(num);
  }

  /** Walks over the rest of what an object leads to. */
  from(root: PdfObject): void {
    this.#inside(root);
    this.#drain();
  }

  lengths(): void {
    for (const num of this.#lengths) this.#reach(num);
    this.#drain();
  }

  #drain(): void {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      const object = this.#read(next);
      this.#visit?.(next, object, this.#page);
      this.#inside(object, next);
    }
  }

  #read(num: number): PdfObject {
    try {
      const object = this.#pdf.peek(num);
      // Readers that miss the number show something else.
      if (this.#pdf.isGlued(num)) this.unsound ??= num;
      if (object instanceof PdfStream) this.#pdf.checkStreamEnd(object);
      return object;
    } catch (error) {
      if (!(error instanceof AnThuError) || error.code !== 'pdf.damaged') throw error;
      this.unsound ??= num;
      this.unreadable++;
      return null;
    }
  }

  /** Notes where object `num`, or a part of it, leads to. It is nested no deeper than `limits.depth`. */
  #inside(object: PdfObject, num = 0): void {
    if (typeof object !== 'object' || object === null) return;
    if (object instanceof PdfRef) {
      if (!this.#pageNumbers?.has(object.num)) this.#reach(object.num);
    } else if (Array.isArray(object)) for (const item of object) this.#inside(item, num);
    else if (object instanceof PdfStream) {
      const length = object.dict.get('Length');
      if (length instanceof PdfRef) this.#lengths.add(length.num);
      if (hasDoubledKeys(object.dict)) this.unsound ??= num;
      this.#inside(length instanceof PdfRef ? object.dict.with({ Length: undefined }) : object.dict, num);
    } else if (object instanceof PdfDict) {
      if (hasDoubledKeys(object)) this.unsound ??= num;
      for (const [key, item] of object.entries) {
        const isUp = this.#page !== undefined && (key === 'Parent' || key === 'P');
        if (isUp && item instanceof PdfRef) this.#later.add(item.num);
        else this.#inside(item, num);
      }
    }
  }

  #reach(num: number): void {
    if (this.reached.has(num)) return;
    if (this.reached.size >= maximumObjects) throw overLimit('objects', maximumObjects);
    this.reached.add(num);
    this.#waiting.push(num);
  }
}
