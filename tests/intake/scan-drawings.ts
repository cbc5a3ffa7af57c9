import sharp, { type Sharp } from 'sharp';

/** A picture with large areas of colour, as a letterhead has them. */
export function drawing(width: number, height: number): Sharp {
  const svg = `<svg width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fdf6e3"/>
    <rect x="10" y="10" width="${width / 3}" height="${height / 8}" fill="#c01818"/>
    <circle cx="${width * 0.7}" cy="${height * 0.6}" r="${width / 9}" fill="#102080"/></svg>`;
  return sharp(Buffer.from(svg)).flatten({ background: '#ffffff' });
}

export const raw = (width: number, height: number): Promise<Buffer> =>
  drawing(width, height).raw().toBuffer();

/** Puts a JFIF segment with a resolution in front of the others. */
export function withJfif(jpeg: Buffer, dpi: number): Buffer {
  const segment = Buffer.from([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  segment.writeUInt16BE(dpi, 12);
  segment.writeUInt16BE(dpi, 14);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}
