import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipLies {
  /** Name in the local header, when it differs. */
  readonly localName?: string;
  /** Size that the directory announces. */
  readonly announcedSize?: number;
  readonly flags?: number;
  readonly unixMode?: number;
  readonly entries?: number;
}

/** A zip file with one entry, as Java's and .NET's writers make it, or with the given lies. */
export function makeZip(name: string, data: Buffer, lies: ZipLies = {}): Buffer {
  const packed = deflateRawSync(data);
  const size = lies.announcedSize ?? data.length;
  const localName = Buffer.from(lies.localName ?? name);
  const centralName = Buffer.from(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(lies.flags ?? 0x0800, 6);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(crc32(data), 14);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(size, 22);
  local.writeUInt16LE(localName.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(0x0314, 4);
  central.writeUInt16LE(20, 6);
  central.writeUInt16LE(lies.flags ?? 0x0800, 8);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(crc32(data), 16);
  central.writeUInt32LE(packed.length, 20);
  central.writeUInt32LE(size, 24);
  central.writeUInt16LE(centralName.length, 28);
  central.writeUInt32LE(((lies.unixMode ?? 0o100644) << 16) >>> 0, 38);
  const body = Buffer.concat([local, localName, packed]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(lies.entries ?? 1, 8);
  end.writeUInt16LE(lies.entries ?? 1, 10);
  end.writeUInt32LE(central.length + centralName.length, 12);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, central, centralName, end]);
}
