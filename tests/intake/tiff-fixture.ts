/** One page for {@link tiffOf}: tags as [tag, type, values] (3 SHORT, 4 LONG, 5 RATIONAL as pairs, 7 bytes) and its strips. */
export interface TiffFixturePage {
  readonly tags: readonly (readonly [tag: number, type: 3 | 4 | 5 | 7, values: readonly number[]])[];
  readonly strips: readonly Buffer[];
}

const SIZES = { 3: 2, 4: 4, 5: 4, 7: 1 } as const;

/** Writes a TIFF of several pages the plain way, in either byte order, so that tests do not lean on a TIFF library. */
export function tiffOf(pages: readonly TiffFixturePage[], order: 'II' | 'MM' = 'II'): Buffer {
  const put = (size: number, value: number): Buffer => {
    const bytes = Buffer.alloc(size);
    if (order === 'II') bytes.writeUIntLE(value, 0, size);
    else bytes.writeUIntBE(value, 0, size);
    return bytes;
  };
  const parts: Buffer[] = [Buffer.from(order), put(2, 42)];
  let position = 8;
  const bodies: Buffer[] = [];
  const add = (bytes: Buffer): number => {
    const at = position;
    const padded = bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes;
    bodies.push(padded);
    position += padded.length;
    return at;
  };
  const directories = pages.map(({ tags, strips }) => {
    const offsets = strips.map((strip) => add(strip));
    const all = [
      ...tags,
      [273, 4, offsets] as const,
      [279, 4, strips.map((strip) => strip.length)] as const,
    ].sort((a, b) => a[0] - b[0]);
    return all.map(([tag, type, values]) => {
      const raw = Buffer.concat(values.map((value) => put(SIZES[type], value)));
      const count = type === 5 ? values.length / 2 : values.length;
      const value = raw.length <= 4 ? Buffer.concat([raw, Buffer.alloc(4 - raw.length)]) : put(4, add(raw));
      return Buffer.concat([put(2, tag), put(2, type), put(4, count), value]);
    });
  });
  const starts: number[] = [];
  let at = position;
  for (const entries of directories) {
    starts.push(at);
    at += 2 + entries.length * 12 + 4;
  }
  parts.push(put(4, starts[0] ?? 0), ...bodies);
  directories.forEach((entries, index) => {
    parts.push(put(2, entries.length), ...entries, put(4, starts[index + 1] ?? 0));
  });
  return Buffer.concat(parts);
}

/** The tags every page needs. */
export function pageTags(options: {
  readonly width: number;
  readonly height: number;
  readonly bits: readonly number[];
  readonly compression: number;
  readonly photometric: number;
  readonly dpi?: number;
}): TiffFixturePage['tags'] {
  const { width, height, bits, compression, photometric, dpi } = options;
  return [
    [256, 4, [width]],
    [257, 4, [height]],
    [258, 3, bits],
    [259, 3, [compression]],
    [262, 3, [photometric]],
    [277, 3, [bits.length]],
    [278, 4, [height]],
    ...(dpi === undefined
      ? []
      : ([
          [282, 5, [dpi, 1]],
          [283, 5, [dpi, 1]],
          [296, 3, [2]],
        ] as const)),
  ];
}
