import { overLimit } from './damage.ts';

/** Consecutive object numbers that one part of a cross-reference section lists. */
export interface NumberRun {
  readonly first: number;
  readonly count: number;
}

/** No writer lists so many numbers twice. */
const maximumOverlapping = 2000;

/** Numbers, the last one excluded, and the run that speaks of them. */
interface Piece<T> {
  readonly first: number;
  readonly end: number;
  readonly run: T;
}

/**
 * A search for the run that holds a number; the first in the file's order where two do. Scattered updates have
 * thousands of runs, and every object of a file is looked up in all of them. Throws `pdf.limit` where many runs overlap.
 */
export function runFinder<T extends NumberRun>(runs: readonly T[]): (num: number) => T | undefined {
  const pieces = piecesOf(runs.filter(({ count }) => count > 0));
  return (num) => {
    let [low, high] = [0, pieces.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const piece = pieces[middle];
      if (!piece) return undefined;
      if (num < piece.first) high = middle - 1;
      else if (num >= piece.end) low = middle + 1;
      else return piece.run;
    }
    return undefined;
  };
}

/** The runs by their numbers, cut where they overlap. */
function piecesOf<T extends NumberRun>(runs: readonly T[]): Piece<T>[] {
  const whole = runs.map((run): Piece<T> => ({ first: run.first, end: run.first + run.count, run }));
  const sorted = whole.toSorted((a, b) => a.first - b.first);
  if (sorted.every(({ first }, index) => first >= (sorted[index - 1]?.end ?? 0))) return sorted;
  if (runs.length > maximumOverlapping) throw overLimit('items', maximumOverlapping);
  return cutPieces(whole);
}

/** Cut at every edge; each piece belongs to the first run that holds it. */
function cutPieces<T>(whole: readonly Piece<T>[]): Piece<T>[] {
  const edges = [...new Set(whole.flatMap(({ first, end }) => [first, end]))].toSorted((a, b) => a - b);
  const places = new Map(edges.map((edge, place) => [edge, place]));
  const taken: Piece<T>[] = [];
  // From each place on, where the next piece is that nobody has taken: runs are not walked over again and again.
  const open = edges.map((_, place) => place);
  const nextOpen = (from: number): number => {
    let place = from;
    for (let next = open[place] ?? place; next !== place; next = open[place] ?? place) {
      open[place] = open[next] ?? next;
      place = next;
    }
    return place;
  };
  for (const { first, end, run } of whole) {
    const last = places.get(end) ?? 0;
    for (let place = nextOpen(places.get(first) ?? 0); place < last; place = nextOpen(place)) {
      taken.push({ first: edges[place] ?? 0, end: edges[place + 1] ?? 0, run });
      open[place] = place + 1;
    }
  }
  return taken.toSorted((a, b) => a.first - b.first);
}
