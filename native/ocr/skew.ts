/** A picture of one byte a pixel, 0 black to 255 white. */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Skews beyond this are not looked for, in degrees. */
const maximumSkew = 3;

/**
 * Angle of the text lines in degrees, clockwise positive, found where the row profile of dark pixels is
 * sharpest. Give a small picture (some 600 pixels wide). 0 when the page has too little text to tell.
 */
export function estimateSkew(picture: GreyPicture): number {
  const points = darkPoints(picture);
  if (points.length < 400) return 0;
  const coarse = bestAngle(points, picture, -maximumSkew, maximumSkew, 0.25);
  return bestAngle(points, picture, coarse - 0.25, coarse + 0.25, 0.05);
}

/** x and y of dark pixels, one after the other. */
function darkPoints({ width, height, data }: GreyPicture): number[] {
  let sum = 0;
  for (const value of data) sum += value;
  const threshold = (sum / data.length) * 0.7;
  const points: number[] = [];
  const margin = Math.round(width * 0.03);
  for (let y = 0; y < height; y++) {
    for (let x = margin; x < width - margin; x++) {
      if (data[y * width + x]! < threshold) points.push(x, y);
    }
  }
  return points;
}

function bestAngle(
  points: readonly number[],
  { width, height }: GreyPicture,
  from: number,
  to: number,
  step: number,
) {
  let best = 0;
  let bestScore = -1;
  for (let angle = from; angle <= to + 1e-9; angle += step) {
    const score = sharpness(points, width, height, angle);
    if (score > bestScore) {
      bestScore = score;
      best = angle;
    }
  }
  return Math.round(best * 100) / 100;
}

/** Sum of squares of the row profile when the page is turned back by `angle`. */
function sharpness(points: readonly number[], width: number, height: number, angle: number): number {
  const slope = Math.tan((angle * Math.PI) / 180);
  const shift = Math.ceil(Math.abs(slope) * width) + 1;
  const rows = new Float64Array(height + 2 * shift + 2);
  for (let i = 0; i < points.length; i += 2) {
    const y = points[i + 1]! - points[i]! * slope + shift;
    const row = Math.floor(y);
    const part = y - row;
    rows[row]! += 1 - part;
    rows[row + 1]! += part;
  }
  let score = 0;
  for (const row of rows) score += row * row;
  return score;
}
