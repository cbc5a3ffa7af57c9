/** A TrueType table: four letters and its bytes. */
interface Table {
  readonly tag: string;
  readonly bytes: Buffer;
}

/**
 * Gives a TrueType subset that lost it a `cmap`, so that a simple font can use it: by Unicode (3,1) and by Mac codes
 * (1,0), which agree for ASCII. `glyphs` maps codes of 32 to 126 to glyph numbers.
 */
export function withCharacterMap(font: Uint8Array, glyphs: ReadonlyMap<number, number>): Buffer {
  const tables = readTables(Buffer.from(font)).filter(({ tag }) => tag !== 'cmap');
  return writeTables(Buffer.from(font).subarray(0, 4), [
    ...tables,
    { tag: 'cmap', bytes: characterMap(glyphs) },
  ]);
}

function readTables(font: Buffer): Table[] {
  const count = font.readUInt16BE(4);
  return Array.from({ length: count }, (_, index) => {
    const at = 12 + index * 16;
    const offset = font.readUInt32BE(at + 8);
    return {
      tag: font.toString('latin1', at, at + 4),
      bytes: font.subarray(offset, offset + font.readUInt32BE(at + 12)),
    };
  });
}

function writeTables(version: Buffer, tables: readonly Table[]): Buffer {
  const sorted = [...tables].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const power = Math.floor(Math.log2(sorted.length));
  const head = Buffer.alloc(12 + sorted.length * 16);
  version.copy(head);
  head.writeUInt16BE(sorted.length, 4);
  head.writeUInt16BE(16 * 2 ** power, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE(16 * (sorted.length - 2 ** power), 10);
  const parts: Buffer[] = [head];
  let offset = head.length;
  sorted.forEach(({ tag, bytes }, index) => {
    const padded = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
    const at = 12 + index * 16;
    head.write(tag, at, 'latin1');
    head.writeUInt32BE(checksum(padded), at + 4);
    head.writeUInt32BE(offset, at + 8);
    head.writeUInt32BE(bytes.length, at + 12);
    parts.push(padded);
    offset += padded.length;
  });
  return Buffer.concat(parts);
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

function characterMap(glyphs: ReadonlyMap<number, number>): Buffer {
  const unicode = segmentMap(glyphs);
  const mac = Buffer.alloc(262);
  mac.writeUInt16BE(0, 0);
  mac.writeUInt16BE(mac.length, 2);
  for (const [code, glyph] of glyphs) mac.writeUInt8(glyph & 0xff, 6 + code);
  const head = Buffer.alloc(20);
  head.writeUInt16BE(2, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(head.length, 8);
  head.writeUInt16BE(3, 12);
  head.writeUInt16BE(1, 14);
  head.writeUInt32BE(head.length + mac.length, 16);
  return Buffer.concat([head, mac, unicode]);
}

/** Format 4 with one segment a code. */
function segmentMap(glyphs: ReadonlyMap<number, number>): Buffer {
  const codes = [...glyphs.keys()].sort((a, b) => a - b);
  const segments: [number, number][] = [
    ...codes.map((code): [number, number] => [code, ((glyphs.get(code) ?? 0) - code) & 0xffff]),
    [0xffff, 1],
  ];
  const count = segments.length;
  const power = Math.floor(Math.log2(count));
  const bytes = Buffer.alloc(16 + count * 8);
  const header = [4, bytes.length, 0, count * 2, 2 * 2 ** power, power, 2 * (count - 2 ** power)];
  header.forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
  segments.forEach(([code, delta], index) => {
    bytes.writeUInt16BE(code, 14 + index * 2); // end
    bytes.writeUInt16BE(code, 16 + (count + index) * 2); // start
    bytes.writeUInt16BE(delta, 16 + (count * 2 + index) * 2);
  });
  return bytes;
}
