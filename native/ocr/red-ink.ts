/** A rectangle of a picture in pixels; x1 and y1 are just outside. */
export interface Region {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** What the red ink of a head looks like. */
export interface RedInk {
  readonly width: number;
  readonly height: number;
  /** 1 where the ink is red. */
  readonly mask: Uint8Array;
}

/** One mark of red ink, with its frame taken out when it has one. */
export interface RedMark {
  readonly region: Region;
  readonly framed: boolean;
  /** One byte a pixel, 0 ink, 255 paper, with a white rim of `rim` pixels around the region. */
  readonly picture: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly rim: number;
}

/** Finds red ink: red clearly above green and blue. Bright and faded stamp inks pass, brown paper does not. */
export function redInk(rgb: Uint8Array, width: number, height: number): RedInk {
  const mask = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < mask.length; i++, at += 3) {
    const r = rgb[at]!;
    const g = rgb[at + 1]!;
    const b = rgb[at + 2]!;
    if (r > 90 && r - g > 38 && r - b > 26 && r - g > (r - b) * 0.55) mask[i] = 1;
  }
  return { width, height, mask };
}

interface Component extends Region {
  readonly count: number;
  readonly label: number;
}

/** Connected patches of set pixels (8 neighbours) with at least `least` pixels, and the label of each pixel. */
function components(
  mask: Uint8Array,
  width: number,
  height: number,
  least: number,
): { found: Component[]; labels: Int32Array } {
  const labels = new Int32Array(mask.length);
  const found: Component[] = [];
  const stack: number[] = [];
  let label = 0;
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) continue;
    label++;
    labels[start] = label;
    stack.push(start);
    let count = 0;
    let x0 = width;
    let y0 = height;
    let x1 = 0;
    let y1 = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const x = at % width;
      const y = (at - x) / width;
      count++;
      if (x < x0) x0 = x;
      if (x >= x1) x1 = x + 1;
      if (y < y0) y0 = y;
      if (y >= y1) y1 = y + 1;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (mask[next] === 1 && labels[next] === 0) {
            labels[next] = label;
            stack.push(next);
          }
        }
      }
    }
    if (count >= least) found.push({ x0, y0, x1, y1, count, label });
  }
  return { found, labels };
}

/** Clusters of red ink that could be words (letters at least 1.5 mm, gaps up to 4 mm), from the top down. */
export function redMarks(ink: RedInk, dpi: number): RedMark[] {
  const mm = dpi / 25.4;
  const { found, labels } = components(ink.mask, ink.width, ink.height, Math.max(6, (0.25 * mm) ** 2));
  const clusters = cluster(found, 4 * mm, 2 * mm);
  const marks: RedMark[] = [];
  for (const parts of clusters) {
    const region = around(parts);
    const width = region.x1 - region.x0;
    const height = region.y1 - region.y0;
    if (width < 6 * mm || height < 2 * mm) continue;
    const frames = parts.filter((part) => isFrame(part, mm));
    const kept = parts.filter((part) => !frames.includes(part));
    const fused = frames.length === 0 && parts.some((part) => isFusedFrame(part, region, mm));
    const mark = cutOut(ink, labels, kept, region, frames.length > 0 || fused, Math.round(2.5 * mm));
    if (fused) clearEdges(mark, Math.round(1.1 * mm));
    marks.push(mark);
  }
  return marks.toSorted((a, b) => a.region.y0 - b.region.y0);
}

/** A frame is large and hollow: little ink for the box it spans. A long thin line counts too. */
function isFrame(part: Component, mm: number): boolean {
  const width = part.x1 - part.x0;
  const height = part.y1 - part.y0;
  if (width > 8 * mm && height < 1.6 * mm) return true;
  return width > 9 * mm && height > 4 * mm && part.count < width * height * 0.3;
}

/** A frame that letters touch is one patch with them: it spans the whole mark and is still rather hollow. */
function isFusedFrame(part: Component, region: Region, mm: number): boolean {
  const width = part.x1 - part.x0;
  const height = part.y1 - part.y0;
  return (
    width > 9 * mm &&
    height > 4 * mm &&
    width > 0.9 * (region.x1 - region.x0) &&
    height > 0.9 * (region.y1 - region.y0) &&
    part.count < width * height * 0.6
  );
}

/** Wipes the outermost `edge` pixels of a mark, where its frame runs. */
function clearEdges(mark: RedMark, edge: number): void {
  const inset = mark.rim + edge;
  for (let y = 0; y < mark.height; y++) {
    for (let x = 0; x < mark.width; x++) {
      const inside = x >= inset && x < mark.width - inset && y >= inset && y < mark.height - inset;
      if (!inside) mark.picture[y * mark.width + x] = 255;
    }
  }
}

function around(parts: readonly Region[]): Region {
  return {
    x0: Math.min(...parts.map((part) => part.x0)),
    y0: Math.min(...parts.map((part) => part.y0)),
    x1: Math.max(...parts.map((part) => part.x1)),
    y1: Math.max(...parts.map((part) => part.y1)),
  };
}

/** Groups patches whose boxes come nearer than the gaps (in pixels). */
function cluster(parts: readonly Component[], gapX: number, gapY: number): Component[][] {
  let groups: { region: Region; parts: Component[] }[] = [];
  for (const part of parts) {
    const near = groups.filter(
      ({ region }) =>
        part.x0 - region.x1 < gapX &&
        region.x0 - part.x1 < gapX &&
        part.y0 - region.y1 < gapY &&
        region.y0 - part.y1 < gapY,
    );
    const merged = [part, ...near.flatMap((group) => group.parts)];
    groups = groups.filter((group) => !near.includes(group));
    groups.push({ region: around(merged), parts: merged });
  }
  return groups.map((group) => group.parts);
}

function cutOut(
  ink: RedInk,
  labels: Int32Array,
  parts: readonly Component[],
  region: Region,
  framed: boolean,
  rim: number,
): RedMark {
  const width = region.x1 - region.x0 + 2 * rim;
  const height = region.y1 - region.y0 + 2 * rim;
  const picture = new Uint8Array(width * height).fill(255);
  const kept = new Set(parts.map((part) => part.label));
  for (let y = region.y0; y < region.y1; y++) {
    for (let x = region.x0; x < region.x1; x++) {
      const label = labels[y * ink.width + x]!;
      if (label !== 0 && kept.has(label)) picture[(y - region.y0 + rim) * width + (x - region.x0 + rim)] = 0;
    }
  }
  return { region, framed, picture, width, height, rim };
}
