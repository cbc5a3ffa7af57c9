/** A place in thousandths of the em. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a glyph draws: closed contours, their curves taken apart into short lines. */
export type Shape = readonly (readonly Point[])[];

/** Lines that a curve is taken apart into: within half a thousandth of an em for any letter. */
const steps = 16;

/** Points of a quadratic curve behind its first one. */
export function* quadratic(a: Point, b: Point, c: Point): Generator<Point> {
  for (let step = 1; step <= steps; step++) {
    const t = step / steps;
    const [p, q, r] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    yield { x: p * a.x + q * b.x + r * c.x, y: p * a.y + q * b.y + r * c.y };
  }
}

/** Points of a cubic curve behind its first one. */
export function* cubic(a: Point, b: Point, c: Point, d: Point): Generator<Point> {
  for (let step = 1; step <= steps; step++) {
    const t = step / steps;
    const [p, q, r, s] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
    yield { x: p * a.x + q * b.x + r * c.x + s * d.x, y: p * a.y + q * b.y + r * c.y + s * d.y };
  }
}

/** Two drawings of one letter may differ so much: what rounding takes when a font is written in another format. */
const tolerance = 2;
const maximumPoints = 6000;

interface Bounds {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

function boundsOf(contour: readonly Point[]): Bounds {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of contour) {
    left = Math.min(left, x);
    bottom = Math.min(bottom, y);
    right = Math.max(right, x);
    top = Math.max(top, y);
  }
  return { left, bottom, right, top };
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= tolerance;

function sameBounds(a: Bounds, b: Bounds): boolean {
  return near(a.left, b.left) && near(a.bottom, b.bottom) && near(a.right, b.right) && near(a.top, b.top);
}

/** Twice the area within a contour, positive when it runs counter-clockwise. */
function turning(contour: readonly Point[]): number {
  let sum = 0;
  contour.forEach((point, index) => {
    const next = contour[(index + 1) % contour.length] ?? point;
    sum += point.x * next.y - next.x * point.y;
  });
  return sum;
}

function distanceToLine(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / length;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}

function liesOn(point: Point, contour: readonly Point[]): boolean {
  return contour.some(
    (from, index) => distanceToLine(point, from, contour[(index + 1) % contour.length] ?? from) <= tolerance,
  );
}

function sameContour(a: readonly Point[], b: readonly Point[]): boolean {
  return a.every((point) => liesOn(point, b)) && b.every((point) => liesOn(point, a));
}

/**
 * Whether two glyphs draw the same, whatever format each is written in: as many contours, each within a hair of its
 * counterpart, and those that run the other way round (holes) the same ones.
 */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  const count = (shape: Shape): number => shape.reduce((sum, { length }) => sum + length, 0);
  if (count(a) > maximumPoints || count(b) > maximumPoints) return false;
  const left = b.map((contour) => ({ contour, bounds: boundsOf(contour), taken: false }));
  let direction: number | undefined;
  for (const contour of a) {
    const bounds = boundsOf(contour);
    const match = left.find(
      (other) => !other.taken && sameBounds(bounds, other.bounds) && sameContour(contour, other.contour),
    );
    if (!match) return false;
    match.taken = true;
    // TrueType and CFF turn the other way round from each other, but all contours of a glyph alike.
    const relation = Math.sign(turning(contour)) * Math.sign(turning(match.contour));
    direction ??= relation;
    if (relation !== direction) return false;
  }
  return true;
}
