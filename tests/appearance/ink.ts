import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import type { MmBox } from '../../core/signing/placement/page-geometry.ts';

const DPI = 100;

/** A page as poppler draws it, with what stands on it in millimetres from the top left. */
export interface DrawnPage {
  /** The smallest box around all pixels of a colour; undefined when there are none. */
  box(colour: Ink): MmBox | undefined;
  /** Share of a box's pixels that have the colour. */
  share(colour: Ink, box: MmBox): number;
}

export type Ink = 'red' | 'blue' | 'black';

const isInk: Record<Ink, (r: number, g: number, b: number) => boolean> = {
  red: (r, g, b) => r > 130 && r > g + 60 && r > b + 60,
  blue: (r, g, b) => b > 110 && b > r + 50 && b > g + 25,
  black: (r, g, b) => Math.max(r, g, b) < 110 && Math.max(r, g, b) - Math.min(r, g, b) < 40,
};

/** Renders one page (from 1) with pdftoppm. */
export function drawnPage(path: string, page = 1): DrawnPage {
  const stem = `${path}.${page}`;
  execFileSync('pdftoppm', ['-r', String(DPI), '-cropbox', '-singlefile', '-f', String(page), path, stem]);
  const file = readFileSync(`${stem}.ppm`);
  rmSync(`${stem}.ppm`);
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(file.subarray(0, 40).toString('latin1'));
  const [width, height] = [Number(head?.[1]), Number(head?.[2])];
  const data = file.subarray(file.length - width * height * 3);
  const mm = 25.4 / DPI;
  const has = (colour: Ink, x: number, y: number): boolean => {
    const at = (y * width + x) * 3;
    return isInk[colour](data[at] ?? 255, data[at + 1] ?? 255, data[at + 2] ?? 255);
  };
  return {
    box: (colour) => {
      const box = { x0: Infinity, y0: Infinity, x1: -1, y1: -1 };
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          if (has(colour, x, y)) {
            box.x0 = Math.min(box.x0, x);
            box.y0 = Math.min(box.y0, y);
            box.x1 = Math.max(box.x1, x + 1);
            box.y1 = y + 1;
          }
      if (box.x1 < 0) return undefined;
      return { x: box.x0 * mm, y: box.y0 * mm, w: (box.x1 - box.x0) * mm, h: (box.y1 - box.y0) * mm };
    },
    share: (colour, box) => {
      let [inked, all] = [0, 0];
      for (let y = Math.round(box.y / mm); y < Math.round((box.y + box.h) / mm); y++)
        for (let x = Math.round(box.x / mm); x < Math.round((box.x + box.w) / mm); x++) {
          all++;
          if (has(colour, x, y)) inked++;
        }
      return all === 0 ? 0 : inked / all;
    },
  };
}
