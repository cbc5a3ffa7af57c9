import { AnThuError } from '../shared/errors.ts';
import { openFileSource, type ByteSource } from './byte-source.ts';
import { damaged, overLimit } from './damage.ts';
import { openCipher, type FileCipher } from './encryption/file-cipher.ts';
import { defaultPdfLimits, type PdfLimits } from './limits.ts';
import { ObjectParser } from './object-parser.ts';
import { ObjectStreams } from './object-streams.ts';
import { isName, PdfDict, PdfRef, PdfStream, PdfString, type PdfObject } from './objects.ts';
import { decodeStreamData } from './stream-filters.ts';
import { Work } from './work.ts';
import { findStartXref, readXrefSections, type XrefEntry, type XrefSection } from './xref.ts';

const CACHED_OBJECTS = 4096;
/** What the remembered objects may take in memory, roughly. */
const CACHED_BYTES = 64 * 1024 * 1024;
/** An item of an array or dictionary in memory, roughly. */
const ITEM_BYTES = 48;
/** Units of work (work.ts) for an object asked for, each section asked about it, and each item read beside its bytes. */
const [LOAD_WORK, SECTION_WORK, ITEM_WORK] = [12, 6, 20];
/** The same for a stream unpacked, however short. */
const DECODE_WORK = 100;
const REFERENCE_STEPS = 32;
/** More references into nothing than this, and the rest is not remembered. */
const REMEMBERED_NUMBERS = 10_000;

/** What to open and how far to look. */
export interface OpenPdfOptions {
  readonly limits?: Partial<PdfLimits>;
  /** Bytes after this offset are not seen: opens an earlier revision. */
  readonly endOffset?: number;
  /** User or owner password of an encrypted file; the empty one opens what every viewer opens. */
  readonly password?: string | undefined;
}

/** An object that was read, with the items in it. */
interface ReadObject {
  readonly object: PdfObject;
  readonly items: number;
}

/** What an earlier revision of an open file has in common with it. */
interface Shared {
  readonly sections: readonly XrefSection[];
  readonly work: Work;
}

/**
 * A PDF opened for lazy reading: the cross-reference chain is known, objects are read when asked for. Calls are
 * synchronous; a file from outside is opened in a worker process. Close it after use.
 */
export class PdfDocument {
  readonly source: ByteSource;
  readonly limits: PdfLimits;
  /** `1.7` of `%PDF-1.7`. The catalog's /Version may raise it. */
  readonly headerVersion: string;
  /** Cross-reference sections, newest first. */
  readonly sections: readonly XrefSection[];
  /** The newest section's trailer (for a cross-reference stream: its dictionary). */
  readonly trailer: PdfDict;
  readonly #cache = new Map<number, ReadObject>();
  #cachedBytes = 0;
  readonly #loading = new Set<number>();
  readonly #objectStreams: ObjectStreams;
  readonly #firstFree: number;
  readonly #beyond = new Set<number>();
  readonly #glued = new Set<number>();
  /** Set when the file is encrypted. */
  readonly cipher: FileCipher | undefined;
  /** What the file was opened with, for opening an earlier revision of it. */
  readonly password: string | undefined;
  /** What may still be done with the file, all its revisions together. */
  readonly work: Work;

  /** Without `password` an encrypted file is refused; the empty one opens what every viewer opens. */
  constructor(source: ByteSource, limits: PdfLimits, password?: string, shared?: Shared) {
    this.source = source;
    this.limits = limits;
    this.headerVersion = readHeader(source);
    this.work = shared?.work ?? new Work(limits.work);
    this.sections = shared?.sections ?? readXrefSections(source, findStartXref(source), limits);
    const newest = this.sections[0];
    if (!newest) throw damaged('no-startxref');
    this.trailer = newest.trailer;
    this.#firstFree = firstFreeNumber(this.sections);
    this.#objectStreams = new ObjectStreams(limits, (num) => this.load(num));
    this.password = password;
    this.cipher = this.#openCipher();
  }

  close(): void {
    this.source.close();
  }

  /** The first object number behind all that the cross-reference sections list or count in /Size. */
  get firstFree(): number {
    return this.#firstFree;
  }

  /**
   * Numbers behind the file's last one to which objects read so far refer. Such a reference means nothing; an update must not
   * give it a meaning.
   */
  get referencedBeyond(): ReadonlySet<number> {
    return this.#beyond;
  }

  /** Whether an object read so far is a number that runs into its `endobj`: readers may miss it. */
  isGlued(num: number): boolean {
    return this.#glued.has(num);
  }

  /** The newest cross-reference entry of an object number. */
  entry(num: number): XrefEntry | undefined {
    let asked = 0;
    let entry: XrefEntry | undefined;
    for (const section of this.sections) {
      asked++;
      entry = section.lookup(num);
      if (entry) break;
    }
    this.work.spend(asked * SECTION_WORK);
    return entry;
  }

  /** The object of a number; null when it is free or not there. Generation, when given, must match. */
  load(num: number, gen?: number): PdfObject {
    if (num > this.limits.objects) throw overLimit('objects', this.limits.objects);
    const entry = this.entry(num);
    if (!entry || entry.kind === 'free') return null;
    if (gen !== undefined && gen !== (entry.kind === 'offset' ? entry.gen : 0)) return null;
    const known = this.#known(num);
    return known === undefined ? this.#remember(num, this.#read(num, entry)) : known;
  }

  /** The same object, but not remembered: for walks over all of a file, which would only push out what is wanted again. */
  peek(num: number): PdfObject {
    const known = this.#known(num);
    if (known !== undefined) return known;
    if (num > this.limits.objects) throw overLimit('objects', this.limits.objects);
    const entry = this.entry(num);
    return !entry || entry.kind === 'free' ? null : this.#read(num, entry).object;
  }

  /** An object remembered. Whoever asks may walk over it, so that one long list that all name costs its length each time. */
  #known(num: number): PdfObject | undefined {
    const known = this.#cache.get(num);
    this.work.spend(known ? LOAD_WORK + known.items : LOAD_WORK);
    return known?.object;
  }

  #remember(num: number, read: ReadObject & { readonly bytes: number }): PdfObject {
    const bytes = read.bytes + read.items * ITEM_BYTES;
    if (this.#cache.size >= CACHED_OBJECTS || this.#cachedBytes + bytes > CACHED_BYTES) {
      this.#cache.clear();
      this.#cachedBytes = 0;
    }
    this.#cachedBytes += bytes;
    this.#cache.set(num, { object: read.object, items: read.items });
    return read.object;
  }

  #read(num: number, entry: Exclude<XrefEntry, { kind: 'free' }>): ReadObject & { readonly bytes: number } {
    if (this.#loading.has(num)) throw damaged('reference-loop');
    this.#loading.add(num);
    let parser: ObjectParser | undefined;
    let start = 0;
    try {
      parser =
        entry.kind === 'offset'
          ? this.#parserAt(entry.offset)
          : this.#objectStreams.parserAt(this, entry.stream, entry.index, num);
      if (!parser) return { object: null, items: 0, bytes: 0 };
      start = parser.position;
      const object =
        entry.kind === 'offset' ? this.#readAt(parser, num, entry.gen) : this.#noted(parser, parser.object());
      return { object, items: parser.items, bytes: parser.position - start };
    } finally {
      this.#loading.delete(num);
      // What cannot be read takes its time, too.
      if (parser) this.work.spend(parser.position - start + ITEM_WORK * parser.items);
    }
  }

  /** Numbers of the objects in an object stream, by index. Throws `pdf.damaged` when it is none. */
  numbersIn(stream: number): number[] {
    return this.#objectStreams.numbers(this, stream);
  }

  /** Remembers what of an object just read refers to numbers behind the file's last one. */
  #noted(parser: ObjectParser, object: PdfObject): PdfObject {
    if (parser.highestReference >= this.#firstFree) this.#noteReferences(object);
    return object;
  }

  /** Follows references; null for nothing. */
  resolve(object: PdfObject | undefined): PdfObject {
    let current = object ?? null;
    for (let steps = 0; current instanceof PdfRef; steps++) {
      if (steps >= REFERENCE_STEPS) throw damaged('reference-loop');
      current = this.load(current.num, current.gen);
    }
    return current;
  }

  /** A dictionary's entry with references followed. */
  get(dict: PdfDict, key: string): PdfObject {
    return this.resolve(dict.get(key));
  }

  /** A dictionary's entry when it is a dictionary. */
  getDict(dict: PdfDict, key: string): PdfDict | undefined {
    const value = this.get(dict, key);
    return value instanceof PdfDict ? value : undefined;
  }

  /** The document catalog. */
  catalog(): PdfDict {
    const catalog = this.resolve(this.trailer.get('Root'));
    if (!(catalog instanceof PdfDict)) throw damaged('no-catalog');
    return catalog;
  }

  /** A stream's bytes before its filters are undone, decrypted, at most `limits.streamBytes`. */
  rawStream(stream: PdfStream): Uint8Array {
    if ('bytes' in stream.data) return stream.data.bytes;
    const { start, owner } = stream.data;
    const length = this.#checkedLength(stream, start);
    if (length > this.limits.streamBytes) throw overLimit('streamBytes', this.limits.streamBytes);
    const bytes = this.source.read(start, length);
    return this.cipher && owner ? this.cipher.openStream(stream.dict, owner, bytes) : bytes;
  }

  /**
   * Throws `pdf.damaged` unless a stream ends where its /Length says. Its data are read only where readers may miss the
   * length and look for the first `endstream` instead.
   */
  checkStreamEnd(stream: PdfStream): void {
    if ('bytes' in stream.data) return;
    const { start } = stream.data;
    const length = this.#checkedLength(stream, start);
    const written = stream.dict.get('Length');
    if (!(written instanceof PdfRef && this.isGlued(written.num))) return;
    if (length > this.limits.streamBytes || this.source.read(start, length).includes('endstream'))
      throw damaged('stream-length', start);
  }

  #checkedLength(stream: PdfStream, start: number): number {
    const length = this.get(stream.dict, 'Length');
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0)
      throw damaged('stream-length', start);
    const parser = new ObjectParser(this.source, start + length, this.limits);
    if (start + length > this.source.size) throw damaged('stream-length', start);
    parser.skipSpace();
    // Many streams may end in one long run of blanks.
    this.work.spend(parser.position - (start + length));
    if (!parser.tryKeyword('endstream')) throw damaged('stream-length', start);
    return length;
  }

  /** A stream's bytes with its filters undone (structure filters only). */
  decodeStream(stream: PdfStream): Uint8Array {
    const raw = this.rawStream(stream);
    this.work.spend(DECODE_WORK + raw.length / 8);
    const data = decodeStreamData(stream.dict, raw, this.limits, (object) => this.resolve(object));
    this.work.spend(data.length / 2);
    return data;
  }

  #noteReferences(object: PdfObject): void {
    if (object instanceof PdfRef) {
      if (object.num >= this.#firstFree && this.#beyond.size < REMEMBERED_NUMBERS)
        this.#beyond.add(object.num);
    } else if (Array.isArray(object)) for (const item of object) this.#noteReferences(item);
    else if (object instanceof PdfDict)
      for (const item of object.entries.values()) this.#noteReferences(item);
    else if (object instanceof PdfStream) this.#noteReferences(object.dict);
  }

  #openCipher(): FileCipher | undefined {
    const isEncrypted = ({ trailer }: XrefSection): boolean => (trailer.get('Encrypt') ?? null) !== null;
    if (!this.sections.some(isEncrypted)) return undefined;
    if (this.password === undefined) throw new AnThuError('pdf.encrypted');
    const dict = this.get(this.trailer, 'Encrypt');
    const [first] = asArray(this.get(this.trailer, 'ID'));
    const id = this.resolve(first);
    // Objects read so far were read as they stand; with the cipher they read otherwise.
    this.#cache.clear();
    if (!(dict instanceof PdfDict)) throw damaged('encryption');
    return openCipher(dict, (from, key) => this.get(from, key), {
      password: this.password,
      fileId: id instanceof PdfString ? id.bytes : new Uint8Array(),
    });
  }

  /** Undefined at offset 0, where some writers put what is free. */
  #parserAt(offset: number): ObjectParser | undefined {
    if (offset === 0) return undefined;
    if (offset >= this.source.size) throw damaged('xref-entry', offset);
    return new ObjectParser(this.source, offset, this.limits);
  }

  #readAt(parser: ObjectParser, num: number, gen: number): PdfObject {
    const offset = parser.position;
    const read = parser.indirectObject();
    this.#noted(parser, read.object);
    if (read.num !== num || read.gen !== gen) throw damaged('object-header', offset);
    if (read.glued) this.#glued.add(num);
    if (!(read.object instanceof PdfStream)) {
      parser.position = read.end;
      if (!parser.tryKeyword('endobj')) throw damaged('object-end', read.end);
    }
    if (!this.cipher || this.#isEncryptionDictionary(num) || isXrefStream(read.object)) return read.object;
    const opened = this.cipher.openObject(read.object, { num, gen });
    if (opened instanceof PdfStream && 'start' in opened.data)
      return new PdfStream(opened.dict, { ...opened.data, owner: { num, gen } });
    return opened;
  }

  #isEncryptionDictionary(num: number): boolean {
    const reference = this.trailer.get('Encrypt');
    return reference instanceof PdfRef && reference.num === num;
  }
}

function firstFreeNumber(sections: readonly XrefSection[]): number {
  return sections.reduce((highest, { highest: own, trailer }) => {
    const size = trailer.get('Size');
    return Math.max(highest, own + 1, typeof size === 'number' ? size : 0);
  }, 1);
}

/** Cross-reference streams are the key to all else and never encrypted (ISO 32000-1 7.5.8.2). */
function isXrefStream(object: PdfObject): boolean {
  return object instanceof PdfStream && isName(object.dict.get('Type'), 'XRef');
}

function asArray(object: PdfObject): PdfObject[] {
  return Array.isArray(object) ? object : [];
}

/**
 * Opens a PDF file. Throws `pdf.not-pdf`, `pdf.damaged`, `pdf.limit`, `general.no-such-input`; for encrypted files
 * `pdf.encrypted`, `pdf.password-wrong`, `pdf.encryption-unsupported`.
 */
export function openPdf(path: string, options: OpenPdfOptions = {}): PdfDocument {
  const source = openFileSource(path, options.endOffset);
  try {
    return new PdfDocument(source, { ...defaultPdfLimits, ...options.limits }, options.password);
  } catch (thrown) {
    source.close();
    throw thrown;
  }
}

/** Opens a PDF, hands it to `use` and closes it whatever happens. */
export function withPdf<T>(path: string, use: (pdf: PdfDocument) => T, options: OpenPdfOptions = {}): T {
  const pdf = openPdf(path, options);
  try {
    return use(pdf);
  } finally {
    pdf.close();
  }
}

function readHeader(source: ByteSource): string {
  const head = source.read(0, 1024).toString('latin1');
  const match = /%PDF-(\d\.\d)/.exec(head);
  if (!match) throw new AnThuError('pdf.not-pdf');
  return match[1] ?? '';
}
