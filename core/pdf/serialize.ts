import { isRegular } from './characters.ts';
import { PdfDict, PdfName, PdfRef, PdfStream, PdfString, type PdfObject, type PdfRaw } from './objects.ts';

/** Most updates without their signature are no longer. */
const SPARE_BYTES = 4096;

/** Bytes under construction, with the places of marked pieces. */
export class PdfOutput {
  readonly marks = new Map<string, { start: number; end: number }>();
  readonly #offset: number;
  #bytes = Buffer.allocUnsafeSlow(SPARE_BYTES);
  #used = 0;

  /** `offset` is where the first byte will stand in the file. */
  constructor(offset: number) {
    this.#offset = offset;
  }

  /** Offset in the file of the next byte. */
  get position(): number {
    return this.#offset + this.#used;
  }

  text(text: string): this {
    this.#makeRoom(text.length);
    this.#used += this.#bytes.write(text, this.#used, 'latin1');
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
    return this;
  }

  marked(raw: PdfRaw): this {
    const start = this.position;
    this.bytes(raw.bytes);
    this.marks.set(raw.mark, { start, end: this.position });
    return this;
  }

  /** What was written so far; what follows is written behind it. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.#used);
  }

  #makeRoom(length: number): void {
    const wanted = this.#used + length;
    if (wanted <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted + SPARE_BYTES, 2 * this.#bytes.length));
    larger.set(this.take());
    this.#bytes = larger;
  }
}

/** Writes one object in PDF syntax. */
export function writeObject(out: PdfOutput, object: PdfObject): void {
  if (object === null) out.text('null');
  else if (typeof object === 'boolean') out.text(String(object));
  else if (typeof object === 'number') out.text(numberText(object));
  else if (Array.isArray(object)) writeArray(out, object);
  else if (object instanceof PdfName) out.text(nameText(object.value));
  else if (object instanceof PdfString) out.bytes(stringBytes(object));
  else if (object instanceof PdfRef) out.text(`${object.num} ${object.gen} R`);
  else if (object instanceof PdfDict) writeDict(out, object);
  else if (object instanceof PdfStream) writeStream(out, object);
  else out.marked(object);
}

function writeArray(out: PdfOutput, items: readonly PdfObject[]): void {
  out.text('[');
  items.forEach((item, index) => {
    if (index > 0) out.text(' ');
    writeObject(out, item);
  });
  out.text(']');
}

function writeDict(out: PdfOutput, dict: PdfDict): void {
  out.text('<<');
  for (const [key, value] of dict.entries) {
    out.text(`${nameText(key)} `);
    writeObject(out, value);
    out.text('\n');
  }
  out.text('>>');
}

function writeStream(out: PdfOutput, stream: PdfStream): void {
  if (!('bytes' in stream.data)) throw new Error('a stream of the file is never written again');
  writeDict(out, stream.dict.with({ Length: stream.data.bytes.length }));
  out.text('\nstream\n').bytes(stream.data.bytes).text('\nendstream');
}

/** A number without exponent, as PDF wants it. */
export function numberText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  const text = String(value);
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}

function nameText(value: string): string {
  let text = '/';
  for (const character of value) {
    const byte = character.charCodeAt(0);
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x23 && isRegular(byte);
    text += plain ? character : `#${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}

function stringBytes({ bytes, notation }: PdfString): Uint8Array {
  if (notation === 'hex') return Buffer.from(`<${Buffer.from(bytes).toString('hex')}>`, 'latin1');
  const escaped = Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\\()]/g, '\\$&')
    .replace(/\r/g, '\\r');
  return Buffer.from(`(${escaped})`, 'latin1');
}
