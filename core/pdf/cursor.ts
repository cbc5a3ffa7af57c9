import type { ByteSource } from './byte-source.ts';
import { code, isRegular, isWhitespace, regular } from './characters.ts';
import { damaged } from './damage.ts';
import { latin1 } from './known-names.ts';

const NOTHING = new Uint8Array();

/**
 * A place in a source, with the stretch of memory around it. Every token begins with a fresh look at the source (`skipSpace`), for
 * others read from it in between and its memory may hold something else by then.
 */
export class Cursor {
  position: number;
  /** What was last looked at, and where in the source it begins. */
  bytes: Uint8Array = NOTHING;
  start = 0;
  readonly source: ByteSource;

  constructor(source: ByteSource, position: number) {
    this.source = source;
    this.position = position;
  }

  /** Skips white space and comments. */
  skipSpace(): void {
    this.#look(this.position);
    for (;;) {
      const byte = this.byteAt(this.position);
      if (isWhitespace(byte)) this.position++;
      else if (byte === code.percent) this.#skipLine();
      else return;
    }
  }

  /** The byte at an offset, or -1 outside. */
  byteAt(offset: number): number {
    const index = offset - this.start;
    if (index >= 0 && index < this.bytes.length) return this.bytes[index] ?? -1;
    this.#look(offset);
    return this.bytes[offset - this.start] ?? -1;
  }

  /** Brings what stands at the cursor to hand and gives its index in `bytes`. */
  atHand(): number {
    this.byteAt(this.position);
    return this.position - this.start;
  }

  /** Where in `bytes` the run of regular characters from `index` ends; -1 when it may go on behind them. */
  endOfRun(index: number): number {
    const { bytes } = this;
    let end = index;
    while (end < bytes.length && regular[bytes[end] ?? 0] === 1) end++;
    return end < bytes.length ? end : -1;
  }

  /** The regular characters at the cursor. Throws `pdf.damaged` for more than `max`. */
  regularRun(max: number): string {
    const index = this.atHand();
    const end = this.endOfRun(index);
    if (end >= 0 && end - index <= max) {
      this.position += end - index;
      return latin1(this.bytes, index, end);
    }
    let text = '';
    for (;;) {
      const byte = this.byteAt(this.position);
      if (!isRegular(byte)) return text;
      if (text.length >= max) throw damaged('object-syntax', this.position);
      text += String.fromCharCode(byte);
      this.position++;
    }
  }

  /** Whether `text` stands at the cursor. */
  stands(text: string): boolean {
    for (let index = 0; index < text.length; index++)
      if (this.byteAt(this.position + index) !== text.charCodeAt(index)) return false;
    return true;
  }

  #look(offset: number): void {
    const { start, bytes } = this.source.windowAt(offset);
    this.start = start;
    this.bytes = bytes;
  }

  #skipLine(): void {
    for (;;) {
      const byte = this.byteAt(this.position);
      if (byte < 0 || byte === code.lf || byte === code.cr) return;
      this.position++;
    }
  }
}
