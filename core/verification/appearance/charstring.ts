import { cubic, type Point, type Shape } from './shape.ts';

/** Subroutines that a charstring may call. */
export interface Subroutines {
  readonly local: readonly Uint8Array[];
  readonly global: readonly Uint8Array[];
}

const maximumDepth = 10;
const maximumSteps = 20_000;
/** Operands on the stack (Adobe Technical Note 5177, appendix B). */
const maximumStack = 48;

const bias = ({ length }: readonly Uint8Array[]): number =>
  length < 1240 ? 107 : length < 33_900 ? 1131 : 32_768;

/**
 * What a Type 2 charstring draws, in units of the font. Arithmetic, seac and everything else that no font of our time uses
 * throws RangeError, as damage does: such a glyph is not compared.
 */
export function drawCharstring(program: Uint8Array, subroutines: Subroutines): Shape {
  return new Pen(subroutines).draw(program);
}

class Pen {
  readonly #subroutines: Subroutines;
  readonly #contours: Point[][] = [];
  #at: Point = { x: 0, y: 0 };
  #stack: number[] = [];
  #hints = 0;
  #hasWidth = false;
  #steps = 0;
  #ended = false;

  constructor(subroutines: Subroutines) {
    this.#subroutines = subroutines;
  }

  draw(program: Uint8Array): Shape {
    this.#run(program, 0);
    if (!this.#ended) throw new RangeError('no endchar');
    // One line back and forth draws nothing.
    return this.#contours.filter(({ length }) => length > 2);
  }

  #run(bytes: Uint8Array, depth: number): void {
    if (depth > maximumDepth) throw new RangeError('subroutines');
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < view.length && !this.#ended;) {
      if (++this.#steps > maximumSteps) throw new RangeError('steps');
      const code = view.readUInt8(at++);
      if (code === 28) {
        this.#push(view.readInt16BE(at));
        at += 2;
      } else if (code === 255) {
        this.#push(view.readInt32BE(at) / 65_536);
        at += 4;
      } else if (code >= 247) {
        const second = view.readUInt8(at++);
        this.#push(code <= 250 ? (code - 247) * 256 + second + 108 : -(code - 251) * 256 - second - 108);
      } else if (code >= 32) this.#push(code - 139);
      else if (code === 10 || code === 29) {
        const list = code === 10 ? this.#subroutines.local : this.#subroutines.global;
        const called = list[(this.#stack.pop() ?? Number.NaN) + bias(list)];
        if (!called) throw new RangeError('subroutine');
        this.#run(called, depth + 1);
      } else if (code === 11) return;
      else if (code === 19 || code === 20) {
        this.#countHints();
        at += Math.ceil(this.#hints / 8);
      } else if (code === 12) this.#flex(view.readUInt8(at++));
      else this.#operator(code);
    }
  }

  #push(value: number): void {
    if (this.#stack.push(value) > maximumStack) throw new RangeError('stack');
  }

  /** The operands; the first operator of a glyph may have its width before them. */
  #take(expected: number): number[] {
    const operands = this.#stack;
    this.#stack = [];
    if (!this.#hasWidth) {
      this.#hasWidth = true;
      if (operands.length === expected + 1) operands.shift();
    }
    if (operands.length !== expected) throw new RangeError('operands');
    return operands;
  }

  #countHints(): void {
    if (!this.#hasWidth && this.#stack.length % 2 === 1) this.#stack.shift();
    this.#hasWidth = true;
    if (this.#stack.length % 2 !== 0) throw new RangeError('hints');
    this.#hints += this.#stack.length / 2;
    this.#stack = [];
  }

  #move(x: number, y: number): void {
    this.#at = { x: this.#at.x + x, y: this.#at.y + y };
    this.#contours.push([this.#at]);
  }

  get #contour(): Point[] {
    const last = this.#contours.at(-1);
    if (!last) throw new RangeError('no moveto');
    return last;
  }

  #line(x: number, y: number): void {
    this.#at = { x: this.#at.x + x, y: this.#at.y + y };
    this.#contour.push(this.#at);
  }

  #curve(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): void {
    const from = this.#at;
    const a = { x: from.x + ax, y: from.y + ay };
    const b = { x: a.x + bx, y: a.y + by };
    this.#at = { x: b.x + cx, y: b.y + cy };
    this.#contour.push(...cubic(from, a, b, this.#at));
  }

  #operator(code: number): void {
    switch (code) {
      case 1: case 3: case 18: case 23:
        return this.#countHints();
      case 14:
        this.#take(0);
        this.#ended = true;
        return;
      case 21: {
        const [x = 0, y = 0] = this.#take(2);
        return this.#move(x, y);
      }
      case 22:
        return this.#move(this.#take(1)[0] ?? 0, 0);
      case 4:
        return this.#move(0, this.#take(1)[0] ?? 0);
      default:
        return this.#path(code);
    }
  } // prettier-ignore

  #path(code: number): void {
    const operands = this.#stack;
    this.#stack = [];
    let index = 0;
    const left = (): number => operands.length - index;
    const next = (): number => operands[index++] ?? Number.NaN;
    switch (code) {
      case 5:
        while (left() >= 2) this.#line(next(), next());
        break;
      case 6: case 7:
        for (let across = code === 6; left() > 0; across = !across)
          if (across) this.#line(next(), 0);
          else this.#line(0, next());
        break;
      case 8: case 24:
        while (left() >= 6) this.#curve(next(), next(), next(), next(), next(), next());
        if (code === 24) this.#line(next(), next());
        break;
      case 25:
        while (left() >= 8) this.#line(next(), next());
        this.#curve(next(), next(), next(), next(), next(), next());
        break;
      case 26:
        for (let first = left() % 4 === 1 ? next() : 0; left() >= 4; first = 0)
          this.#curve(first, next(), next(), next(), 0, next());
        break;
      case 27:
        for (let first = left() % 4 === 1 ? next() : 0; left() >= 4; first = 0)
          this.#curve(next(), first, next(), next(), next(), 0);
        break;
      case 30: case 31:
        for (let across = code === 31; left() >= 4; across = !across) {
          const [a, b, c, d] = [next(), next(), next(), next()];
          const last = left() === 1 ? next() : 0;
          if (across) this.#curve(a, 0, b, c, last, d);
          else this.#curve(0, a, b, c, d, last);
        }
        break;
      default:
        throw new RangeError('operator');
    }
    if (left() !== 0 || !Number.isFinite(this.#at.x + this.#at.y)) throw new RangeError('operands');
  } // prettier-ignore

  #flex(code: number): void {
    const operands = this.#stack;
    this.#stack = [];
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0] = operands;
    const wanted = new Map([[34, 7], [35, 13], [36, 9], [37, 11]]).get(code);
    if (wanted === undefined || operands.length !== wanted) throw new RangeError('operator');
    if (code === 34) {
      this.#curve(a, 0, b, c, d, 0);
      this.#curve(e, 0, f, -c, g, 0);
    } else if (code === 35) {
      this.#curve(a, b, c, d, e, f);
      this.#curve(g, h, i, j, k, l);
    } else if (code === 36) {
      this.#curve(a, b, c, d, e, 0);
      this.#curve(f, 0, g, h, i, -(b + d + h));
    } else {
      const [x, y] = [a + c + e + g + i, b + d + f + h + j];
      this.#curve(a, b, c, d, e, f);
      if (Math.abs(x) > Math.abs(y)) this.#curve(g, h, i, j, k, -y);
      else this.#curve(g, h, i, j, -x, k);
    }
  } // prettier-ignore
}
