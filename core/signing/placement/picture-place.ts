import { nearbySpots } from './free-spot.ts';
import type { MmBox } from './page-geometry.ts';

/** Largest picture of a leader's signature, millimetres. */
export const leaderPictureMm = { w: 50, h: 26 } as const;

/** An agency's seal across, unless told otherwise. */
export const DIAMETER_MM = 36;

/** Fits a picture into a box: its shape kept, size bounded, centred. */
export function fitCentred(picture: { width: number; height: number }, box: MmBox): MmBox {
  const w = Math.min(box.w, leaderPictureMm.w);
  const h = Math.min(box.h, leaderPictureMm.h);
  const scale = Math.min(w / picture.width, h / picture.height);
  const size = { w: picture.width * scale, h: picture.height * scale };
  return { x: box.x + (box.w - size.w) / 2, y: box.y + (box.h - size.h) / 2, ...size };
}

/**
 * Ô 7c where nothing is known of the page: in the right column, in the lower half, as on most letters of one page
 * (OUR).
 */
export function guessedPlace(size: { width: number; height: number }): MmBox {
  const w = Math.min(50, size.width * 0.4);
  const h = Math.min(24, size.height * 0.12);
  return { x: size.width * 0.72 - w / 2, y: size.height * 0.72, w, h };
}

/** A seal whose right edge reaches a third into the leader's picture from its left, at the picture's height. */
export function sealBeside(leader: MmBox, size: { w: number; h: number }): MmBox {
  return { x: leader.x + leader.w / 3 - size.w, y: leader.y + leader.h / 2 - size.h / 2, ...size };
}

/** A seal is moved by no more than what still covers about a third of the signature. */
export function sealSpots(wanted: MmBox): Generator<MmBox> {
  return nearbySpots(wanted, { x: 2, y: 6 });
}
