import { createHash } from 'node:crypto';
import { AnThuError } from '../shared/errors.ts';
import { code } from './characters.ts';
import { damaged, overLimit } from './damage.ts';
import type { PdfDocument } from './document.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject } from './objects.ts';
import { PdfOutput, writeObject } from './serialize.ts';

/** What is to stand after the file's last byte. */
export interface BuiltUpdate {
  /** The appended bytes, beginning with an end-of-line if the file lacked one. */
  readonly bytes: Buffer;
  /** Offset in the finished file of the first appended byte: the input's size. */
  readonly offset: number;
  /** Offsets in the finished file of pieces written as `PdfRaw`. */
  readonly marks: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
}

interface WrittenObject {
  readonly ref: PdfRef;
  readonly offset: number;
}

/** Width of an offset in cross-reference streams: enough for any file. */
const OFFSET_BYTES = 6;

/** Entries of a trailer that an update repeats; the rest belongs to the revision that wrote it. */
const REPEATED = ['Root', 'Info', 'ID', 'Encrypt'] as const;

/**
 * An incremental update under construction: new and changed objects, appended with a cross-reference section of
 * the kind the file last used (a hybrid file gets a table). Nothing of the file is rewritten.
 * (signing-peers.md §3.2)
 */
export class IncrementalUpdate {
  readonly #pdf: PdfDocument;
  readonly #objects = new Map<number, { ref: PdfRef; object: PdfObject }>();
  #next: number;

  readonly #reserved: ReadonlySet<number>;

  /** `reserved`: numbers to which the file refers though they mean nothing, besides those its reader has met. */
  constructor(pdf: PdfDocument, reserved: ReadonlySet<number> = new Set()) {
    this.#pdf = pdf;
    this.#reserved = reserved;
    this.#next = pdf.firstFree;
  }

  /** A reference to an object number that nothing uses and nothing refers to: no dead reference comes to life. Throws `pdf.limit`. */
  allocate(): PdfRef {
    while (this.#pdf.referencedBeyond.has(this.#next) || this.#reserved.has(this.#next)) this.#next++;
    // No reader of ours would take the finished file.
    if (this.#next > this.#pdf.limits.objects) throw overLimit('objects', this.#pdf.limits.objects);
    return new PdfRef(this.#next++, 0);
  }

  /** Sets the object of a new reference, or the new state of an object of the file. */
  put(ref: PdfRef, object: PdfObject): void {
    this.#objects.set(ref.num, { ref, object });
  }

  /** Adds an object under a new number. */
  add(object: PdfObject): PdfRef {
    const ref = this.allocate();
    this.put(ref, object);
    return ref;
  }

  /** An object as it will stand after this update, references followed. */
  resolve(object: PdfObject | undefined): PdfObject {
    const staged = object instanceof PdfRef ? this.#objects.get(object.num) : undefined;
    return staged ? this.resolve(staged.object) : this.#pdf.resolve(object);
  }

  /** Changes entries of the catalog as it stands in this update; `undefined` removes one. */
  changeCatalog(changes: Record<string, PdfObject | undefined>): void {
    const root = this.#pdf.trailer.get('Root');
    const catalog = this.resolve(root);
    if (!(root instanceof PdfRef) || !(catalog instanceof PdfDict)) throw damaged('no-catalog');
    this.put(root, catalog.with(changes));
  }

  /** Throws `pdf.too-large` when an offset has more than the ten digits of a cross-reference table. */
  build(): BuiltUpdate {
    const newest = this.#pdf.sections[0];
    const { size } = this.#pdf.source;
    if (!newest) throw damaged('no-startxref');
    const out = new PdfOutput(size);
    const last = this.#pdf.source.byteAt(size - 1);
    if (last !== code.lf && last !== code.cr) out.text('\n');
    const written: WrittenObject[] = [];
    for (const { ref, object } of [...this.#objects.values()].sort((a, b) => a.ref.num - b.ref.num)) {
      written.push({ ref, offset: out.position });
      out.text(`${ref.num} ${ref.gen} obj\n`);
      writeObject(out, this.#pdf.cipher?.sealObject(object, ref) ?? object);
      out.text('\nendobj\n');
    }
    const trailer = this.#trailer(newest.offset, fingerprint(out, size));
    const xrefOffset =
      newest.kind === 'stream'
        ? this.#writeXrefStream(out, written, trailer)
        : writeTable(out, written, trailer, this.#next);
    out.text(`startxref\n${xrefOffset}\n%%EOF\n`);
    return { bytes: out.take(), offset: size, marks: out.marks };
  }

  #trailer(previous: number, state: Uint8Array): PdfDict {
    const entries = new Map<string, PdfObject>();
    for (const key of REPEATED) {
      const value = this.#pdf.trailer.get(key);
      if (value !== undefined) entries.set(key, key === 'ID' ? this.#renewedId(value, state) : value);
    }
    entries.set('Prev', previous);
    return new PdfDict(entries);
  }

  /** The first half names the document and stays; the second names this state of it. */
  #renewedId(value: PdfObject, state: Uint8Array): PdfObject {
    const id = this.#pdf.resolve(value);
    if (!Array.isArray(id) || id.length !== 2) return value;
    const first = this.#pdf.resolve(id[0]);
    return first instanceof PdfString
      ? [new PdfString(first.bytes, 'hex'), new PdfString(state.subarray(0, 16), 'hex')]
      : value;
  }

  #writeXrefStream(out: PdfOutput, written: readonly WrittenObject[], trailer: PdfDict): number {
    const ref = this.allocate();
    const offset = out.position;
    const all = [...written, { ref, offset }].sort((a, b) => a.ref.num - b.ref.num);
    const rowBytes = 1 + OFFSET_BYTES + 2;
    const rows = Buffer.alloc(all.length * rowBytes);
    all.forEach((entry, index) => {
      rows.writeUInt8(1, index * rowBytes);
      rows.writeUIntBE(entry.offset, index * rowBytes + 1, OFFSET_BYTES);
      rows.writeUInt16BE(entry.ref.gen, index * rowBytes + 1 + OFFSET_BYTES);
    });
    const dict = new PdfDict({
      Type: new PdfName('XRef'),
      Size: this.#next,
      W: [1, OFFSET_BYTES, 2],
      Index: runs(all).flatMap((run) => [run[0]?.ref.num ?? 0, run.length]),
    }).with(Object.fromEntries(trailer.entries));
    out.text(`${ref.num} ${ref.gen} obj\n`);
    writeObject(out, new PdfStream(dict, { bytes: rows }));
    out.text('\nendobj\n');
    return offset;
  }
}

/** SHA-256 of what an update says; its marked placeholders say nothing yet. `offset` is where it begins in the file. */
function fingerprint(out: PdfOutput, offset: number): Uint8Array {
  const bytes = out.take();
  const state = createHash('sha256');
  let from = 0;
  for (const mark of [...out.marks.values()].sort((a, b) => a.start - b.start)) {
    state.update(bytes.subarray(from, mark.start - offset));
    from = mark.end - offset;
  }
  return state.update(bytes.subarray(from)).digest();
}

function writeTable(
  out: PdfOutput,
  written: readonly WrittenObject[],
  trailer: PdfDict,
  size: number,
): number {
  const offset = out.position;
  out.text('xref\n');
  for (const run of runs(written)) {
    out.text(`${run[0]?.ref.num ?? 0} ${run.length}\n`);
    for (const entry of run) {
      const digits = String(entry.offset);
      if (digits.length > 10) throw new AnThuError('pdf.too-large', { bytes: entry.offset });
      out.text(`${digits.padStart(10, '0')} ${String(entry.ref.gen).padStart(5, '0')} n \n`);
    }
  }
  out.text('trailer\n');
  writeObject(out, new PdfDict({ Size: size }).with(Object.fromEntries(trailer.entries)));
  out.text('\n');
  return offset;
}

/** Splits entries, sorted by number, where numbers are not consecutive. */
function runs(sorted: readonly WrittenObject[]): WrittenObject[][] {
  const groups: WrittenObject[][] = [];
  for (const entry of sorted) {
    const group = groups.at(-1);
    if (group && group.at(-1)?.ref.num === entry.ref.num - 1) group.push(entry);
    else groups.push([entry]);
  }
  return groups;
}
