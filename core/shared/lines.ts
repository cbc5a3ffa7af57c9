/**
 * Cuts text that comes in pieces into lines, at `\n` alone. Node's readline also cuts at U+2028 and U+2029, which stand in JSON
 * text as they are, and throws what breaks its stream at the whole program.
 */
export class LineCutter {
  #rest = '';

  /** What has come of a line that has not ended. */
  get rest(): string {
    return this.#rest;
  }

  /** The lines that end in this piece, without their ends. */
  take(piece: string): string[] {
    const lines = piece.split('\n');
    lines[0] = this.#rest + (lines[0] ?? '');
    this.#rest = lines.pop() ?? '';
    return lines;
  }
}
