// Draws resources/icons/icon.{png,ico,icns} from icon.svg. Run by hand when the drawing changes; the results are committed.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'resources', 'icons');
const svg = await readFile(join(folder, 'icon.svg'));

const draw = (size) =>
  sharp(svg, { density: (72 * size) / 512 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer();

/** Windows icon: a directory of 16 bytes an entry, then the PNGs. */
async function windowsIcon(sizes) {
  const images = await Promise.all(sizes.map(draw));
  const header = Buffer.alloc(6 + 16 * sizes.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(sizes.length, 4);
  let offset = header.length;
  for (const [index, image] of images.entries()) {
    const entry = 6 + 16 * index;
    header.writeUInt8(sizes[index] % 256, entry);
    header.writeUInt8(sizes[index] % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(image.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += image.length;
  }
  return Buffer.concat([header, ...images]);
}

/** macOS icon: chunks of a four-letter type and a length, each holding a PNG. */
async function macIcon(types) {
  const chunks = await Promise.all(
    Object.entries(types).map(async ([type, size]) => {
      const image = await draw(size);
      const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
      head.writeUInt32BE(image.length + 8, 4);
      return Buffer.concat([head, image]);
    }),
  );
  const body = Buffer.concat(chunks);
  const head = Buffer.from('icns\0\0\0\0', 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

await writeFile(join(folder, 'icon.png'), await draw(512));
await writeFile(join(folder, 'icon.ico'), await windowsIcon([16, 24, 32, 48, 64, 128, 256]));
await writeFile(join(folder, 'icon.icns'), await macIcon({ ic07: 128, ic08: 256, ic09: 512, ic10: 1024 }));
