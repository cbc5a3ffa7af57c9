/** Pixels per inch across and down. */
export interface Dpi {
  readonly x: number;
  readonly y: number;
}

/** The scale a picture is put on the page with, and on what ground when the file does not tell. */
export interface PageScale {
  readonly dpi: Dpi;
  /** `file`: as the file says; `a4`: inferred from the shape of the paper; `default`: nothing to go by. */
  readonly basis: 'file' | 'a4' | 'default';
}

const DEFAULT_DPI = 200;

const A4_MM = { short: 210, long: 297 };
const SHAPE_TOLERANCE = 0.03;
const COMMON_DPI = [100, 150, 200, 240, 300, 400, 600, 1200];
/** A page longer than this (A1) is taken for a wrong resolution when its shape is that of A4. */
const IMPLAUSIBLE_MM = 841;

/**
 * The true scale (100 %, domain/vietnam.md §1.3) of a picture. What the file says counts, unless it is nothing
 * or nonsense: programs write 72 or 96 when they do not know, which would make a letter a poster. Then a picture
 * of A4's shape is taken to be A4; else `defaultDpi` is used.
 */
export function pageScale(options: {
  readonly width: number;
  readonly height: number;
  readonly stated: Dpi | undefined;
  readonly defaultDpi?: number;
}): PageScale {
  const { width, height, stated } = options;
  const a4 = a4Dpi(width, height);
  if (stated && isUsable(stated)) {
    const longest = Math.max((width / stated.x) * 25.4, (height / stated.y) * 25.4);
    if (!a4 || longest <= IMPLAUSIBLE_MM) return { dpi: stated, basis: 'file' };
  }
  if (a4) return { dpi: { x: a4, y: a4 }, basis: 'a4' };
  const dpi = options.defaultDpi ?? DEFAULT_DPI;
  return { dpi: { x: dpi, y: dpi }, basis: 'default' };
}

function isUsable({ x, y }: Dpi): boolean {
  return [x, y].every((value) => Number.isFinite(value) && value >= 20 && value <= 10_000);
}

function a4Dpi(width: number, height: number): number | undefined {
  const short = Math.min(width, height);
  const shape = Math.max(width, height) / short / (A4_MM.long / A4_MM.short);
  if (Math.abs(shape - 1) > SHAPE_TOLERANCE) return undefined;
  const dpi = short / (A4_MM.short / 25.4);
  const common = COMMON_DPI.find((value) => Math.abs(dpi / value - 1) <= SHAPE_TOLERANCE);
  return common ?? Math.round(dpi);
}
