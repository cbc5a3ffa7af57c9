/** Simple TLV of PIV objects: tags of one to three bytes, definite lengths. */
export function tlv(tag: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(tag, 'hex'), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x100) return Buffer.of(0x81, length);
  return Buffer.of(0x82, length >> 8, length & 0xff);
}

/** The values inside a template of one-byte tags, by tag. Throws RangeError on what is cut short. */
export function parseTemplate(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    const tag = bytes.readUInt8(at);
    const first = bytes.readUInt8(at + 1);
    const extra = first > 0x80 ? first - 0x80 : 0;
    const length = extra > 0 ? bytes.readUIntBE(at + 2, extra) : first;
    const start = at + 2 + extra;
    if (start + length > bytes.length) throw new RangeError('template is cut short');
    found.set(tag, bytes.subarray(start, start + length));
    at = start + length;
  }
  return found;
}
